"""Second copies of first-design clients on a real PostgreSQL: at two nodes, in a batch, stored again, locked out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from hyred_chat import tidying
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import AccessDeniedError, RoomBlockedError
from hyred_chat.messages.backup_repository import delete_old_kept
from hyred_chat.messages.backups import KEEP_SECONDS, WINDOW_SECONDS
from hyred_chat.messages.batch_repository import store_batch, store_unlocked
from hyred_chat.messages.gathering import Neighbours
from hyred_chat.messages.lane_connection import LANE_SETTINGS
from hyred_chat.messages.sends import Door, Outcome, PendingSend, Refused, Repeat, Stored
from hyred_chat.messages.store_statement import STORE_BATCH
from tests.integration.messages.lanes import ALONE_OR_NOT, Outcomes, add_room, running_lane, send_of, stored_seqs
from tests.postgres import wait_in_postgres

# Of two pairs of doors: who sends first.
DOORS: list[tuple[Door, Door]] = [("socket", "rest"), ("rest", "socket")]
EITHER_ORDER = pytest.mark.parametrize(("first", "second"), DOORS)
WAITING = (
    "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') >= {}"
)


@pytest.fixture
async def one(database: Database) -> AsyncIterator[Connection]:
    """A lane's connection at the first node."""
    connection = await database.dedicated_connection(**LANE_SETTINGS)
    yield connection
    await connection.close()


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Connection]:
    """A lane's connection at the second node."""
    connection = await database.dedicated_connection(**LANE_SETTINGS)
    yield connection
    await connection.close()


async def store(connection: Connection, *batch: PendingSend, again: bool = False) -> list[tuple[str, int]]:
    """What became of each send: stored, or a repeat, and of which seq."""
    return [told(outcome) for outcome in await store_batch(connection, batch, again=again)]


def told(outcome: Outcome | None) -> tuple[str, int]:
    assert isinstance(outcome, (Stored, Repeat)), outcome
    return type(outcome).__name__, outcome.record.seq


async def count_kept(connection: Connection) -> int:
    count: int = await connection.fetchval("SELECT count(*) FROM legacy_sends")
    return count


@EITHER_ORDER
async def test_a_copy_at_the_other_node_is_the_message_that_was_stored(
    database: Database, one: Connection, other: Connection, first: Door, second: Door
) -> None:
    room_id = await add_room(database, "room", "ana")
    original, copy = send_of("ana", room_id, door=first), send_of("ana", room_id, door=second)
    [stored], [repeat] = await store_batch(one, [original], again=False), await store_batch(other, [copy], again=False)
    assert isinstance(stored, Stored)
    assert repeat == Repeat(stored.record)
    assert await stored_seqs(database, room_id) == [1]


@EITHER_ORDER
async def test_a_message_has_one_copy_and_the_same_again_is_a_message(
    database: Database, one: Connection, other: Connection, first: Door, second: Door
) -> None:
    room_id = await add_room(database, "room", "ana")
    assert await store(one, send_of("ana", room_id, door=first)) == [("Stored", 1)]
    assert await store(one, send_of("ana", room_id, door=first)) == [("Stored", 2)]
    for seq in (1, 2):
        assert await store(other, send_of("ana", room_id, door=second)) == [("Repeat", seq)]
    assert await store(other, send_of("ana", room_id, door=second)) == [("Stored", 3)]


async def test_copies_are_told_by_everything_that_they_say(
    database: Database, one: Connection, other: Connection
) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    elsewhere = await add_room(database, "elsewhere", "ana", "bob")
    await store(one, send_of("ana", room_id, door="socket"))
    others = [
        send_of("bob", room_id, door="rest"),
        send_of("ana", elsewhere, door="rest"),
        send_of("ana", room_id, "hello", door="rest"),
        send_of("ana", room_id, message_type="image", door="rest"),
        send_of("ana", room_id, client_message_id="its own"),
        send_of("ana", room_id),
    ]
    assert {kind for kind, _ in await store(other, *others)} == {"Stored"}
    assert await store(other, send_of("ana", room_id, door="rest")) == [("Repeat", 1)]


@pytest.mark.parametrize(("age_seconds", "kind"), [(WINDOW_SECONDS - 2, "Repeat"), (WINDOW_SECONDS + 2, "Stored")])
async def test_a_copy_comes_within_a_minute_of_the_arrival_of_its_original(
    database: Database, one: Connection, other: Connection, age_seconds: float, kind: str
) -> None:
    """Also when it is the original that waited, and its copy passed it."""
    for first, second in DOORS:
        rooms = [await add_room(database, f"{name} {first}", "ana") for name in ("room", "passed")]
        await store(one, send_of("ana", rooms[0], door=first, age_seconds=age_seconds))
        assert [each for each, _ in await store(other, send_of("ana", rooms[0], door=second))] == [kind]
        await store(one, send_of("ana", rooms[1], door=first))
        slow = send_of("ana", rooms[1], door=second, age_seconds=age_seconds)
        assert [each for each, _ in await store(other, slow)] == [kind]


