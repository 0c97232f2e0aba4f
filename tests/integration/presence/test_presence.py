"""Presence inside: few statements for many people, nothing lost in an outage, nothing kept of who is gone."""

import asyncio
from datetime import UTC, datetime

import pytest

from hyred_chat.errors import UnavailableError
from hyred_chat.presence import repository
from hyred_chat.rooms import repository as rooms
from tests.acceptance.failures import move
from tests.acceptance.people import Chat, Person
from tests.integration.realtime.application import RunningApplication, open_chat, running_application
from tests.integration.realtime.gates import Gate
from tests.looking import look_until


async def last_seen(chat: Chat, person: Person) -> datetime | None:
    moment: datetime | None = await chat.database.fetchval("SELECT last_seen_at FROM users WHERE id = $1", person.id)
    return moment


async def wait_until_stored(chat: Chat, person: Person, after: datetime | None = None) -> datetime:
    """When somebody was last here, once the database knows."""

    async def find() -> datetime | None:
        moment = await last_seen(chat, person)
        return None if moment == after else moment

    return await look_until(find, seconds=5)


async def test_many_who_come_at_once_cost_a_few_statements(chat: Chat, running: RunningApplication) -> None:
    watcher = await chat.person("Watcher")
    crowd = [await chat.person(f"Person {number}") for number in range(30)]
    await chat.room(watcher, *crowd)
    watching = await watcher.connect()
    await asyncio.gather(*(person.get("/api/users/me") for person in crowd))  # their accounts are in memory
    await running.count()
    await asyncio.gather(*(person.connect() for person in crowd))
    await watching.wait_until(lambda: len(watching.received("presence_changed")) == 30)
    assert await running.count() < 10


async def test_the_moment_of_leaving_is_stored(chat: Chat) -> None:
    va, _, _ = await chat.pair()
    client = await va.connect()
    await client.disconnect()
    await wait_until_stored(chat, va)


async def test_the_moment_of_leaving_is_stored_of_who_was_shown_as_offline_too(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    watcher, client = await company.connect(), await va.connect()
    await watcher.wait_for("presence_changed")
    await client.ask("update_status", {"status": "offline"})
    await watcher.wait_for("presence_changed")
    hidden = await wait_until_stored(chat, va)
    await client.disconnect()
    await wait_until_stored(chat, va, after=hidden)
    assert len(watcher.received("presence_changed")) == 2


async def test_who_is_here_when_the_server_stops_was_last_seen_then(database_url: str) -> None:
    async with running_application(database_url) as running:
        chat = await open_chat(running)
        va = await chat.person("Ana")
        await (await va.connect()).catch_up()
        await chat.close()
    async with running_application(database_url) as running:
        chat = await open_chat(running)
        assert await last_seen(chat, va) is not None
        await chat.close()


async def test_a_change_that_could_not_be_told_is_told_later(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    va, company, _ = await chat.pair()
    watcher = await company.connect()
    working = rooms.list_acquaintances
    failures = 0

    async def fail_twice(*args: object) -> object:
        nonlocal failures
        if failures < 2:
            failures += 1
            raise UnavailableError
        return await working(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(rooms, "list_acquaintances", fail_twice)
    await va.connect()
    changed = await watcher.wait_for("presence_changed", lambda each: each["userId"] == va.id)
    assert changed["online"] is True
    assert failures == 2


async def test_who_has_just_left_was_last_seen_then_also_while_that_is_being_stored(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    va, company, _ = await chat.pair()
    watcher, client = await company.connect(), await va.connect()
    await watcher.wait_for("presence_changed", lambda each: each["online"])
    gate = Gate(monkeypatch, repository, "list_last_seen")
    async with gate.closed():
        await client.disconnect()
        asking = asyncio.create_task(company.get("/api/chat/presence", userIds=va.id))
        await gate.wait_until_read()
        left = await watcher.wait_for("presence_changed", lambda each: not each["online"])
        await wait_until_stored(chat, va)
    [presence] = (await asking).data
    assert presence["lastSeenAt"] == left["lastSeenAt"]


async def test_a_locked_account_is_recorded_later_and_keeps_nobody_else_waiting(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hyred_chat.presence.service.LOCKED_RETRY_SECONDS", 0.1)
    watcher, locked, other = [await chat.person(name) for name in ("Watcher", "Locked", "Other")]
    await chat.room(watcher, locked, other)
    watching = await watcher.connect()
    clients = [await person.connect() for person in (locked, other)]
    await watching.wait_until(lambda: len(watching.received("presence_changed")) == 2)
    async with chat.database.transaction():
        await chat.database.execute("SELECT FROM users WHERE id = $1 FOR UPDATE", locked.id)
        for client in clients:
            await client.disconnect()
        await watching.wait_until(lambda: len(watching.received("presence_changed")) == 4)
        await wait_until_stored(chat, other)
        assert await last_seen(chat, locked) is None
    await wait_until_stored(chat, locked)
    assert len(watching.received("presence_changed")) == 4, "nobody is told twice"


async def test_who_is_here_when_the_server_stops_is_here_for_the_next_one(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_application(database_url) as running:
        chat = await open_chat(running)
        va, company, _ = await chat.pair()
        hidden = await chat.person("Hidden")
        await chat.room(company, hidden)
        clients = [await va.connect(), await hidden.connect()]
        await clients[1].ask("update_status", {"status": "offline"})
        people = list(chat.people)
        await running.application.drain()
        await chat.close()
    async with running_application(database_url) as running:
        chat = await open_chat(running)
        move(people, chat)
        watching = await company.connect()
        monkeypatch.setattr("hyred_chat.presence.service.EXPECTED_SECONDS", 0.5)  # until it is looked again
        presences = (await company.get("/api/chat/presence", userIds=f"{va.id},{hidden.id}")).data
        assert [(presence["userId"], presence["online"]) for presence in presences] == [
            (va.id, True),
            (hidden.id, False),
        ]
        # Ana does not come back in time.
        await chat.database.execute("UPDATE users SET last_seen_at = now() WHERE id = $1", va.id)
        changed = await watching.wait_for(
            "presence_changed", lambda each: each["userId"] == va.id and not each["online"]
        )
        assert datetime.fromisoformat(changed["lastSeenAt"]) <= datetime.now(UTC)
        await watching.disconnect()
        await chat.close()
