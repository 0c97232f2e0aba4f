"""Signing in: development tokens, ID tokens of an issuer, and every token that is none."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from tests.acceptance.bad_input import check_refusal
from tests.acceptance.client import Client, ConnectError
from tests.acceptance.conftest import StartChat
from tests.acceptance.oidc import SignIn
from tests.acceptance.people import Chat, Person
from tests.unit.accounts.issuer import AUDIENCE, ISSUER, claims, new_rsa_key, sign


async def refusal_of(chat: Chat, auth: object) -> Any:
    """The payload of the CONNECT_ERROR packet."""
    with pytest.raises(ConnectError) as caught:
        await Client().connect(chat.server.url, auth)
    return caught.value.payload


async def check_socket_refused(chat: Chat, token: str, message: str, code: str) -> None:
    assert await refusal_of(chat, {"token": token}) == {"message": message, "data": {"code": code}}


async def check_request_refused(person: Person, token: str, status: int, code: str) -> None:
    answer = await person.request("GET", "/api/users/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == status
    check_refusal(answer.envelope, code)


async def test_a_development_token_names_somebody_by_address_or_id(chat: Chat) -> None:
    person = await chat.person("Ana")
    for token in (f"dev-token-{person.email}", f"dev-token-{person.email.upper()}", f"dev-token-{person.id}"):
        person.token = token
        assert (await person.get("/api/users/me")).data["id"] == person.id
        await (await person.connect()).catch_up()


async def test_the_admin_token_is_an_admin_s(chat: Chat) -> None:
    admin = await chat.person("Ada", role="admin")
    admin.token = "dev-token-admin"
    assert (await admin.get("/api/users/me")).data["role"] == "admin"


async def test_an_id_token_finds_its_bearer_by_address_whatever_the_case(chat: Chat, sign_in: SignIn) -> None:
    person = await chat.person("Ana")
    person.email = person.email.upper()
    person.token = sign_in.token(person)
    assert (await person.get("/api/users/me")).data["id"] == person.id
    await (await person.connect()).catch_up()


@pytest.mark.parametrize("auth", [None, {}, {"token": None}, {"token": ""}, {"token": 7}, {"token": ["x"]}])
async def test_a_socket_without_a_token_is_told_that_it_needs_one(chat: Chat, auth: object) -> None:
    refusal = await refusal_of(chat, auth)
    assert refusal == {"message": "Authentication token required", "data": {"code": "unauthenticated"}}


def forged(sign_in: SignIn, person: Person) -> Iterator[tuple[str, str]]:
    """Tokens that look good, by what is wrong with them."""
    good = claims(email=person.email)
    other_key = new_rsa_key()
    yield "not a token", "x"
    yield "three empty parts", ".."
    yield "no signature", jwt.encode(good, None, "none", headers={"kid": "one"})  # type: ignore[arg-type]
    yield "a signature with the public key as a secret", _sign_with_secret(good, sign_in.public_key)
    yield "somebody else's key", sign(other_key, good)
    yield "a key that the token brings itself", sign(other_key, good, jku="https://evil.example/keys")
    yield "an unknown key", sign(sign_in.key, good, key_id="two")
    yield "another issuer", sign(sign_in.key, good | {"iss": "https://evil.example"})
    yield "another audience", sign(sign_in.key, good | {"aud": "another-app"})
    yield "an issue in the future", sign(sign_in.key, good | {"iat": int(time.time()) + 600})
    yield "an unverified address", sign(sign_in.key, good | {"email_verified": False})
    yield "a verified address as text", sign(sign_in.key, good | {"email_verified": "true"})
    for claim in ("email", "email_verified", "exp", "iat", "iss", "aud"):
        yield f"no {claim}", sign(sign_in.key, {name: value for name, value in good.items() if name != claim})
    header, payload, signature = sign(sign_in.key, good).split(".")
    yield "a changed payload", f"{header}.{_encode(good | {'email': 'admin@mail.example'})}.{signature}"
    yield "a cut signature", f"{header}.{payload}.{signature[:-8]}"


def _encode(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _sign_with_secret(payload: dict[str, Any], secret: bytes) -> str:
    """HS256 with any key: the library refuses this one when it signs."""
    signed = f"{_encode({'alg': 'HS256', 'typ': 'JWT', 'kid': 'one'})}.{_encode(payload)}"
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return f"{signed}.{base64.urlsafe_b64encode(algorithm.sign(signed.encode(), secret)).rstrip(b'=').decode()}"


async def test_forged_tokens_are_refused_by_both_doors_in_the_same_words(chat: Chat, sign_in: SignIn) -> None:
    person = await chat.person("Ana")
    for fault, token in forged(sign_in, person):
        try:
            await check_socket_refused(chat, token, "Authentication failed", "unauthenticated")
            await check_request_refused(person, token, 401, "unauthenticated")
        except (AssertionError, BaseException) as error:
            raise AssertionError(fault) from error


async def test_an_expired_token_is_refused_as_expired(chat: Chat, sign_in: SignIn) -> None:
    person = await chat.person("Ana")
    token = sign_in.token(person, lasts_seconds=-60)
    await check_socket_refused(chat, token, "Authentication failed", "token_expired")
    await check_request_refused(person, token, 401, "token_expired")


async def test_a_good_token_of_nobody_is_user_not_found(chat: Chat, sign_in: SignIn) -> None:
    nobody = Person(chat, "nobody", "Nobody", "va")
    for token in (sign_in.token(nobody), "dev-token-nobody-at-all", "dev-token-nobody@mail.example"):
        await check_socket_refused(chat, token, "User not found", "user_not_found")
        await check_request_refused(nobody, token, 403, "user_not_found")


async def test_somebody_who_is_disabled_is_user_not_found(chat: Chat) -> None:
    person = await chat.person("Ana", disabled=True)
    await check_socket_refused(chat, person.token, "User not found", "user_not_found")
    await check_request_refused(person, person.token, 403, "user_not_found")


async def test_a_refused_socket_can_do_nothing(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = Client()
    with pytest.raises(ConnectError):
        await client.connect(chat.server.url, {"token": "x"})
    await company.post_message(room_id, "Hello")
    assert client.events == []
    assert (await va.room(room_id))["lastSeq"] == 1


async def test_without_development_tokens_none_is_good(start_chat: StartChat, sign_in: SignIn) -> None:
    async with start_chat(**sign_in.settings, HYRED_DEV_TOKENS="false") as chat:
        person = await chat.person("Ana")
        for token in (person.token, f"dev-token-{person.id}", "dev-token-admin"):
            await check_socket_refused(chat, token, "Authentication failed", "unauthenticated")
            await check_request_refused(person, token, 401, "unauthenticated")
        person.token = sign_in.token(person)
        assert (await person.get("/api/users/me")).data["id"] == person.id


def test_the_issuer_is_the_one_that_the_server_trusts(sign_in: SignIn) -> None:
    """Or else every forged token would be refused for the wrong reason."""
    person = claims()
    assert (person["iss"], person["aud"]) == (ISSUER, AUDIENCE)
    assert sign_in.settings["HYRED_OIDC_ISSUER"] == ISSUER
