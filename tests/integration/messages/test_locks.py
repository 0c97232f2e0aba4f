"""Somebody else's locks: they hold up the room that they are on and no other, and nothing is lost, doubled or late."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import AccessDeniedError, UnavailableError
from hyred_chat.messages.gathering import Neighbours
from hyred_chat.messages.lanes import Lane
from hyred_chat.messages.sends import PendingSend, Refused, Stored
from tests.integration.messages.lanes import ALONE_OR_NOT, Outcomes, add_room, running_lane, send_of, stored_seqs
from tests.postgres import wait_in_postgres

# Far more than a lane needs to find out, far less than the lock is held.
SOON_SECONDS = 2.0
LOCKS = {
    "its row": "SELECT FROM chat_rooms WHERE id = ANY($1) FOR UPDATE",
    "its row, as a message does": "SELECT FROM chat_rooms WHERE id = ANY($1) FOR NO KEY UPDATE",
    "its row, for a look": "SELECT FROM chat_rooms WHERE id = ANY($1) FOR SHARE",
    "the sender's row": "SELECT FROM chat_members WHERE room_id = ANY($1) AND user_id = 'ana' FOR UPDATE",
    "all its members": "SELECT FROM chat_members WHERE room_id = ANY($1) FOR NO KEY UPDATE",
    "somebody's notification": "SELECT FROM notifications WHERE room_id = ANY($1) FOR UPDATE",
    "somebody's account": "SELECT FROM users WHERE id = 'new-' || ($1::text[])[1] FOR UPDATE",
}


@asynccontextmanager
async def locking(database: Database, lock: str, *room_ids: str) -> AsyncIterator[Connection]:
    """Somebody holds a lock until the block ends."""
    async with database.transaction() as connection:
        await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        rows = await connection.fetch(LOCKS[lock], list(room_ids))
        assert rows, "there is nothing to lock"
        yield connection


async def add_rooms(database: Database, count: int) -> list[str]:
    return [await add_room(database, f"room-{number}", "ana", "bob") for number in range(count)]


def seqs_of(outcomes: Outcomes, sends: list[PendingSend]) -> list[int]:
    stored = [outcomes.of(send) for send in sends]
    assert all(isinstance(outcome, Stored) for outcome in stored), stored
    return [outcome.record.seq for outcome in stored if isinstance(outcome, Stored)]


async def uncover(database: Database) -> None:
    """Have the next message of each room look at its members' notifications."""
    async with database.connection() as connection:
        await connection.execute("UPDATE chat_rooms SET covered_until = NULL")


@pytest.mark.parametrize("lock", LOCKS)
async def test_a_lock_holds_up_its_room_and_no_other(database: Database, lock: str) -> None:
    locked, *others = await add_rooms(database, 6)
    outcomes = Outcomes()
    async with running_lane(database, outcomes) as lane:
        for room_id in (locked, *others):
            lane.submit(send_of("ana", room_id, "before"))
        await lane.flush()
        await uncover(database)
        if lock == "somebody's account":  # whose first notification of this room is still to be written
            async with database.connection() as connection:
                await connection.execute(
                    "INSERT INTO users (id, email, role) VALUES ('new-' || $1, 'new', 'va')", locked
                )
                await connection.execute(
                    "INSERT INTO chat_members (room_id, user_id) VALUES ($1, 'new-' || $1)", locked
                )
        waiting: list[PendingSend] = []
        async with locking(database, lock, locked):
            for turn in range(4):
                started = time.monotonic()
                free = [send_of("ana", room_id, str(turn)) for room_id in others]
                for send in (send_of("ana", locked, str(turn)), *free, send_of("bob", locked, str(turn))):
                    lane.submit(send)
                    if send.room_id == locked:
                        waiting.append(send)
                count = len(outcomes.settled) + len(free)
                await outcomes.wait_for(count)
                assert time.monotonic() - started < SOON_SECONDS
                assert {outcomes.of(send).__class__ for send in free} == {Stored}
        await lane.flush()
    assert seqs_of(outcomes, waiting) == list(range(2, 10)), "in the order in which they were sent"
    assert await stored_seqs(database, locked) == list(range(1, 10))
    for room_id in others:
        assert await stored_seqs(database, room_id) == list(range(1, 6))


async def test_many_locked_rooms_hold_up_no_other(database: Database) -> None:
    rooms = await add_rooms(database, 200)
    locked, free = rooms[:150], rooms[150:]
    outcomes = Outcomes()
    async with running_lane(database, outcomes) as lane:
        async with locking(database, "its row", *locked):
            started = time.monotonic()
            sends = {room_id: send_of("ana", room_id) for room_id in rooms}
            for send in sends.values():
                lane.submit(send)
            await outcomes.wait_for(len(free))
            assert time.monotonic() - started < SOON_SECONDS
            assert {send.room_id for send, _ in outcomes.settled} == set(free)
        started = time.monotonic()
        await lane.flush()
        assert time.monotonic() - started < SOON_SECONDS
    assert seqs_of(outcomes, list(sends.values())) == [1] * len(rooms)


