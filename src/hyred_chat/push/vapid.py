"""VAPID (RFC 8292): the server's key pair for Web Push, and the header that proves it is us."""

import base64
import os
import time
from contextlib import suppress
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

FILE_NAME = "vapid-private-key"
# At most 24 hours (RFC 8292, section 2); made anew well before.
TOKEN_SECONDS = 12 * 3600
RENEWED_AFTER_SECONDS = 6 * 3600
KEY_BYTES = 32
MAX_ORIGINS = 1000


def to_base64url(data: bytes) -> str:
    """Without padding, as everything about Web Push writes it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point: 65 bytes."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


class VapidKey:
    """The key pair.

    Args:
        private_key: 32 bytes in base64url.
        subject: whom a push service can write to about us: a `mailto:` or `https:` address.

    Raises:
        ValueError: it is not such a key.
    """

    def __init__(self, private_key: str, subject: str) -> None:
        try:
            if len(number := from_base64url(private_key)) != KEY_BYTES:
                raise ValueError  # noqa: TRY301  # what is wrong with it is said once
            self._key = ec.derive_private_key(int.from_bytes(number), ec.SECP256R1())
        except ValueError:
            raise ValueError("must be 32 bytes in base64url: the private key of a VAPID key pair.") from None
        self._subject = subject
        self._headers: dict[str, tuple[float, str]] = {}
        self.public_key = to_base64url(public_bytes(self._key.public_key()))

    def authorization(self, origin: str) -> str:
        """The `Authorization` header for a push service, signed every few hours for each."""
        made_at, header = self._headers.get(origin, (0.0, ""))
        now = time.time()
        if not made_at <= now < made_at + RENEWED_AFTER_SECONDS:
            claims = {"aud": origin, "exp": int(now) + TOKEN_SECONDS, "sub": self._subject}
            token = jwt.encode(claims, self._key, algorithm="ES256")
            header = f"vapid t={token}, k={self.public_key}"
            if len(self._headers) >= MAX_ORIGINS:
                self._headers.clear()
            self._headers[origin] = (now, header)
        return header


def new_private_key() -> str:
    """A key for `VapidKey`."""
    return to_base64url(ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(KEY_BYTES))


def load_or_make(directory: Path) -> str:
    """The private key of this data directory, made when there is none. Two processes that start at once agree."""
    path = directory / FILE_NAME
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        draft = directory / f"{FILE_NAME}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(new_private_key(), encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
