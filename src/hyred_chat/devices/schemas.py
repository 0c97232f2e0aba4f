"""Devices on the wire."""

import base64
import re
from typing import Annotated, Literal

from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import AfterValidator, Field

from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.preferences.quiet_hours import find_time_zone

Platform = Literal["android", "ios", "web"]

MAX_TOKEN_CHARS = 2048
MAX_WORD_CHARS = 64
# An uncompressed point of P-256, and the sixteen bytes of RFC 8291, section 3.2: in base64url.
_P256DH_CHARS, _AUTH_CHARS = 87, 22


def _check_token(text: str) -> str:
    if re.fullmatch(r"[!-~]{8,2048}", text) is None:
        raise ValueError(f"must be 8 to {MAX_TOKEN_CHARS} characters of ASCII without white space")
    return text


def _keep_word(text: str | None) -> str | None:
    return text if text and len(text) <= MAX_WORD_CHARS and text.isprintable() else None


def _keep_time_zone(name: str | None) -> str | None:
    word = _keep_word(name and name.strip())
    return word if word is not None and find_time_zone(word) is not None else None


def _check_key(text: str, length: int) -> str:
    bare = text.rstrip("=")
    if re.fullmatch(r"[A-Za-z0-9_-]+", bare) is None or len(bare) != length:
        raise ValueError(f"must be {length} characters of base64url")
    return bare


def _check_point(text: str) -> str:
    bare = _check_key(text, _P256DH_CHARS)
    try:
        point = base64.urlsafe_b64decode(f"{bare}=")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise ValueError("must be a point of the curve P-256") from None
    return bare


Token = Annotated[str, AfterValidator(_check_token)]
# What a device says of itself is no reason not to reach it: what cannot be used is left out.
Word = Annotated[str | None, AfterValidator(_keep_word)]
TimeZone = Annotated[str | None, AfterValidator(_keep_time_zone)]


class SubscriptionKeys(RequestModel):
    """What a push to a browser is encrypted with (RFC 8291)."""

    p256dh: Annotated[str, Field(alias="p256dh"), AfterValidator(_check_point)]
    auth: Annotated[str, AfterValidator(lambda text: _check_key(text, _AUTH_CHARS))]


class Subscription(RequestModel):
    """A browser's `PushSubscription`, as its `toJSON()` writes it. Its `endpoint` is the token."""

    keys: SubscriptionKeys


class DeviceFields(RequestModel):
    """What a device says of itself. With a `subscription` pushes go by Web Push, without one by FCM.

    A version, language or time zone that cannot be used is left out, and the device is registered without it.
    """

    platform: Platform
    app_version: Word = None
    locale: Word = None
    time_zone: TimeZone = None
    subscription: Subscription | None = None


class PutDevice(DeviceFields):
    """`PUT /api/push/devices`."""

    token: Token


class RemoveDevice(RequestModel):
    """`POST /api/push/devices/remove`."""

    token: Token


class Device(WireModel):
    """A registered device."""

    id: str
    platform: Platform
    app_version: str | None
    locale: str | None
    time_zone: str | None


class RemovedDevice(WireModel):
    """The answer to removing a device: whether it was there."""

    removed: bool


class WebKey(WireModel):
    """The server's public key for `PushManager.subscribe`, or null when it sends no Web Push."""

    key: str | None