@EITHER_ORDER
async def test_a_message_that_had_its_copy_in_its_own_batch_gets_no_other_one(
    database: Database, one: Connection, other: Connection, first: Door, second: Door
) -> None:
    room_id = await add_room(database, "room", "ana")
    batch = [send_of("ana", room_id, door=door) for door in (first, second)]
    assert await store(one, *batch) == [("Stored", 1), ("Repeat", 1)]
    assert await store(other, send_of("ana", room_id, door=second)) == [("Stored", 2)]


async def test_copies_in_one_batch_are_paired_and_the_batch_can_be_stored_again(
    database: Database, one: Connection, other: Connection
) -> None:
    room_id = await add_room(database, "room", "ana")
    assert await store(one, send_of("ana", room_id, "Before", door="socket")) == [("Stored", 1)]
    doors: list[Door] = ["socket", "rest", "rest", "socket", "socket"]
    batch = [
        send_of("ana", room_id, "Before", door="rest"),
        *(send_of("ana", room_id, door=door) for door in doors),
        send_of("ana", room_id, client_message_id="its own"),
    ]
    expected = [("Repeat", 1), ("Stored", 2), ("Repeat", 2), ("Stored", 3), ("Repeat", 3), ("Stored", 4), ("Stored", 5)]
    assert await store(one, *batch) == expected
    assert await store(other, *batch, again=True) == expected
    # The answer was lost, and the originals' senders have waited long enough.
    assert await store(other, batch[0], batch[2], batch[4], again=True) == [("Repeat", 1), ("Repeat", 2), ("Repeat", 3)]
    assert await stored_seqs(database, room_id) == [1, 2, 3, 4, 5]
    # The one that has no copy yet gets one, and none of the others does.
    last: list[tuple[Door, str]] = [("rest", "Hello"), ("rest", "Hello"), ("rest", "Before"), ("socket", "Before")]
    outcomes = [await store(other, send_of("ana", room_id, content, door=door)) for door, content in last]
    assert outcomes == [[("Repeat", 4)], [("Stored", 6)], [("Stored", 7)], [("Repeat", 7)]]


async def test_an_original_that_is_stored_again_keeps_the_copy_that_another_node_took_for_it(
    database: Database, one: Connection, other: Connection
) -> None:
    room_id = await add_room(database, "room", "ana")
    original = send_of("ana", room_id, door="socket")
    assert await store(one, original) == [("Stored", 1)]
    assert await store(other, send_of("ana", room_id, door="rest")) == [("Repeat", 1)]
    assert await store(one, original, again=True) == [("Stored", 1)]
    assert await store(other, send_of("ana", room_id, door="rest")) == [("Stored", 2)]


@ALONE_OR_NOT
async def test_pairs_at_two_nodes_at_once_are_stored_once_each(
    database: Database, neighbours: Neighbours | None
) -> None:
    rooms = [await add_room(database, f"room-{number}", "ana") for number in range(4)]
    at_one, at_other = Outcomes(), Outcomes()
    async with (
        running_lane(database, at_one, batch_size=16, neighbours=neighbours) as lane,
        running_lane(database, at_other, batch_size=16, neighbours=neighbours) as other_lane,
    ):
        for number in range(100):
            doors = DOORS[number % 2]
            lane.submit(send_of("ana", rooms[number % 4], f"{number // 8}", door=doors[0]))
            other_lane.submit(send_of("ana", rooms[number % 4], f"{number // 8}", door=doors[1]))
        await asyncio.gather(lane.flush(), other_lane.flush())
    outcomes = [told(outcome)[0] for _, outcome in (*at_one.settled, *at_other.settled)]
    assert (outcomes.count("Stored"), outcomes.count("Repeat")) == (100, 100)
    for room_id in rooms:
        assert await stored_seqs(database, room_id) == list(range(1, 26))


