"""Group commit on a real PostgreSQL: order, repeats, bad messages among good ones, broken connections, two nodes."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hyred_chat.db.pool import Connection as LaneConnection
from hyred_chat.db.pool import Database
from hyred_chat.errors import AccessDeniedError, InternalError, RoomBlockedError, UnavailableError
from hyred_chat.messages import batch_repository, gathering, lane_connection
from hyred_chat.messages.batch_repository import Pending, store_batch
from hyred_chat.messages.gathering import Neighbours
from hyred_chat.messages.sends import Outcome, PendingSend, Refused, Repeat, Stored
from hyred_chat.messages.store_statement import DEFINE_STORE_BATCH
from tests.integration.messages.lanes import (
    ALONE_OR_NOT,
    PATIENCE_SECONDS,
    Outcomes,
    add_room,
    running_lane,
    send_of,
    stored_seqs,
)
from tests.postgres import Connection, wait_in_postgres

WAITING = (
    "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') >= {}"
)


@pytest.fixture
async def watcher(database: Database) -> AsyncIterator[Connection]:
    """A look from outside at what waits for what."""
    connection = await database.dedicated_connection()
    yield connection
    await connection.close()


def seqs_of(outcomes: Outcomes, sends: list[PendingSend]) -> list[int]:
    """The positions of sends that were all stored."""
    seqs = []
    for send in sends:
        outcome = outcomes.of(send)
        assert isinstance(outcome, Stored), outcome
        seqs.append(outcome.record.seq)
    return seqs


def error_of(outcomes: Outcomes, send: PendingSend) -> type[Exception]:
    outcome = outcomes.of(send)
    assert isinstance(outcome, Refused), outcome
    return type(outcome.error)


async def test_sends_are_stored_and_settled_in_the_order_they_came(database: Database) -> None:
    rooms = [await add_room(database, f"room-{number}", "ana", "bob") for number in range(3)]
    outcomes = Outcomes()
    sends = [send_of("ana" if number % 2 else "bob", rooms[number % 3], str(number)) for number in range(60)]
    async with running_lane(database, outcomes, batch_size=16) as lane:
        for send in sends:
            lane.submit(send)
        await lane.flush()
    assert [send for send, _ in outcomes.settled] == sends
    for number, room_id in enumerate(rooms):
        assert seqs_of(outcomes, sends[number::3]) == list(range(1, 21))
        assert await stored_seqs(database, room_id) == list(range(1, 21))


async def test_half_of_what_is_under_way_is_stored_while_the_senders_of_the_other_half_are_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    batches: list[tuple[int, int]] = []

    async def store(connection: LaneConnection, batch: list[PendingSend], **options: bool) -> list[Outcome]:
        batches.append((len(batch), len(outcomes.settled)))
        return await store_batch(connection, batch, **options)

    monkeypatch.setattr(batch_repository, "store_batch", store)
    async with running_lane(database, outcomes) as lane:
        for number in range(100):
            lane.submit(send_of("ana", room_id, str(number)))
        await lane.flush()
    assert batches[:2] == [(50, 0), (50, 0)]  # of the first fifty nobody was told when the second fifty were sent
    assert len(outcomes.settled) == 100


async def test_created_at_rises_by_a_millisecond_at_least(database: Database) -> None:
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    async with running_lane(database, outcomes, batch_size=8) as lane:
        for number in range(40):
            lane.submit(send_of("ana", room_id, str(number)))
        await lane.flush()
    async with database.connection() as connection:
        gap = await connection.fetchval(
            "SELECT min(gap) FROM (SELECT created_at - lag(created_at) OVER (ORDER BY seq) AS gap FROM messages) gaps"
        )
        exact = await connection.fetchval(
            "SELECT bool_and(created_at = date_trunc('milliseconds', created_at)) FROM messages"
        )
    assert gap.total_seconds() >= 0.001
    assert exact is True


async def test_one_bad_message_does_not_take_the_others_along(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing that the doors let through is bad; this one would be refused by the table itself."""
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    good = [send_of("ana", room_id, str(number)) for number in range(6)]
    bad = [send_of("ana", room_id, message_type="nonsense"), send_of("ana", room_id, "a\0b")]
    async with running_lane(database, outcomes) as lane:
        for send in (*good[:3], *bad, *good[3:]):
            lane.submit(send)
        await lane.flush()
    assert seqs_of(outcomes, good) == [1, 2, 3, 4, 5, 6]
    assert [error_of(outcomes, send) for send in bad] == [InternalError, InternalError]
    assert await stored_seqs(database, room_id) == [1, 2, 3, 4, 5, 6]
    assert "could not be stored" in caplog.text


