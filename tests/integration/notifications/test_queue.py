"""Messages make notifications in their own statement, and none is missed however looks and messages fall together."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from hyred_chat.administration.repository import lock_room
from hyred_chat.db.pool import Database
from hyred_chat.messages.batch_repository import store_batch
from hyred_chat.messages.system import store_system_message
from hyred_chat.notifications.conversations import chat_notification_id
from hyred_chat.notifications.repository import follow_positions
from hyred_chat.push import repository
from hyred_chat.push.facts import Conversation, Due, Pause
from hyred_chat.receipts.repository import advance
from hyred_chat.rooms.system_events import SystemEvent
from tests.integration.messages.lanes import Outcomes, add_room, running_lane, send_of
from tests.integration.notifications.queue import Queue
from tests.postgres import Connection, wait_in_postgres

SOMEBODY_WAITS = (
    "EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
)


@pytest.fixture
def queue(database: Database) -> Queue:
    return Queue(database)


@pytest.fixture
async def watcher(database: Database) -> AsyncIterator[Connection]:
    """A look from outside at what waits for what."""
    connection = await database.dedicated_connection()
    yield connection
    await connection.close()


async def test_every_member_but_the_sender_has_one(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben", "cem")
    await queue.store(room_id, "ana")
    assert await queue.users() == {"ben", "cem"}
    await queue.store(room_id, "ben")
    assert await queue.users() == {"ana", "ben", "cem"}


async def test_both_of_two_senders_in_one_batch_have_one(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana", "ben")
    assert await queue.users() == {"ana", "ben"}


async def test_a_message_that_is_refused_makes_none(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben", status="blocked")
    await queue.store(room_id, "ana", "stranger")
    assert await queue.users() == set()


async def test_the_messages_of_a_burst_write_nothing_more(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben", "cem")
    await queue.store(room_id, "ana")
    first = await queue.row(room_id, "cem")
    await queue.store(room_id, "ana", "ana")
    assert await queue.row(room_id, "cem") == first
    await queue.store(room_id, "ben")  # ana has none yet
    after = await queue.row(room_id, "cem")
    await queue.store(room_id, "cem", "ana", "ben")
    assert await queue.row(room_id, "cem") == after


async def test_a_message_after_the_look_makes_it_due_again(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    await queue.make_due()
    await queue.end_cover()
    [due] = await queue.claim()
    await queue.settle(due)
    assert (await queue.row(room_id, "ben"))["due_at"] is None
    await queue.store(room_id, "ana")
    assert (await queue.row(room_id, "ben"))["is_waiting"]


async def test_a_message_during_the_look_makes_it_due_again(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    await queue.make_due()
    await queue.end_cover()
    [due] = await queue.claim()
    await queue.store(room_id, "ana")
    await queue.end_cover()
    await queue.settle(due)
    row = await queue.row(room_id, "ben")
    assert (row["looked_seq"], row["is_waiting"]) == (1, True)


async def test_a_look_waits_for_the_message_that_is_being_stored_while_it_ends(
    database: Database, queue: Queue, watcher: Connection
) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    await queue.make_due()
    [due] = await queue.claim()
    async with database.transaction() as connection:
        await store_batch(connection, [send_of("ana", room_id)], again=False)  # covered: writes nothing of ben's
        await wait_in_postgres(watcher, "clock_timestamp() > (SELECT covered_until FROM chat_rooms)")
        settling = asyncio.create_task(queue.settle(due))
        await wait_in_postgres(watcher, SOMEBODY_WAITS)
    await settling
    assert (await queue.row(room_id, "ben"))["is_waiting"]


async def test_while_a_room_is_covered_its_notifications_stay_due(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    await queue.make_due()
    [due] = await queue.claim()
    await queue.settle(due)
    assert (await queue.row(room_id, "ben"))["is_waiting"]
    await queue.store(room_id, "ana")  # covered: writes nothing, and counts on that
    await queue.make_due()
    [again] = await queue.claim()
    assert isinstance(again.subject, Conversation)
    assert (again.subject.last_seq, again.looked_seq) == (2, 1)


async def test_a_room_that_was_just_pushed_about_rests(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    await queue.make_due()
    await queue.end_cover()
    [due] = await queue.claim()
    await queue.settle(due, rest_seconds=600.0)
    await queue.store(room_id, "ana")
    row = await queue.row(room_id, "ben")
    assert row["due_at"] == row["rests_until"]


async def looked_at(database: Database, queue: Queue, **changes: Any) -> str:
    """A room whose one notification was looked at, and settled so."""
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    await queue.make_due()
    await queue.end_cover()
    [due] = await queue.claim()
    await queue.settle(due, **changes)
    return room_id


async def seconds_until_due(queue: Queue, room_id: str) -> float:
    row = await queue.row(room_id, "ben")
    seconds: float = (row["due_at"] - datetime.now(UTC)).total_seconds()
    return seconds


async def test_a_new_message_does_not_wait_for_what_one_device_waits_for(database: Database, queue: Queue) -> None:
    room_id = await looked_at(database, queue, wait_seconds=3600.0)
    assert await seconds_until_due(queue, room_id) > 3000
    await queue.store(room_id, "ana")
    assert await seconds_until_due(queue, room_id) <= 1


async def test_nor_does_one_that_comes_during_the_look_or_is_covered(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    for _ in range(2):
        await queue.store(room_id, "ana")
        await queue.make_due()
        [due] = await queue.claim()
        await queue.store(room_id, "ana")
        await queue.settle(due, wait_seconds=3600.0, rest_seconds=0.0)
        assert await seconds_until_due(queue, room_id) <= 1
        await queue.settle(*await queue_of_all(queue), wait_seconds=3600.0, rest_seconds=0.0)


async def queue_of_all(queue: Queue) -> list[Due]:
    await queue.make_due()
    return await queue.claim()


async def test_a_new_message_waits_for_the_rest_of_its_conversation_and_a_device_s_turn_may_come_sooner(
    database: Database, queue: Queue
) -> None:
    room_id = await looked_at(database, queue, wait_seconds=600.0, rest_seconds=30.0)
    await queue.store(room_id, "ana")
    assert 25 < await seconds_until_due(queue, room_id) <= 30
    [due] = await queue_of_all(queue)
    await queue.settle(due, wait_seconds=5.0, rest_seconds=5.0)
    await queue.store(room_id, "ana")
    assert 2 < await seconds_until_due(queue, room_id) <= 5


async def test_a_message_takes_no_row_from_the_worker_that_looks_at_it(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    await queue.make_due()
    await queue.end_cover()
    await queue.claim(lease_seconds=600.0)
    await queue.store(room_id, "ana")
    assert await seconds_until_due(queue, room_id) > 500


async def test_until_when_devices_pause_is_kept(database: Database, queue: Queue) -> None:
    pauses = {"phone": Pause(datetime(2026, 3, 1, tzinfo=UTC), tries=3, owes=True)}
    await looked_at(database, queue, pauses=pauses, attempts=1, wait_seconds=1.0)
    [due] = await queue_of_all(queue)
    assert due.pauses == pauses


async def test_a_row_that_makes_no_sense_is_apart_from_the_others(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben", "cem")
    await queue.store(room_id, "ana")
    await queue.make_due()
    async with database.connection() as connection:
        await connection.execute("UPDATE notifications SET pauses = '[7]' WHERE user_id = 'ben'")
        dues, unreadable = await repository.claim(connection, lease="lease", lease_seconds=60, limit=10)
    assert [due.reader.id for due in dues] == ["cem"]
    assert [(row.id, row.room_id, row.last_seq) for row in unreadable] == [
        (chat_notification_id(room_id, "ben"), room_id, 1)
    ]


async def test_no_two_workers_claim_the_same(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", *(f"reader-{number}" for number in range(50)))
    await queue.store(room_id, "ana")
    await queue.make_due()
    claims = await asyncio.gather(*(queue.claim(limit=20) for _ in range(4)))
    claimed = [due.id for dues in claims for due in dues]
    assert len(claimed) == len(set(claimed)) == 50


async def test_a_lease_that_has_ended_is_another_worker_s_and_the_first_one_s_word_is_void(
    database: Database, queue: Queue
) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    await queue.make_due()
    [slow] = await queue.claim(lease_seconds=0.0)
    [other] = await queue.claim()
    await queue.settle(slow, state="failed")
    assert (await queue.row(room_id, "ben"))["state"] == "scheduled"
    await queue.settle(other, state="sent")
    assert (await queue.row(room_id, "ben"))["state"] == "sent"


async def test_reading_during_the_look_makes_a_worker_look_again_at_once(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    await queue.make_due()
    [due] = await queue.claim()
    async with database.connection() as connection:
        await advance(connection, room_id, "ben", 1, read=True, known_seq=0)
        await follow_positions(connection, [chat_notification_id(room_id, "ben")])
    await queue.settle(due, is_new=True, shown_on=("phone",))
    [again] = await queue.claim()
    assert isinstance(again.subject, Conversation)
    assert (again.subject.unread, again.shown_on) == (0, ("phone",))


async def test_no_message_is_missed_and_nobody_waits_in_a_circle(database: Database, queue: Queue) -> None:
    """Messages, looks and readers all at once: at the end, everybody was looked at up to the newest message."""
    people = [f"person-{number}" for number in range(6)]
    rooms = [await add_room(database, f"room-{number}", *people) for number in range(5)]
    outcomes, is_over = Outcomes(), asyncio.Event()

    async def look() -> None:
        while not is_over.is_set():
            await queue.make_due()
            for due in await queue.claim(limit=7):
                await queue.settle(due)

    async def read() -> None:
        while not is_over.is_set():
            for room_id in rooms:
                async with database.connection() as connection:
                    await advance(connection, room_id, people[0], 2**40, read=True, known_seq=0)
                    ids = [chat_notification_id(room_id, person) for person in people]
                    await follow_positions(connection, ids)

    async with running_lane(database, outcomes) as one, running_lane(database, outcomes) as two:
        others = [asyncio.create_task(work()) for work in (look, look, read)]
        for turn in range(400):
            lane = one if turn % 2 else two
            lane.submit(send_of(people[turn % 4], rooms[turn % 5], f"Number {turn}"))
            await outcomes.wait_for(turn - 20)
        await outcomes.wait_for(400)
        is_over.set()
        await asyncio.gather(*others)
    await queue.make_due()
    while dues := await queue.claim():
        await queue.settle(*dues)
    await queue.end_cover()
    async with database.connection() as connection:
        missed = await connection.fetch(
            "SELECT n.user_id, n.room_id FROM notifications n JOIN chat_rooms room ON room.id = n.room_id"
            " JOIN chat_members member ON member.room_id = room.id AND member.user_id = n.user_id"
            " WHERE member.last_read_seq < room.last_seq AND n.looked_seq < room.last_seq AND n.due_at IS NULL"
        )
        count = await connection.fetchval("SELECT count(*) FROM notifications")
    assert missed == []
    assert count == len(rooms) * len(people)


async def store_of_the_system(database: Database, room_id: str) -> None:
    async with database.transaction() as connection:
        await lock_room(connection, room_id)
        await store_system_message(connection, room_id, SystemEvent("renamed", "ana", title="Launch"))


async def test_a_message_of_the_system_makes_no_notification_and_is_not_unread(
    database: Database, queue: Queue
) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await store_of_the_system(database, room_id)
    assert await queue.users() == set()
    await queue.store(room_id, "ana")
    await store_of_the_system(database, room_id)
    await queue.store(room_id, "ana")
    await store_of_the_system(database, room_id)
    await queue.make_due()
    [due] = await queue.claim()
    assert isinstance(due.subject, Conversation)
    assert (due.last_seq, due.subject.unread, due.subject.message_type, due.is_grown) == (4, 2, "text", True)
    async with database.connection() as connection:
        assert (await repository.find_reach(connection, ["ben"]))["ben"].unread == 2
    await queue.end_cover()
    await queue.settle(due, looked_seq=due.last_seq)
    assert (await queue.row(room_id, "ben"))["due_at"] is None, "there is nothing more to look at"
    async with database.connection() as connection:
        await advance(connection, room_id, "ben", 4, read=True, known_seq=0)
        [due] = await find_due_again(database, queue)
    assert isinstance(due.subject, Conversation)
    assert due.subject.unread == 0, "everything that counts was read"


async def find_due_again(database: Database, queue: Queue) -> list[Due]:
    async with database.connection() as connection:
        await connection.execute("UPDATE notifications SET due_at = now() - interval '1 ms'")
    return await queue.claim()


async def test_a_room_with_messages_of_the_system_alone_has_nothing_to_push(database: Database, queue: Queue) -> None:
    room_id = await add_room(database, "room", "ana", "ben")
    await queue.store(room_id, "ana")
    async with database.connection() as connection:
        await connection.execute("UPDATE messages SET type = 'system' WHERE room_id = $1", room_id)
    await queue.make_due()
    [due] = await queue.claim()
    assert isinstance(due.subject, Conversation)
    assert (due.last_seq, due.subject.unread) == (0, 0)
