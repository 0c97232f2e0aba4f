"""An OpenID Connect issuer on this machine: it publishes keys, signs tokens, and counts who asks."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER = "https://issuer.example"
AUDIENCE = "hyred-test"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def new_rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def as_jwk(key: PrivateKey, key_id: str, **extra: Any) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        entry = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        entry = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**entry, "kid": key_id, "use": "sig", **extra}


def claims(**changes: Any) -> dict[str, Any]:
    """A good token's claims; a change to None leaves a claim out."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "subject-1",
        "iat": now,
        "exp": now + 3600,
        "auth_time": now,
        "email": "anna@example.com",
        "email_verified": True,
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def sign(
    key: PrivateKey | str,
    payload: dict[str, Any],
    *,
    key_id: str | None = "one",
    algorithm: str = "RS256",
    **header: Any,
) -> str:
    named = {"kid": key_id} if key_id is not None else {}
    return jwt.encode(payload, key, algorithm, headers={**named, **header})


@dataclass
class Issuer:
    """What the issuer answers. `answer` is the key set, or any other body; a status other than 200 is a fault.

    While `answers` is not set, it takes requests and answers none.
    """

    url: str = ""
    answer: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: asyncio.Condition = field(default_factory=asyncio.Condition)

    def publish(self, *entries: dict[str, Any]) -> None:
        self.answer = {"keys": list(entries)}

    async def asked(self, count: int) -> None:
        """Wait until there were so many requests."""
        async with self._asked:
            await self._asked.wait_for(lambda: self.requests >= count)

    async def respond(self, _: web.Request) -> web.Response:
        self.requests += 1
        async with self._asked:
            self._asked.notify_all()
        await self.answers.wait()
        if isinstance(self.answer, bytes):
            return web.Response(body=self.answer, status=self.status, headers=self.headers)
        return web.json_response(self.answer, status=self.status, headers=self.headers)


@asynccontextmanager
async def running_issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    issuer.answers.set()
    app = web.Application()
    app.router.add_get("/keys", issuer.respond)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    issuer.url = f"http://127.0.0.1:{runner.addresses[0][1]}/keys"
    try:
        yield issuer
    finally:
        issuer.answers.set()
        await runner.cleanup()
