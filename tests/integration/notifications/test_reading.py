"""What reading takes into account: all messages that there are by then, and none that comes later."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest

from hyred_chat.db.pool import Database
from hyred_chat.notifications import repository
from hyred_chat.notifications.attention import Attention
from hyred_chat.notifications.conversations import chat_notification_id
from hyred_chat.notifications.signals import Hint
from hyred_chat.push.decisions import Decision, Patience, Send, Settle, decide
from hyred_chat.receipts.repository import advance
from tests.integration.messages.lanes import add_room
from tests.integration.notifications.queue import Queue

Read: TypeAlias = Callable[..., Awaitable[list[Hint]]]

ID = chat_notification_id("room", "ben")


@pytest.fixture
async def queue(database: Database) -> Queue:
    """Ben's notification of one message, which was pushed and listed."""
    queue = Queue(database)
    await add_room(database, "room", "ana", "ben")
    await queue.store("room", "ana")
    await queue.make_due()
    await queue.end_cover()
    [due] = await queue.claim()
    await queue.settle(due, is_new=True)
    return queue


async def read_all(database: Database, here_seconds: float | None = 3600.0) -> list[Hint]:
    async with database.connection() as connection:
        return await repository.read_all(connection, "ben", here_seconds, messages=True)


async def read_one(database: Database, here_seconds: float | None = 3600.0) -> list[Hint]:
    async with database.connection() as connection:
        return await repository.read_one(connection, ID, "ben", here_seconds)


async def follow(database: Database) -> list[Hint]:
    async with database.connection() as connection:
        read, locked = await repository.follow_positions(connection, [ID])
    assert locked == []
    return read


async def rise(database: Database, seq: int) -> None:
    async with database.connection() as connection:
        await advance(connection, "room", "ben", seq, read=True, known_seq=0)


async def decision(queue: Queue) -> Decision:
    """What a worker would do with it now."""
    await queue.make_due()
    [due] = await queue.claim()
    return decide(due, Attention.NOTHING, Patience(grace_seconds=0.0, ttl_seconds=3600))


@pytest.mark.parametrize("read", [read_all, read_one])
async def test_what_grew_after_reading_is_read_again_though_it_is_not_listed_anew(
    database: Database, queue: Queue, read: Read
) -> None:
    assert await read_all(database) == [Hint("ben", ID, 1)]
    await queue.store("room", "ana")
    assert await read(database) == [Hint("ben", ID, 2)]
    assert await read(database) == []
    assert await decision(queue) == Settle("read", "read", is_read=True)


async def test_what_was_told_of_is_read_however_long_the_statement_waits(database: Database, queue: Queue) -> None:
    async with database.transaction("test") as connection:
        await queue.store("room", "ana")
        await connection.execute("SELECT pg_sleep(0.2)")
        assert await repository.read_all(connection, "ben", 0.1, messages=True) == [Hint("ben", ID, 2)]


@pytest.mark.parametrize("here_seconds", [None, 0.0])
@pytest.mark.parametrize("read", [read_all, read_one])
async def test_reading_covers_what_is_listed_and_nothing_that_nobody_was_told_of(
    database: Database, queue: Queue, read: Read, here_seconds: float | None
) -> None:
    """By somebody without a socket, or whose socket came after the message."""
    await queue.store("room", "ana")
    assert await read(database, here_seconds) == [Hint("ben", ID, 1)]
    assert await read(database, here_seconds) == []
    assert await decision(queue) == Send(is_new=True)


@pytest.mark.parametrize("read", [read_all, read_one])
async def test_what_was_read_in_the_room_needs_no_telling(database: Database, queue: Queue, read: Read) -> None:
    await queue.store("room", "ana")
    async with database.connection() as connection:
        await connection.execute("UPDATE messages SET created_at = now() - interval '1 day'")
    await rise(database, 2)
    await queue.store("room", "ana")  # and this one was shown live
    assert await read(database, 60.0) == [Hint("ben", ID, 3)]
    assert await decision(queue) == Settle("read", "read", is_read=True)


async def test_what_came_before_the_socket_is_new_together_with_what_came_after_it(
    database: Database, queue: Queue
) -> None:
    await read_all(database)
    await queue.store("room", "ana")
    async with database.connection() as connection:
        await connection.execute("UPDATE messages SET created_at = now() - interval '1 day' WHERE seq = 2")
    await queue.store("room", "ana")
    assert await read_all(database, 60.0) == []
    assert await decision(queue) == Send(is_new=True)


async def test_what_comes_after_reading_all_is_new(database: Database, queue: Queue) -> None:
    await read_all(database)
    await queue.store("room", "ana")
    assert await decision(queue) == Send(is_new=True)


async def test_reading_all_while_a_worker_looks_is_not_undone_by_what_it_writes(
    database: Database, queue: Queue
) -> None:
    await queue.store("room", "ana")
    await queue.make_due()
    [due] = await queue.claim()
    await queue.store("room", "ana")
    assert await read_all(database) == [Hint("ben", ID, 3)]
    await queue.settle(due, is_new=True)
    assert await decision(queue) == Settle("read", "read", is_read=True)


async def test_reading_all_leaves_alone_the_pushes_of_who_is_told_of_nothing_in_the_chat(
    database: Database, queue: Queue
) -> None:
    await read_all(database)
    await queue.store("room", "ana")
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO notification_preferences (user_id, types) VALUES ('ben', $1)",
            '{"chat_message": {"push": true, "inApp": false}}',
        )
    assert await read_all(database) == []


async def test_reading_all_reads_no_conversation_that_was_read_in_its_room(database: Database, queue: Queue) -> None:
    await read_all(database)
    await queue.store("room", "ana")
    await rise(database, 2)
    assert await read_all(database) == []


async def test_a_message_that_comes_before_a_position_is_followed_is_told_of(database: Database, queue: Queue) -> None:
    await rise(database, 1)
    await queue.store("room", "ana")
    assert await follow(database) == [Hint("ben", ID, 1)]
    assert await decision(queue) == Send(is_new=True)


async def test_what_was_read_in_its_room_is_withdrawn_up_to_the_position(database: Database, queue: Queue) -> None:
    await queue.store("room", "ana", "ana")
    await rise(database, 2)
    assert await follow(database) == [Hint("ben", ID, 2)]
