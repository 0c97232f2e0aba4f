"""Tokens end by the clock on the wall, also when it jumps; and with their sockets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, cast

import pytest

from hyred_chat.accounts.part import AccountsPart
from hyred_chat.accounts.service import Identity
from hyred_chat.realtime.connections import connection_of
from hyred_chat.sessions.part import SessionsPart
from tests.acceptance.failures import raw_socket
from tests.acceptance.oidc import SignIn, running_sign_in
from tests.acceptance.people import Chat, Person
from tests.integration.realtime.application import RunningApplication, running_application
from tests.postgres import TemplateServer

if TYPE_CHECKING:
    from tests.acceptance.server import Server


@pytest.fixture
async def sign_in() -> AsyncIterator[SignIn]:
    async with running_sign_in() as sign_in:
        yield sign_in


@pytest.fixture
async def running(template_server: TemplateServer, sign_in: SignIn) -> AsyncIterator[RunningApplication]:
    url = await template_server.create()
    oidc = {name.removeprefix("HYRED_").lower(): value for name, value in sign_in.settings.items()}
    async with running_application(url, **oidc) as running:
        yield running
    await template_server.drop(url)


async def person_with_token(chat: Chat, sign_in: SignIn, *, lasts_seconds: float) -> Person:
    person = await chat.person("Ana")
    person.token = sign_in.token(person, lasts_seconds=lasts_seconds)
    return person


@pytest.mark.parametrize("jumps_by", [3600.0, 3520.0], ids=["past its end", "into its last minute"])
async def test_a_clock_that_jumps_ahead_takes_the_ends_of_tokens_along(
    running: RunningApplication, chat: Chat, sign_in: SignIn, jumps_by: float
) -> None:
    ahead = 0.0
    running.part(SessionsPart)._sessions._clock = lambda: time.time() + ahead
    client = await (await person_with_token(chat, sign_in, lasts_seconds=3559)).connect()
    ahead = jumps_by
    async with asyncio.timeout(2):
        await client.wait_for("auth_expiring")
        if jumps_by > 3559:
            await client.wait_until_disconnected()
    assert client.connected == (jumps_by < 3559)


async def test_a_fresh_token_in_the_packet_before_the_end_leaves_no_timer(
    running: RunningApplication, chat: Chat, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await person_with_token(chat, sign_in, lasts_seconds=3559)
    accounts, is_over, is_looked_at = running.part(AccountsPart).accounts, asyncio.Event(), asyncio.Event()
    authenticate = accounts.authenticate

    async def look_when_it_is_over(token: str | None) -> Identity:
        await is_over.wait()
        identity = await authenticate(token)
        is_looked_at.set()
        return identity

    async with raw_socket(cast("Server", running), person) as raw:
        (socket,) = running.application.sockets.namespace().sockets.values()
        monkeypatch.setattr(accounts, "authenticate", look_when_it_is_over)
        await raw.send(f"42{json.dumps(['authenticate', {'token': person.token}])}")
        await raw.send("1")
        await raw.wait_closed()
    async with asyncio.timeout(5):
        while socket.connected:
            await chat.http.get("/api/health/live")
        is_over.set()
        await is_looked_at.wait()
    await asyncio.sleep(0)
    expiry = connection_of(socket).expiry
    assert expiry is not None
    assert expiry.cancelled()
