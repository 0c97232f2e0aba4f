"""Signing in with an issuer's ID tokens, from the settings to the answer."""

import time
from collections.abc import AsyncIterator

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI

from hyred_chat.accounts.authentication import Rates
from hyred_chat.accounts.endpoints import router
from hyred_chat.accounts.service import Accounts
from hyred_chat.accounts.tokens import create_verifier
from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.http.errors import install_error_handlers
from hyred_chat.limits import RateLimit
from tests.integration.accounts.people import add_person
from tests.unit.accounts.issuer import Issuer, as_jwk, claims, new_rsa_key, running_issuer, sign

PROJECT = "hyred-test"
FIREBASE = {"iss": f"https://securetoken.google.com/{PROJECT}", "aud": PROJECT}


@pytest.fixture(scope="module")
def signing_key() -> rsa.RSAPrivateKey:
    return new_rsa_key()


@pytest.fixture
async def issuer(signing_key: rsa.RSAPrivateKey) -> AsyncIterator[Issuer]:
    async with running_issuer() as issuer:
        issuer.publish(as_jwk(signing_key, "one"))
        yield issuer


@pytest.fixture
async def firebase_client(database: Database, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that is set up for Firebase, and whose Firebase is here."""
    settings = Settings(firebase_project_id=PROJECT, oidc_jwks_url=issuer.url, dev_tokens=False)
    accounts = Accounts(database, create_verifier(settings))
    app = FastAPI()
    app.state.accounts = accounts
    app.state.rates = Rates(RateLimit(burst=1, per_minute=0))
    app.include_router(router)
    install_error_handlers(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat.test") as client:
        yield client
    await accounts.close()


async def ask_for_me(client: httpx.AsyncClient, token: str) -> tuple[int, str]:
    response = await client.get("/api/users/me", headers={"Authorization": f"Bearer {token}"})
    body = response.json()
    return response.status_code, body["data"]["id"] if body["success"] else body["code"]


async def test_the_bearer_is_found_by_the_address_in_the_token(
    firebase_client: httpx.AsyncClient, database: Database, signing_key: rsa.RSAPrivateKey
) -> None:
    await add_person(database, "ana", email="Ana@Example.com")
    await add_person(database, "subject-1", email="other@example.com")
    await add_person(database, "off", email="off@example.com", disabled=True)
    good = claims(**FIREBASE, email="aNA@example.com")
    hour_ago = int(time.time()) - 3600
    assert await ask_for_me(firebase_client, sign(signing_key, good)) == (200, "ana")
    stranger = sign(signing_key, {**good, "email": "stranger@example.com"})
    assert await ask_for_me(firebase_client, stranger) == (403, "user_not_found")
    disabled = sign(signing_key, {**good, "email": "off@example.com"})
    assert await ask_for_me(firebase_client, disabled) == (403, "user_not_found")
    expired = sign(signing_key, {**good, "exp": hour_ago, "iat": hour_ago - 1})
    assert await ask_for_me(firebase_client, expired) == (401, "token_expired")
    assert await ask_for_me(firebase_client, "dev-token-ana") == (401, "unauthenticated")


async def test_keys_that_cannot_be_had_are_no_refusal(
    firebase_client: httpx.AsyncClient, issuer: Issuer, signing_key: rsa.RSAPrivateKey
) -> None:
    issuer.status = 500
    assert await ask_for_me(firebase_client, sign(signing_key, claims(**FIREBASE))) == (503, "unavailable")