async def test_many_locks_that_only_show_when_they_are_met_leave_most_of_the_time_to_others(
    database: Database,
) -> None:
    """Accounts: each room has to write the first notification of somebody, which looks at their account."""
    rooms = await add_rooms(database, 12)
    locked, free = rooms[:8], rooms[8:]
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO users (id, email, role) SELECT 'new-' || id, 'new-' || id, 'va' FROM unnest($1::text[]) id",
            locked,
        )
        await connection.execute(
            "INSERT INTO chat_members (room_id, user_id) SELECT id, 'new-' || id FROM unnest($1::text[]) id", locked
        )
    outcomes = Outcomes()
    async with running_lane(database, outcomes) as lane:
        tries = note_tries(lane)
        async with database.transaction() as blocker:
            await blocker.execute("SELECT FROM users WHERE id LIKE 'new-%' FOR UPDATE")
            waiting = [send_of("ana", room_id) for room_id in locked]
            for send in waiting:
                lane.submit(send)
            stored_at: list[float] = []
            while len(tries) < 3:
                for room_id in free:
                    lane.submit(send_of("ana", room_id, str(len(stored_at))))
                await outcomes.wait_for((len(stored_at) + 1) * len(free))
                stored_at.append(time.monotonic())
        await lane.flush()
    # However long a try takes here: as many times as long, the others are stored.
    for (began, ended), (next_began, _) in pairwise(tries[:3]):
        assert next_began - ended > 3 * (ended - began)
        assert any(ended < moment < next_began for moment in stored_at)
    assert seqs_of(outcomes, waiting) == [1] * len(locked)


def note_tries(lane: Lane) -> list[tuple[float, float]]:
    """When a lane begins and ends to try whether what is locked is free again."""
    tries = []
    store_aside = lane._store_aside

    async def store_and_note() -> None:
        began = time.monotonic()
        await store_aside()
        tries.append((began, time.monotonic()))

    lane._store_aside = store_and_note  # type: ignore[method-assign]
    return tries


async def test_whoever_waits_for_a_lock_is_refused_in_time_and_nothing_is_stored_afterwards(
    database: Database,
) -> None:
    locked, other = await add_rooms(database, 2)
    outcomes = Outcomes()
    async with running_lane(database, outcomes) as lane:
        async with locking(database, "its row", locked):
            started = time.monotonic()
            late = [send_of("ana", locked, str(number), patience_seconds=1) for number in range(5)]
            for send in late:
                lane.submit(send)
            await outcomes.wait_for(5)
            assert 0.9 < time.monotonic() - started < 1 + SOON_SECONDS
            for send in late:
                outcome = outcomes.of(send)
                assert isinstance(outcome, Refused)
                assert isinstance(outcome.error, UnavailableError)
            patient = send_of("ana", locked, "patient")
            lane.submit(patient)
            lane.submit(send_of("ana", other))
            await outcomes.wait_for(6)
        await lane.flush()
    assert seqs_of(outcomes, [patient]) == [1]
    assert await stored_seqs(database, locked) == [1]


async def test_a_locked_table_holds_up_everything_and_loses_nothing(database: Database) -> None:
    rooms = await add_rooms(database, 3)
    outcomes = Outcomes()
    sends = [send_of("ana", rooms[number % 3], str(number)) for number in range(12)]
    async with running_lane(database, outcomes) as lane:
        async with database.transaction() as connection:
            await connection.execute("LOCK TABLE messages")
            for send in sends:
                lane.submit(send)
            await asyncio.sleep(0.6)  # several attempts
            assert outcomes.settled == []
        await lane.flush()
    for number, room_id in enumerate(rooms):
        assert seqs_of(outcomes, sends[number::3]) == [1, 2, 3, 4]
        assert await stored_seqs(database, room_id) == [1, 2, 3, 4]


async def test_more_than_a_lane_holds_is_refused_for_the_locked_room_alone(database: Database) -> None:
    locked, other = await add_rooms(database, 2)
    outcomes = Outcomes()
    async with running_lane(database, outcomes, capacity=10) as lane:
        async with locking(database, "its row", locked):
            first, free = send_of("ana", locked, "first"), send_of("ana", other)
            lane.submit(first)
            lane.submit(free)
            await outcomes.wait_for(1)  # now it is known that the room is locked
            sends = [send_of("ana", locked, str(number)) for number in range(15)]
            for send in sends:
                lane.submit(send)
                await asyncio.sleep(0)
            await outcomes.wait_for(7)
            lane.submit(send_of("ana", other))
            await outcomes.wait_for(8)
        await lane.flush()
    assert await stored_seqs(database, other) == [1, 2]
    assert seqs_of(outcomes, [first, *sends[:9]]) == list(range(1, 11))
    assert all(isinstance(outcomes.of(send), Refused) for send in sends[9:])