async def test_a_copy_waits_for_the_original_that_is_being_stored(
    database: Database, one: Connection, other: Connection
) -> None:
    room_id = await add_room(database, "room", "ana")
    for connection in (one, other):
        await connection.execute("SET lock_timeout = 0")
    async with AsyncExitStack() as stack:
        blocker = await stack.enter_async_context(database.transaction())
        await blocker.execute("SELECT FROM chat_rooms WHERE id = $1 FOR NO KEY UPDATE", room_id)
        storing = [
            asyncio.create_task(store(one, send_of("ana", room_id, door="socket"))),
            asyncio.create_task(store(other, send_of("ana", room_id, door="rest"))),
        ]
        async with database.connection() as watcher:
            await wait_in_postgres(watcher, WAITING.format(2))
    assert sorted(await asyncio.gather(*storing)) == [[("Repeat", 1)], [("Stored", 1)]]
    assert await stored_seqs(database, room_id) == [1]


async def test_copies_of_a_room_that_was_locked_are_paired_once_it_is_free(
    database: Database, one: Connection, other: Connection
) -> None:
    room_id, free_room = await add_room(database, "room", "ana"), await add_room(database, "free", "ana")
    await store(one, send_of("ana", room_id, door="socket"))
    batch = [send_of("ana", room, door=door) for room in (room_id, free_room) for door in DOORS[1]]
    async with database.transaction() as blocker:
        await blocker.execute("SELECT FROM chat_rooms WHERE id = $1 FOR NO KEY UPDATE", room_id)
        locked = await store_unlocked(other, batch)
    assert locked[:2] == [None, None]
    assert [told(outcome) for outcome in locked[2:]] == [("Stored", 1), ("Repeat", 1)]
    assert [told(outcome) for outcome in await store_unlocked(other, batch[:2])] == [("Repeat", 1), ("Stored", 2)]


async def test_the_copy_of_what_is_refused_is_refused_and_nothing_of_it_is_kept(
    database: Database, one: Connection
) -> None:
    blocked = await add_room(database, "blocked", "ana", status="blocked")
    foreign = await add_room(database, "foreign", "bob")
    for room_id, error in ((blocked, RoomBlockedError), (foreign, AccessDeniedError)):
        batch = [send_of("ana", room_id, door=door) for door in DOORS[0]]
        for outcome in await store_batch(one, batch, again=False):
            assert isinstance(outcome, Refused)
            assert isinstance(outcome.error, error)
    assert await count_kept(one) == 0


async def test_a_copy_says_what_was_stored_although_nothing_may_be_sent_any_more(
    database: Database, one: Connection, other: Connection
) -> None:
    room_id = await add_room(database, "room", "ana")
    await store(one, send_of("ana", room_id, door="socket"))
    await other.execute("UPDATE chat_rooms SET status = 'blocked'")
    assert await store(other, send_of("ana", room_id, door="rest")) == [("Repeat", 1)]
    [outcome] = await store_batch(other, [send_of("ana", room_id, door="rest")], again=False)
    assert isinstance(outcome, Refused)


async def test_a_batch_with_a_bad_message_pairs_the_copies_in_it(database: Database) -> None:
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    original, bad, copy = (
        send_of("ana", room_id, door="socket"),
        send_of("ana", room_id, "Bad", metadata="{", door="socket"),
        send_of("ana", room_id, door="rest"),
    )
    async with running_lane(database, outcomes) as lane:
        for send in (original, bad, copy):
            lane.submit(send)
        await lane.flush()
    assert [told(outcomes.of(send)) for send in (original, copy)] == [("Stored", 1), ("Repeat", 1)]
    assert isinstance(outcomes.of(bad), Refused)


async def test_sends_with_an_id_of_their_own_are_one_statement_and_nothing_is_kept(
    database: Database, one: Connection
) -> None:
    room_id = await add_room(database, "room", "ana")
    await store(one, send_of("ana", room_id, client_message_id="first"))  # asyncpg reads the types
    statements: list[str] = []
    one.add_query_logger(lambda record: statements.append(record.query))
    batch = [send_of("ana", room_id, client_message_id=f"own-{number}") for number in range(3)]
    assert await store(one, *batch) == [("Stored", 2), ("Stored", 3), ("Stored", 4)]
    for _ in range(2):
        await asyncio.sleep(0)  # statements are reported one turn of the loop after they end
    assert statements == [STORE_BATCH]
    assert await count_kept(one) == 0


async def test_what_can_have_no_copy_any_more_is_forgotten(
    database: Database, one: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "ROWS_AT_ONCE", 10)
    room_id = await add_room(database, "room", "ana")
    old = [send_of("ana", room_id, f"{number}", door="rest", age_seconds=KEEP_SECONDS + 5) for number in range(25)]
    await store(one, *old, send_of("ana", room_id, "young", door="rest", age_seconds=KEEP_SECONDS - 5))
    await tidying.tidy_up(database, delete_old_kept, keep_seconds=KEEP_SECONDS)
    assert await count_kept(one) == 1
