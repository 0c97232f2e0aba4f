"""Writers who wait for somebody else's lock: they leave connections to everybody else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from hyred_chat.db import connecting
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from tests.acceptance.people import Chat, Person
from tests.integration.realtime.application import RunningApplication, running_application
from tests.postgres import SCHEMA


@pytest.fixture
async def running(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningApplication]:
    """One whose writers wait for locks without end: whoever is held up by them has no connection in time, and fails."""
    for bound in ("LOCK_TIMEOUT_SECONDS", "STATEMENT_TIMEOUT_SECONDS", "SILENCE_TIMEOUT_SECONDS"):
        monkeypatch.setattr(connecting, bound, 60)
    async with running_application(database_url) as running:
        yield running


async def hold(database: Database, writes: str, entered: list[str], end: asyncio.Event) -> None:
    async with database.transaction(writes):
        entered.append(writes)
        await end.wait()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0.01)


async def test_two_write_to_the_same_thing_and_half_of_the_pool_writes_at_all(database: Database) -> None:
    """The pool has eight connections."""
    entered: list[str] = []
    end = asyncio.Event()
    same = [asyncio.create_task(hold(database, "room 1", entered, end)) for _ in range(6)]
    await settle()
    assert entered == ["room 1"] * 2
    others = [asyncio.create_task(hold(database, f"room {number}", entered, end)) for number in range(2, 10)]
    await settle()
    assert len(entered) == 4
    await asyncio.gather(*(database.check() for _ in range(8)))
    end.set()
    await asyncio.gather(*same, *others)
    assert len(entered) == 14
    assert database._bulkheads._each == {}


async def test_a_writer_without_a_place_is_unavailable_after_its_timeout(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await Database.connect(database_url, schema=SCHEMA, pool_size=2)
    async with database.connection(), database.connection():
        pass  # both are open from here on, which may take longer than the time-out on a busy machine
    monkeypatch.setattr("hyred_chat.db.pool.ACQUIRE_TIMEOUT_SECONDS", 0.2)
    async with database.transaction("room 1"):
        for writes in ("room 1", "room 2"):
            with pytest.raises(UnavailableError):
                async with database.connection(writes=writes):
                    pass
        await database.check()
    async with database.connection(writes="room 2"):
        pass
    assert database._bulkheads._each == {}
    await database.close()


async def read_everything(person: Person, room_id: str) -> None:
    """What people do all the time, and what writes nothing."""
    await person.history(room_id)
    assert (await person.get("/api/chat/rooms")).status == 200
    assert (await person.get("/api/chat/unread-count")).status == 200
    assert (await person.post("/api/chat/sync", {"rooms": {room_id: 0}})).status == 200
    assert (await person.get("/api/health/ready")).status == 200


LOCKS = {
    "members": "LOCK TABLE chat_members IN SHARE MODE",
    "members' rows": "SELECT FROM chat_members FOR UPDATE",
    "preferences": "LOCK TABLE notification_preferences IN EXCLUSIVE MODE",
    "devices": "LOCK TABLE device_tokens IN SHARE MODE",
    "people": "SELECT FROM users FOR UPDATE",
}


@pytest.mark.parametrize("lock", LOCKS)
async def test_locked_rows_hold_up_who_writes_them_and_nobody_who_reads(chat: Chat, lock: str) -> None:
    people = [await chat.person(f"Person {number}") for number in range(6)]
    rooms = [await chat.room(*people) for _ in range(4)]
    for room_id in rooms:
        await people[0].post_message(room_id, "Hello")
    clients = [await person.connect() for person in people]
    for client in clients:  # everybody is known, and so is every room
        await client.ask("sync", {"rooms": dict.fromkeys(rooms, 0)})

    def writes(number: int) -> list[Callable[[], Awaitable[object]]]:
        person, client, room_id = people[number % 6], clients[number % 6], rooms[number % 4]
        return [
            lambda: client.call("mark_read", {"chatRoomId": room_id, "seq": 1}),
            lambda: person.put("/api/notifications/preferences", {"preview": False}),
            lambda: person.put("/api/devices", {"token": f"token-{number}", "platform": "android"}),
            lambda: chat.admin(
                "PUT", f"/api/admin/users/{person.id}", json={"email": person.email, "role": "va", "name": "Anew"}
            ),
        ]

    transaction = chat.database.transaction()
    await transaction.start()
    await chat.database.execute(LOCKS[lock])
    writing = [asyncio.ensure_future(write()) for number in range(12) for write in writes(number)]
    await settle()
    await asyncio.gather(*(read_everything(person, rooms[0]) for person in people))
    await transaction.rollback()
    await asyncio.gather(*writing)
    for client in clients:
        for room_id in rooms:
            assert (await client.ask("mark_read", {"chatRoomId": room_id, "seq": 1}))["lastReadSeq"] == 1