@ALONE_OR_NOT
async def test_two_nodes_share_a_busy_room_without_waiting_aside(
    database: Database, neighbours: Neighbours | None
) -> None:
    """Locks that are held for as long as a batch takes are waited for, in turn."""
    [room_id] = await add_rooms(database, 1)
    one, two = Outcomes(), Outcomes()
    async with (
        running_lane(database, one, batch_size=4, neighbours=neighbours) as first,
        running_lane(database, two, batch_size=4, neighbours=neighbours) as other,
    ):
        for number in range(200):
            first.submit(send_of("ana", room_id, str(number)))
            other.submit(send_of("bob", room_id, str(number)))
        await asyncio.gather(first.flush(), other.flush())
    assert await stored_seqs(database, room_id) == list(range(1, 401))


async def test_a_statement_gives_up_before_its_attempt_does(database: Database) -> None:
    """The patience of the sender is what an attempt is given: PostgreSQL has less, or would store it afterwards."""
    heard: list[str] = []
    database.on_statement.append(heard.append)
    [room_id] = await add_rooms(database, 1)
    outcomes = Outcomes()
    async with running_lane(database, outcomes) as lane:
        for seconds, expected in ((10, None), (2, 1000), (1.6, None), (0.1, 400), (9, 4000), (9, None)):
            heard.clear()
            lane.submit(send_of("ana", room_id, patience_seconds=seconds))
            await lane.flush()
            await asyncio.sleep(0)
            settings = [statement for statement in heard if "statement_timeout" in statement]
            assert settings == ([] if expected is None else [f"SET statement_timeout = {expected}"])
    database.on_statement.clear()


@ALONE_OR_NOT
async def test_whoever_is_removed_writes_nothing_after_the_removal_was_committed(
    database: Database, neighbours: Neighbours | None, caplog: pytest.LogCaptureFixture
) -> None:
    """The removal holds the room's lock, as the host's does: sends that wait for it began before it was committed.

    A batch that has to be stored again for it is no fault, and none is logged.
    """
    after_removal = 0
    for number in range(40):
        room_id = await add_room(database, f"room-{number}", "ana", "bob")
        outcomes = Outcomes()
        async with running_lane(database, outcomes, batch_size=20, neighbours=neighbours) as lane:
            sends = []
            async with database.transaction() as connection:
                await connection.execute("SELECT FROM chat_rooms WHERE id = $1 FOR NO KEY UPDATE", room_id)
                for turn in range(20):
                    sends += [send_of("ana", room_id, str(turn)), send_of("bob", room_id, str(turn))]
                    lane.submit(sends[-2])
                    lane.submit(sends[-1])
                await _wait_for_waiters(database)
                await connection.execute("DELETE FROM chat_members WHERE room_id = $1 AND user_id = 'bob'", room_id)
            await lane.flush()
        after_removal += await _count_of(database, room_id, "bob")
        assert seqs_of(outcomes, sends[::2]) == list(range(1, 21))
        assert await stored_seqs(database, room_id) == list(range(1, 21))
        for send in sends[1::2]:
            outcome = outcomes.of(send)
            assert isinstance(outcome, Refused)
            assert isinstance(outcome.error, AccessDeniedError)
    assert after_removal == 0
    assert caplog.records == []


async def _wait_for_waiters(database: Database) -> None:
    async with database.connection() as connection:
        await wait_in_postgres(
            connection,
            "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')",
        )


async def _count_of(database: Database, room_id: str, sender_id: str) -> int:
    async with database.connection() as connection:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM messages WHERE room_id = $1 AND sender_id = $2", room_id, sender_id
        )
        return count


@ALONE_OR_NOT
async def test_removals_under_a_flood_leave_nothing_behind_them(
    database: Database, neighbours: Neighbours | None
) -> None:
    """Rounds of a removal, unlocked or as the host does it, while both write as fast as they can."""
    for number in range(30):
        room_id = await add_room(database, f"room-{number}", "ana", "bob")
        outcomes = Outcomes()
        async with running_lane(database, outcomes, batch_size=8, neighbours=neighbours) as lane:
            for turn in range(60):
                lane.submit(send_of("ana" if turn % 2 else "bob", room_id, str(turn)))
            await outcomes.wait_for(number)
            async with database.transaction() as connection:
                if number % 2:
                    await connection.execute("SELECT FROM chat_rooms WHERE id = $1 FOR NO KEY UPDATE", room_id)
                await connection.execute("DELETE FROM chat_members WHERE room_id = $1 AND user_id = 'bob'", room_id)
                # The removal waits for the lock of a batch that is under way: what that stores is from before.
                before = await _count_of(database, room_id, "bob") if number % 2 else None
            count = await _count_of(database, room_id, "bob")
            assert before in {None, count}
            await lane.flush()
        assert await _count_of(database, room_id, "bob") == count
        seqs = await stored_seqs(database, room_id)
        assert seqs == list(range(1, 31 + count))
