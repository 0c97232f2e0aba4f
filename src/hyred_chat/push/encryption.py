"""Message encryption for Web Push (RFC 8291): only the browser that subscribed can read a push.

Forty lines on top of `cryptography`, checked against the example of the RFC (docs/decisions/0011-notifications.md).
"""

import os
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hyred_chat.push.vapid import public_bytes

SALT_BYTES = 16
RECORD_BYTES = 4096
# A service takes bodies of 4,096 bytes (RFC 8030, 7.2): salt, record size, key, delimiter and tag take 103 of them.
MAX_PLAINTEXT_BYTES = RECORD_BYTES - 103
# After the last record (RFC 8188, section 2).
_DELIMITER = b"\x02"


def encrypt(
    plaintext: bytes,
    *,
    receiver_key: bytes,
    secret: bytes,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push with `Content-Encoding: aes128gcm`, in one record.

    Args:
        receiver_key: the subscription's `p256dh`, 65 bytes.
        secret: the subscription's `auth`, 16 bytes.
        sender: a key pair for this message alone.
        salt: 16 bytes for this message alone.

    Raises:
        ValueError: `receiver_key` is no point of P-256, or the plaintext is longer than `MAX_PLAINTEXT_BYTES`.
    """
    if len(plaintext) > MAX_PLAINTEXT_BYTES:
        raise ValueError("too long for a push")
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver_key)
    sender_key = public_bytes(sender.public_key())
    shared = sender.exchange(ec.ECDH(), receiver)
    key_material = _derive(shared, secret, b"WebPush: info\0" + receiver_key + sender_key, 32)
    key = _derive(key_material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(key_material, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack("!IB", RECORD_BYTES, len(sender_key)) + sender_key
    return header + AESGCM(key).encrypt(nonce, plaintext + _DELIMITER, None)


def _derive(key_material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(key_material)
