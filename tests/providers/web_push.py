"""A Web Push service and the browsers behind it: it checks VAPID's signature, they decrypt (RFC 8291, 8292)."""

import base64
import json
import os
import struct
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from tests.providers.answers import Answer, Answers
from tests.providers.arrivals import Arrivals

MAX_BODY_BYTES = 4096


def to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """A subscription, and the keys to read what comes."""

    def __init__(self, endpoint: str, application_key: str) -> None:
        self.endpoint = endpoint
        self.application_key = application_key
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)

    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` writes it."""
        keys = {"p256dh": to_text(_point(self._key.public_key())), "auth": to_text(self._secret)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def decrypt(self, body: bytes) -> bytes:
        return decrypt(body, self._key, self._secret)


def decrypt(body: bytes, key: ec.EllipticCurvePrivateKey, secret: bytes) -> bytes:
    """What one record of `aes128gcm` says to the holder of a key."""
    salt, (record_bytes, key_bytes) = body[:16], struct.unpack("!IB", body[16:21])
    sender_point, record = body[21 : 21 + key_bytes], body[21 + key_bytes :]
    assert len(record) <= record_bytes
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender_point))
    info = b"WebPush: info\0" + _point(key.public_key()) + sender_point
    material = HKDFExpand(SHA256(), 32, info).derive(_extract(secret, shared))
    pseudo_random = _extract(salt, material)
    content_key = HKDFExpand(SHA256(), 16, b"Content-Encoding: aes128gcm\0").derive(pseudo_random)
    nonce = HKDFExpand(SHA256(), 12, b"Content-Encoding: nonce\0").derive(pseudo_random)
    padded = AESGCM(content_key).decrypt(nonce, record, None).rstrip(b"\0")
    assert padded.endswith(b"\x02")
    return padded[:-1]


def _extract(salt: bytes, material: bytes) -> bytes:
    return HKDF.extract(SHA256(), salt, material)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


@dataclass(frozen=True, slots=True)
class WebPushArrival:
    """A push as the browser's service worker gets it."""

    endpoint: str
    payload: dict[str, Any]
    headers: dict[str, str]
    at: float


class FakePushService:
    """The service.

    Attributes:
        answers: what it was told to answer, by endpoint.
        pushes: all that a browser could read.
        problems: what a real one would have refused.
    """

    def __init__(self) -> None:
        self.url = ""
        self.answers = Answers()
        self.pushes: Arrivals[WebPushArrival] = Arrivals()
        self.problems: list[str] = []
        self._browsers: dict[str, Browser] = {}

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def subscribe(self, application_key: str) -> Browser:
        """A browser that trusts pushes signed with this key."""
        path = f"/send/{uuid.uuid4().hex}"
        browser = self._browsers[path] = Browser(self.url + path, application_key)
        return browser

    async def take(self, request: web.Request) -> web.Response:
        browser = self._browsers.get(request.path)
        if browser is None:
            return web.Response(status=410)
        body = await request.read()
        try:
            self._check(request, browser, body)
            payload = json.loads(browser.decrypt(body))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is a problem of the sender's
            self.problems.append(repr(error))
            return web.Response(status=400)
        self.pushes.add(WebPushArrival(browser.endpoint, payload, dict(request.headers), time.monotonic()))
        return await self.answers.next_for(browser.endpoint, Answer(201))

    def _check(self, request: web.Request, browser: Browser, body: bytes) -> None:
        scheme, _, fields = request.headers["Authorization"].partition(" ")
        values = dict(field.strip().split("=", 1) for field in fields.split(","))
        assert scheme == "vapid"
        assert values["k"] == browser.application_key
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to_bytes(values["k"]))
        claims = jwt.decode(values["t"], key, ["ES256"], audience=self.url)
        assert 0 < claims["exp"] - time.time() <= 24 * 3600
        assert claims["sub"].startswith(("mailto:", "https://"))
        assert request.headers["Content-Encoding"] == "aes128gcm"
        assert int(request.headers["TTL"]) >= 0
        assert len(request.headers["Topic"]) <= 32
        assert request.headers["Urgency"] in {"very-low", "low", "normal", "high"}
        assert len(body) <= MAX_BODY_BYTES


@asynccontextmanager
async def running_push_service() -> AsyncIterator[FakePushService]:
    """The service, on a free port."""
    service = FakePushService()
    app = web.Application()
    app.router.add_post("/send/{id}", service.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()