@ALONE_OR_NOT
async def test_each_refusal_is_its_sender_s_own(database: Database, neighbours: Neighbours | None) -> None:
    open_room = await add_room(database, "open", "ana")
    blocked = await add_room(database, "blocked", "ana", status="blocked")
    outcomes = Outcomes()
    good, not_a_member = send_of("ana", open_room), send_of("eve", open_room)
    to_blocked, to_nowhere = send_of("ana", blocked), send_of("ana", "nowhere")
    async with running_lane(database, outcomes, neighbours=neighbours) as lane:
        for send in (not_a_member, to_blocked, good, to_nowhere):
            lane.submit(send)
        await lane.flush()
    assert seqs_of(outcomes, [good]) == [1]
    assert error_of(outcomes, not_a_member) is error_of(outcomes, to_nowhere) is AccessDeniedError
    assert error_of(outcomes, to_blocked) is RoomBlockedError


@ALONE_OR_NOT
async def test_a_repeat_comes_back_as_it_was_stored_and_takes_no_seq(
    database: Database, neighbours: Neighbours | None
) -> None:
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    first = send_of("ana", room_id, "Once", client_message_id="c-1", metadata='{"a":1}')
    again = send_of("ana", room_id, "Once", client_message_id="c-1")
    after = send_of("ana", room_id, "After")
    async with running_lane(database, outcomes, neighbours=neighbours) as lane:
        lane.submit(first)
        await lane.flush()
        lane.submit(again)
        lane.submit(after)
        await lane.flush()
    repeat = outcomes.of(again)
    assert isinstance(repeat, Repeat)
    assert (repeat.record.id, repeat.record.seq) == (first.id, 1)
    assert repeat.record.metadata == '{"a":1}'
    assert seqs_of(outcomes, [first, after]) == [1, 2]


async def test_the_same_id_twice_in_one_batch_is_a_message_and_its_repeat(database: Database) -> None:
    """Two nodes' copies never meet in one batch, and `Messages` holds a node's own back; here both get through."""
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    first, again = (send_of("ana", room_id, "Once", client_message_id="c-1") for _ in range(2))
    async with running_lane(database, outcomes) as lane:
        lane.submit(first)
        lane.submit(again)
        await lane.flush()
    assert seqs_of(outcomes, [first]) == [1]
    assert isinstance(outcomes.of(again), Repeat)
    assert await stored_seqs(database, room_id) == [1]


