"""The rooms in memory: loaded once however many ask, read again when they change, never evicted while looked at."""

import asyncio
import gc
from collections.abc import Collection

import pytest

from hyred_chat.db.pool import Connection, Database
from hyred_chat.messages.records import MessageRecord
from hyred_chat.rooms import repository
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.state import MEMBER_BYTES, ROOM_BYTES, Rise, RoomState
from tests.integration.messages.lanes import add_room
from tests.integration.realtime.gates import Gate


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Around the reading of rooms."""
    return Gate(monkeypatch, repository, "load_states")


def cache_of(database: Database, *, pinned: Collection[str] = (), capacity: int = 100, members: int = 1) -> RoomCache:
    """A cache with room for so many rooms of so many members."""
    max_bytes = capacity * (ROOM_BYTES + members * (MEMBER_BYTES + 80))
    return RoomCache(
        database, is_pinned=lambda room_id: room_id in pinned, is_watched=lambda _: True, max_bytes=max_bytes
    )


async def execute(database: Database, statement: str, *args: object) -> None:
    async with database.connection() as connection:
        await connection.execute(statement, *args)


async def members_of(cache: RoomCache, room_id: str) -> set[str]:
    return set((await cache.get_many([room_id]))[room_id].members)


async def test_a_room_is_read_once_however_many_ask_at_once_and_afterwards(database: Database, gate: Gate) -> None:
    room_id = await add_room(database, "room", "ana")
    cache = cache_of(database)
    found = await asyncio.gather(*(cache.get_many([room_id]) for _ in range(20)))
    assert all(each[room_id] is found[0][room_id] for each in found)
    assert cache.find(room_id) is found[0][room_id]
    await cache.get_many([room_id])
    assert gate.readings == 1


async def test_rooms_that_do_not_exist_are_left_out_and_not_remembered(database: Database) -> None:
    cache = cache_of(database)
    assert await cache.get_many(["nowhere"]) == {}
    room_id = await add_room(database, "nowhere", "ana")
    assert set(await cache.get_many([room_id])) == {room_id}


async def test_one_who_gives_up_does_not_take_the_others_along(database: Database, gate: Gate) -> None:
    room_id = await add_room(database, "room", "ana")
    cache = cache_of(database)
    async with gate.closed():
        impatient = asyncio.create_task(cache.get_many([room_id]))
        patient = asyncio.create_task(cache.get_many([room_id]))
        await gate.wait_until_read()
        impatient.cancel()
        await asyncio.gather(impatient, return_exceptions=True)
    assert set(await patient) == {room_id}
    assert gate.readings == 1


async def test_a_room_that_changed_is_read_again_before_anybody_gets_it(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    cache = cache_of(database)
    first = (await cache.get_many([room_id]))[room_id]
    await execute(database, "DELETE FROM chat_members WHERE user_id = 'bob'")
    cache.invalidate(room_id)
    assert await members_of(cache, room_id) == {"ana"}
    assert cache.find(room_id) is first, "whoever holds the room sees the change too"


async def test_whoever_asks_while_a_changed_room_is_read_again_waits_for_it(database: Database, gate: Gate) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    cache = cache_of(database)
    await cache.get_many([room_id])
    await execute(database, "DELETE FROM chat_members WHERE user_id = 'bob'")
    cache.invalidate(room_id)
    async with gate.closed():
        first = asyncio.create_task(members_of(cache, room_id))
        await gate.wait_until_read()
        second = asyncio.create_task(members_of(cache, room_id))
        await asyncio.sleep(0)
    assert await first == await second == {"ana"}


async def test_a_room_that_changes_while_it_is_first_read_is_read_again(database: Database, gate: Gate) -> None:
    """Or else what was read before the change would stay for good."""
    room_id = await add_room(database, "room", "ana", "bob")
    cache = cache_of(database)
    async with gate.closed():
        reading = asyncio.create_task(members_of(cache, room_id))
        await gate.wait_until_read()
        await execute(database, "DELETE FROM chat_members WHERE user_id = 'bob'")
        cache.invalidate(room_id)
    assert await reading == {"ana"}
    assert await members_of(cache, room_id) == {"ana"}


async def test_a_room_that_changes_while_it_is_read_again_is_read_once_more(database: Database, gate: Gate) -> None:
    room_id = await add_room(database, "room", "ana", "bob", "cem")
    cache = cache_of(database)
    await cache.get_many([room_id])
    cache.invalidate(room_id)
    async with gate.closed():
        reading = asyncio.create_task(members_of(cache, room_id))
        await gate.wait_until_read()
        await execute(database, "DELETE FROM chat_members WHERE user_id = 'bob'")
        cache.invalidate(room_id)
    assert await reading == {"ana", "cem"}


async def test_a_room_that_is_gone_is_forgotten(database: Database) -> None:
    room_id = await add_room(database, "room", "ana")
    cache = cache_of(database)
    await cache.get_many([room_id])
    await execute(database, "DELETE FROM chat_rooms WHERE id = $1", room_id)
    cache.invalidate(room_id)
    assert await cache.get_many([room_id]) == {}
    assert cache.find(room_id) is None


async def test_a_reading_that_fails_is_told_and_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    cache = cache_of(database)
    await cache.get_many([room_id])
    await execute(database, "DELETE FROM chat_members WHERE user_id = 'bob'")
    cache.invalidate(room_id)

    async def fail(_: Connection, __: Collection[str]) -> dict[str, RoomState]:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(repository, "load_states", fail)
        with pytest.raises(Exception, match="not available"):
            await cache.get_many([room_id])
    assert await members_of(cache, room_id) == {"ana"}


async def test_a_reading_that_fails_when_nobody_waits_any_more_is_nobody_s_fault(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await add_room(database, "room", "ana")
    cache = cache_of(database)
    started, is_over = asyncio.Event(), asyncio.Event()
    complaints: list[object] = []

    async def fail(_: Connection, __: Collection[str]) -> dict[str, RoomState]:
        started.set()
        await is_over.wait()
        raise ConnectionError

    monkeypatch.setattr(repository, "load_states", fail)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    try:
        waiting = [asyncio.create_task(cache.get_many([room_id])) for _ in range(3)]
        await started.wait()
        reading = cache._loading[room_id]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        is_over.set()
        await asyncio.wait([reading])
        del reading, waiting, task
        gc.collect()
    finally:
        loop.set_exception_handler(None)
    assert complaints == []


async def test_whoever_has_a_connection_waits_for_no_reading_of_others(database: Database, gate: Gate) -> None:
    """Nor do others take what it read for what was read after a change."""
    first, second = await add_room(database, "first", "ana", "bob"), await add_room(database, "second", "ana")
    cache = cache_of(database)
    async with gate.closed():
        stuck = asyncio.create_task(members_of(cache, first))
        await gate.wait_until_read()
        await execute(database, "DELETE FROM chat_members WHERE user_id = 'bob'")
        cache.invalidate(first)
        gate.let_through()
        connection = await database.dedicated_connection()
        await cache.load_over(connection, [first, second])
        await connection.close()
        state = cache.find(first)
        assert state is not None
        assert set(state.members) == {"ana"}
        assert cache.find(second) is not None
        assert not stuck.done()
    assert await stuck == {"ana"}
    assert await members_of(cache, first) == {"ana"}


async def test_a_change_during_a_reading_over_one_s_own_connection_is_read_again(
    database: Database, gate: Gate
) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    cache = cache_of(database)
    connection = await database.dedicated_connection()
    async with gate.closed():
        reading = asyncio.create_task(cache.load_over(connection, [room_id]))
        await gate.wait_until_read()
        await execute(database, "DELETE FROM chat_members WHERE user_id = 'bob'")
        cache.invalidate(room_id)
    await reading
    await connection.close()
    assert await members_of(cache, room_id) == {"ana"}


async def test_positions_that_are_further_in_the_database_are_told_once(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    cache = cache_of(database)
    told: list[Rise] = []
    cache.on_ahead = lambda _, rises: told.extend(rises)
    await cache.get_many([room_id])
    await execute(database, "UPDATE chat_members SET last_delivered_seq = 5 WHERE user_id = 'ana'")
    await execute(database, "UPDATE chat_members SET last_read_seq = 3, last_delivered_seq = 4 WHERE user_id = 'bob'")
    for _ in range(2):
        cache.invalidate(room_id)
        state = (await cache.get_many([room_id]))[room_id]
    assert told == [
        Rise("ana", is_read=False, after=0, until=5),
        Rise("bob", is_read=True, after=0, until=3),
        Rise("bob", is_read=False, after=3, until=4),
    ]
    assert (state.members["bob"].last_read_seq, state.members["ana"].last_delivered_seq) == (3, 5)


async def test_the_least_recently_used_rooms_go_first(database: Database) -> None:
    rooms = [await add_room(database, f"room-{number}", "ana") for number in range(5)]
    cache = cache_of(database, capacity=3)
    for room_id in (*rooms[:3], rooms[0], rooms[3], rooms[4]):
        await cache.get_many([room_id])
    assert [room_id for room_id in rooms if cache.find(room_id) is not None] == [rooms[0], rooms[3], rooms[4]]


async def test_a_room_takes_as_much_of_the_cache_as_it_weighs(database: Database) -> None:
    small = [await add_room(database, f"room-{number}", "ana") for number in range(6)]
    people = [f"person-{number:03}" for number in range(100)]
    large = await add_room(database, "large", *people)
    cache = cache_of(database, capacity=40)
    await cache.get_many(small)
    await cache.get_many([large])
    kept = [room_id for room_id in small if cache.find(room_id) is not None]
    assert cache.find(large) is not None
    assert kept == small[-len(kept) :]
    assert len(kept) < len(small)
    await cache.get_many([await add_room(database, f"other-{number}", "ana") for number in range(10)])
    assert cache.find(large) is None
    assert cache._bytes == sum(cache._weights.values()) <= cache._max_bytes
    assert cache._weights.keys() == cache._states.keys()


async def test_a_long_message_and_those_who_left_weigh_something(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    cache = cache_of(database)
    state = (await cache.get_many([room_id]))[room_id]
    before = cache._bytes
    state.former_members["gone"] = b"{}"
    state.advance(MessageRecord(room_id, 1, "m", None, "ana", "x" * 10_000, "text", None, "2026-01-01T00:00:00.001Z"))
    await cache.get_many([room_id])
    assert cache._bytes - before == 10_000 + MEMBER_BYTES
    state.advance(MessageRecord(room_id, 2, "n", None, "ana", "x", "text", None, "2026-01-01T00:00:00.002Z"))
    state.remove_member("bob")
    await cache.get_many([room_id])
    assert cache._bytes < before + MEMBER_BYTES + 10, "somebody who left is still known by name"


async def test_rooms_that_are_looked_at_stay_and_the_others_are_still_bounded(database: Database) -> None:
    rooms = [await add_room(database, f"room-{number:02}", "ana") for number in range(20)]
    cache = cache_of(database, pinned=set(rooms[:2]), capacity=3)
    for room_id in rooms:
        await cache.get_many([room_id])
    kept = [room_id for room_id in rooms if cache.find(room_id) is not None]
    assert kept[:2] == rooms[:2]
    assert kept[-1] == rooms[-1]
    assert len(kept) <= 3 + 2


async def test_the_rooms_of_somebody_are_those_in_memory(database: Database) -> None:
    first, second = await add_room(database, "first", "ana", "bob"), await add_room(database, "second", "ana")
    await add_room(database, "not loaded", "bob")
    cache = cache_of(database)
    await cache.get_many([first, second])
    assert sorted(cache.list_rooms_of("ana")) == [first, second]
    assert cache.list_rooms_of("bob") == [first]


async def test_the_rooms_of_somebody_follow_their_members_and_what_is_in_memory(database: Database) -> None:
    first, second = await add_room(database, "first", "ana", "bob"), await add_room(database, "second", "ana", "bob")
    cache = cache_of(database, capacity=2, members=2)
    await cache.get_many([first, second])
    await execute(database, "DELETE FROM chat_members WHERE user_id = 'bob' AND room_id = 'first'")
    cache.invalidate(first)
    await cache.get_many([first])
    assert cache.list_rooms_of("bob") == [second]
    cache.remove_member(second, "bob")
    cache.remove_member(second, "bob")
    assert cache.list_rooms_of("bob") == []
    await execute(database, "DELETE FROM chat_rooms WHERE id = 'first'")
    cache.invalidate(first)
    await cache.get_many([first])
    assert cache.list_rooms_of("ana") == [second]
    await cache.get_many([await add_room(database, f"other {number}", "cem") for number in range(2)])
    assert cache.list_rooms_of("ana") == []
    assert len(cache.list_rooms_of("cem")) == 2


async def test_somebody_who_was_put_out_is_out_before_the_room_is_read_again(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    cache = cache_of(database)
    state = (await cache.get_many([room_id]))[room_id]
    cache.remove_member(room_id, "bob")
    assert list(state.members) == ["ana"]
