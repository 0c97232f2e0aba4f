"""An issuer, its keys, and what checks its tokens."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from hyred_chat.accounts.id_tokens import OidcVerifier
from hyred_chat.accounts.keys import KeySet
from tests.unit.accounts.issuer import AUDIENCE, ISSUER, Issuer, as_jwk, new_rsa_key, running_issuer


@dataclass
class Clock:
    """Time that passes when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def signing_key() -> rsa.RSAPrivateKey:
    return new_rsa_key()


@pytest.fixture(scope="session")
def next_key() -> rsa.RSAPrivateKey:
    return new_rsa_key()


@pytest.fixture
async def issuer(signing_key: rsa.RSAPrivateKey) -> AsyncIterator[Issuer]:
    """It publishes the signing key as `one`."""
    async with running_issuer() as issuer:
        issuer.publish(as_jwk(signing_key, "one"))
        yield issuer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def key_set(issuer: Issuer, clock: Clock) -> AsyncIterator[KeySet]:
    key_set = KeySet(issuer.url, cache_seconds=3600, clock=clock)
    yield key_set
    await key_set.close()


@pytest.fixture
def verifier(key_set: KeySet) -> OidcVerifier:
    return OidcVerifier(key_set, issuer=ISSUER, audience=AUDIENCE)