async def test_a_unique_violation_from_elsewhere_resolves_to_the_repeat_with_one_more_statement(
    database: Database, watcher: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another node commits the same message while our statement, which saw nothing of it, waits for that commit."""
    batches: list[int] = []

    async def store(connection: LaneConnection, batch: list[PendingSend], **options: bool) -> list[Outcome]:
        batches.append(len(batch))
        return await store_batch(connection, batch, **options)

    monkeypatch.setattr(batch_repository, "store_batch", store)
    room_id, other_room = await add_room(database, "room", "ana"), await add_room(database, "other", "ana")
    outcomes = Outcomes()
    good, copy = send_of("ana", room_id, "Mine"), send_of("ana", room_id, "Once", client_message_id="c-1")
    async with running_lane(database, outcomes) as lane:
        async with database.transaction() as elsewhere:
            await elsewhere.execute(
                "INSERT INTO messages (room_id, seq, id, sender_id, client_message_id, content, created_at)"
                " VALUES ($1, 1, 'from-elsewhere', 'ana', 'c-1', 'Once', now())",
                other_room,
            )
            await elsewhere.execute("UPDATE chat_rooms SET last_seq = 1 WHERE id = $1", other_room)
            lane.submit(good)
            lane.submit(copy)
            await wait_in_postgres(watcher, WAITING.format(1))
        await lane.flush()
    repeat = outcomes.of(copy)
    assert isinstance(repeat, Repeat)
    assert repeat.record.id == "from-elsewhere"
    assert repeat.record.room_id == other_room
    assert seqs_of(outcomes, [good]) == [1]
    assert batches == [2, 2]


async def test_a_batch_whose_connection_breaks_is_stored_once(database: Database, watcher: Connection) -> None:
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    sends = [send_of("ana", room_id, str(number)) for number in range(5)]
    async with running_lane(database, outcomes) as lane:
        lane.submit(sends[0])
        await lane.flush()
        async with database.transaction() as blocker:
            await blocker.execute("SELECT 1 FROM chat_rooms WHERE id = $1 FOR UPDATE", room_id)
            for send in sends[1:]:
                lane.submit(send)
            await wait_in_postgres(watcher, WAITING.format(1))
            await watcher.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        await lane.flush()
    assert seqs_of(outcomes, sends) == [1, 2, 3, 4, 5]
    assert await stored_seqs(database, room_id) == [1, 2, 3, 4, 5]


async def test_a_batch_that_was_committed_before_its_connection_broke_is_found_again(database: Database) -> None:
    """The second attempt is the very same rows: stored, and delivered now, since nobody has seen them yet."""
    room_id = await add_room(database, "room", "ana")
    batch = [send_of("ana", room_id, str(number)) for number in range(3)]
    connection = await database.dedicated_connection()
    first = await store_batch(connection, batch, again=False)
    second = await store_batch(connection, batch, again=True)
    await connection.close()
    assert first == second
    assert all(isinstance(outcome, Stored) for outcome in second)
    assert await stored_seqs(database, room_id) == [1, 2, 3]


@ALONE_OR_NOT
async def test_two_nodes_that_store_in_the_same_rooms_never_wait_in_a_circle(
    database: Database, neighbours: Neighbours | None
) -> None:
    rooms = [await add_room(database, f"room-{number}", "ana") for number in range(10)]
    one, two = Outcomes(), Outcomes()
    async with (
        running_lane(database, one, batch_size=10, neighbours=neighbours) as first,
        running_lane(database, two, batch_size=10, neighbours=neighbours) as other,
    ):
        for turn in range(10):
            for room_id in rooms:
                first.submit(send_of("ana", room_id, f"{turn}"))
            for room_id in reversed(rooms):
                other.submit(send_of("ana", room_id, f"{turn}"))
        await asyncio.gather(first.flush(), other.flush())
    assert all(isinstance(outcome, Stored) for _, outcome in (*one.settled, *two.settled))
    for room_id in rooms:
        assert await stored_seqs(database, room_id) == list(range(1, 21))


async def test_a_batch_that_locks_first_sees_what_was_committed_while_it_waited(
    database: Database, watcher: Connection
) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    connection = await database.dedicated_connection()
    await connection.execute(DEFINE_STORE_BATCH)
    async with database.transaction() as remover:
        await remover.execute("SELECT FROM chat_rooms WHERE id = $1 FOR NO KEY UPDATE", room_id)
        sends = [send_of("ana", room_id), send_of("bob", room_id)]
        storing = asyncio.create_task(store_batch(connection, sends, again=False, locks_first=True))
        await wait_in_postgres(watcher, WAITING.format(1))
        await remover.execute("DELETE FROM chat_members WHERE room_id = $1 AND user_id = 'bob'", room_id)
    outcomes = await storing  # without the lock it had raised, for the member had gone before its eyes
    await connection.close()
    assert isinstance(outcomes[0], Stored)
    assert isinstance(outcomes[1], Refused)


async def test_a_user_who_may_not_make_temporary_functions_stores_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refused = "DO $$ BEGIN RAISE insufficient_privilege USING MESSAGE = 'no temporary objects here'; END $$"
    monkeypatch.setattr(lane_connection, "DEFINE_STORE_BATCH", refused)
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    async with running_lane(database, outcomes, neighbours=Neighbours()) as lane:
        lane.submit(send_of("ana", room_id))
        await lane.flush()
    assert await stored_seqs(database, room_id) == [1]
    assert "no temporary objects here" in caplog.text


@pytest.mark.parametrize("are_others_storing", [True, False])
async def test_while_others_store_a_lane_waits_until_those_it_has_told_write_again(
    database: Database, are_others_storing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MAX_SECONDS", PATIENCE_SECONDS)
    room_id = await add_room(database, "room", "ana")
    neighbours, outcomes, sizes = Neighbours(), Outcomes(), list[int]()

    async def store(connection: LaneConnection, batch: list[PendingSend], **options: bool) -> list[Outcome]:
        sizes.append(len(batch))
        neighbours.stored += are_others_storing
        stored = await store_batch(connection, batch, **options)
        await asyncio.sleep(0.05)  # so long may be waited for those who write again
        return stored

    def answer(pending: Pending, outcome: Outcome) -> None:
        outcomes.settle(pending, outcome)
        if len(outcomes.settled) <= 240 - 48:
            lane.submit(send_of("ana", room_id))

    monkeypatch.setattr(batch_repository, "store_batch", store)
    async with running_lane(database, outcomes, on_settled=answer, neighbours=neighbours) as lane:
        for _ in range(48):
            lane.submit(send_of("ana", room_id))
        await outcomes.wait_for(240)
    assert await stored_seqs(database, room_id) == list(range(1, 241))
    if are_others_storing:
        assert sizes[:1] == [24]
        assert all(size >= 42 for size in sizes[1:-1]), sizes  # seven eighths of those who write
    else:
        assert set(sizes[:8]) == {24}


async def test_past_its_capacity_a_lane_takes_no_more(database: Database) -> None:
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    async with running_lane(database, outcomes, capacity=3) as lane:
        for number in range(3):
            lane.submit(send_of("ana", room_id, str(number)))
        with pytest.raises(UnavailableError):
            lane.submit(send_of("ana", room_id, "One too many"))
        await lane.flush()
    assert await stored_seqs(database, room_id) == [1, 2, 3]


async def test_what_waits_when_a_lane_is_stopped_is_refused_as_unavailable(
    database: Database, watcher: Connection
) -> None:
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    sends = [send_of("ana", room_id, str(number)) for number in range(4)]
    async with database.transaction() as blocker:
        await blocker.execute("SELECT 1 FROM chat_rooms WHERE id = $1 FOR UPDATE", room_id)
        async with running_lane(database, outcomes, batch_size=2) as lane:
            for send in sends:
                lane.submit(send)
            await wait_in_postgres(watcher, WAITING.format(1))
    assert [error_of(outcomes, send) for send in sends] == [UnavailableError] * 4


async def test_a_sender_reads_up_to_their_own_message(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    outcomes = Outcomes()
    async with running_lane(database, outcomes) as lane:
        for sender in ("ana", "bob", "ana"):
            lane.submit(send_of(sender, room_id))
        await lane.flush()
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT user_id, last_read_seq, last_delivered_seq FROM chat_members")
    assert {tuple(row) for row in rows} == {("ana", 3, 3), ("bob", 2, 2)}
