"""The server's key for Web Push: made once, kept to itself, and right when it is given."""

import stat
import time
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hyred_chat.push.vapid import FILE_NAME, VapidKey, from_base64url, load_or_make, new_private_key

SUBJECT = "mailto:ops@mail.example"


def test_the_key_of_a_directory_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    made = load_or_make(tmp_path / "data")
    assert load_or_make(tmp_path / "data") == made
    assert [path.name for path in (tmp_path / "data").iterdir()] == [FILE_NAME]
    assert stat.S_IMODE((tmp_path / "data" / FILE_NAME).stat().st_mode) == 0o600


def test_the_header_is_signed_for_the_service_and_names_the_key() -> None:
    key = VapidKey(new_private_key(), SUBJECT)
    header = key.authorization("https://push.example")
    token, public = header.removeprefix("vapid t=").split(", k=")
    assert public == key.public_key
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(public))
    claims = jwt.decode(token, point, ["ES256"], audience="https://push.example")
    assert claims["sub"] == SUBJECT
    assert 0 < claims["exp"] - time.time() <= 24 * 3600


def test_a_header_is_signed_once_for_many_pushes_and_apart_for_each_service() -> None:
    key = VapidKey(new_private_key(), SUBJECT)
    assert key.authorization("https://one.example") == key.authorization("https://one.example")
    assert key.authorization("https://one.example") != key.authorization("https://two.example")


@pytest.mark.parametrize("text", ["", "short", "A" * 44, "not base64!"])
def test_what_is_no_private_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"32 bytes|curve|base64"):
        VapidKey(text, SUBJECT)
