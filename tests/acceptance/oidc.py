"""An OpenID Connect issuer beside the server, and the tokens that it signs."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.acceptance.people import Person
from tests.unit.accounts.issuer import AUDIENCE, ISSUER, as_jwk, claims, new_rsa_key, running_issuer, sign


class SignIn:
    """Signs people in.

    Attributes:
        settings: of a server that trusts it.
    """

    def __init__(self, keys_url: str, key: rsa.RSAPrivateKey) -> None:
        self.settings = {
            "HYRED_OIDC_ISSUER": ISSUER,
            "HYRED_OIDC_AUDIENCE": AUDIENCE,
            "HYRED_OIDC_JWKS_URL": keys_url,
        }
        self.key = key
        self.public_key = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def token(self, person: Person, *, lasts_seconds: float = 3600, **changes: Any) -> str:
        """A good token of somebody's, with changed claims."""
        return sign(self.key, claims(**({"email": person.email, "exp": time.time() + lasts_seconds} | changes)))


@asynccontextmanager
async def running_sign_in() -> AsyncIterator[SignIn]:
    """An issuer that publishes one key."""
    key = new_rsa_key()
    async with running_issuer() as issuer:
        issuer.publish(as_jwk(key, "one"))
        yield SignIn(issuer.url, key)
