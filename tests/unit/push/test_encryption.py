"""RFC 8291's own example, and what a browser makes of the rest."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hyred_chat.push.encryption import MAX_PLAINTEXT_BYTES, encrypt
from hyred_chat.push.vapid import from_base64url, to_base64url
from tests.providers.web_push import Browser, decrypt

# RFC 8291, appendix A.
PLAINTEXT = b"When I grow up, I want to be a watermelon"
SENDER_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def key_of(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_base64url(text)), ec.SECP256R1())


def test_the_example_of_the_rfc_comes_out_as_in_the_rfc() -> None:
    body = encrypt(
        PLAINTEXT,
        receiver_key=from_base64url(RECEIVER_PUBLIC),
        secret=from_base64url(SECRET),
        sender=key_of(SENDER_PRIVATE),
        salt=from_base64url(SALT),
    )
    assert to_base64url(body) == BODY


def test_the_browser_of_the_tests_reads_the_example_of_the_rfc() -> None:
    assert decrypt(from_base64url(BODY), key_of(RECEIVER_PRIVATE), from_base64url(SECRET)) == PLAINTEXT


def test_no_two_pushes_of_the_same_text_look_alike_and_both_can_be_read() -> None:
    browser = Browser("https://push.example/1", "")
    keys = browser.subscription()["keys"]
    receiver_key, secret = from_base64url(keys["p256dh"]), from_base64url(keys["auth"])
    first, second = (encrypt(b"Hello", receiver_key=receiver_key, secret=secret) for _ in range(2))
    assert first != second
    assert browser.decrypt(first) == browser.decrypt(second) == b"Hello"


def test_the_longest_push_fits_into_what_services_take() -> None:
    receiver_key, secret = from_base64url(RECEIVER_PUBLIC), from_base64url(SECRET)
    assert len(encrypt(os.urandom(MAX_PLAINTEXT_BYTES), receiver_key=receiver_key, secret=secret)) == 4096
    with pytest.raises(ValueError, match="too long"):
        encrypt(bytes(MAX_PLAINTEXT_BYTES + 1), receiver_key=receiver_key, secret=secret)


def test_a_key_that_is_no_point_of_the_curve_is_refused() -> None:
    with pytest.raises(ValueError, match=r"(?i)invalid|curve|point"):
        encrypt(b"Hello", receiver_key=b"\x04" + bytes(64), secret=from_base64url(SECRET))
