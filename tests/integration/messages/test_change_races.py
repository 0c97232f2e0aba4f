"""Changes are read and written without a lock in between: what others commit meanwhile is never written over."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import pytest

from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import NotFoundError, RoomBlockedError
from hyred_chat.ids import new_id
from hyred_chat.messages import change_repository
from hyred_chat.messages.batch_repository import store_batch
from hyred_chat.messages.changes import ChangeRules, Edit, PendingChange, React, Room, Subject, Wanted
from hyred_chat.messages.sends import Changed, Outcome, Refused, Stored
from tests.integration.messages.lanes import Outcomes, add_room, running_lane, send_of

RULES = ChangeRules(edit_seconds=60, delete_seconds=60, keeps_versions=True)
PATIENCE_SECONDS = 10.0


def change_of(sender_id: str, room_id: str, message_id: str, wanted: Wanted) -> PendingChange:
    """A change as `Changes` makes it."""
    return PendingChange(
        id=new_id(),
        room_id=room_id,
        sender_id=sender_id,
        is_admin=False,
        message_id=message_id,
        client_message_id=None,
        wanted=wanted,
        rules=RULES,
        settle=lambda _: None,
        deadline=time.monotonic() + PATIENCE_SECONDS,
    )


async def add_message(database: Database, room_id: str, sender_id: str) -> str:
    """The id of a message that was stored."""
    async with database.connection() as connection:
        [stored] = await store_batch(connection, [send_of(sender_id, room_id)], again=False)
    assert isinstance(stored, Stored)
    return stored.record.id


def do_between(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Awaitable[object]]) -> None:
    """Have something committed by somebody else when a batch of changes was read, and before it is written: once."""
    write, left = change_repository._write, [meanwhile]

    async def write_later(connection: Connection, subjects: Sequence[Subject], rooms: Sequence[Room]) -> None:
        if left:
            await left.pop()()
        await write(connection, subjects, rooms)

    monkeypatch.setattr(change_repository, "_write", write_later)


async def apply(database: Database, batch: Sequence[PendingChange]) -> list[Outcome]:
    async with database.connection() as connection:
        return await store_batch(connection, batch, again=False)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("DELETE FROM chat_members WHERE room_id = $1 AND user_id = 'bob'", NotFoundError),
        ("UPDATE chat_rooms SET status = 'blocked' WHERE id = $1", RoomBlockedError),
    ],
    ids=["removed", "blocked"],
)
async def test_nothing_is_changed_by_who_may_not_any_more_when_it_is_written(
    database: Database, monkeypatch: pytest.MonkeyPatch, statement: str, error: type[Exception]
) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    message_id = await add_message(database, room_id, "ana")

    async def forbid() -> None:
        async with database.transaction() as other:
            await other.execute("SELECT FROM chat_rooms WHERE id = $1 FOR NO KEY UPDATE", room_id)
            await other.execute(statement, room_id)

    do_between(monkeypatch, forbid)
    [outcome] = await apply(database, [change_of("bob", room_id, message_id, React("👍", on=True))])
    assert isinstance(outcome, Refused)
    assert isinstance(outcome.error, error)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM message_reactions") == 0
        assert await connection.fetchval("SELECT last_change FROM chat_rooms WHERE id = $1", room_id) == 0


async def test_a_change_that_another_node_commits_meanwhile_is_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    message_id = await add_message(database, room_id, "ana")

    async def react_elsewhere() -> None:
        await apply(database, [change_of("ana", room_id, message_id, React("👍", on=True))])

    do_between(monkeypatch, react_elsewhere)
    [outcome] = await apply(database, [change_of("bob", room_id, message_id, React("👍", on=True))])
    assert isinstance(outcome, Changed)
    assert outcome.record.additions is not None
    assert [(each.emoji, each.count) for each in outcome.record.additions.reactions] == [("👍", 2)]
    assert outcome.record.change == 2


async def test_two_nodes_that_change_one_message_at_once_lose_nothing_and_count_without_gaps(
    database: Database,
) -> None:
    people = [f"person-{number}" for number in range(16)]
    room_id = await add_room(database, "room", *people)
    message_id = await add_message(database, room_id, people[0])

    async def change_all(connection: Connection, own: Sequence[str]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for user_id in own:
            outcomes += await store_batch(
                connection, [change_of(user_id, room_id, message_id, React("👍", on=True))], again=False
            )
        return outcomes

    async with database.connection() as here, database.connection() as there:
        both = await asyncio.gather(change_all(here, people[::2]), change_all(there, people[1::2]))
    changes = [each.record.change for outcomes in both for each in outcomes if isinstance(each, Changed)]
    assert sorted(changes) == list(range(1, 17))
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM message_reactions") == 16
        assert await connection.fetchval("SELECT last_change FROM chat_rooms WHERE id = $1", room_id) == 16


async def test_an_edit_taken_with_its_send_finds_it_and_sends_are_told_before_changes(database: Database) -> None:
    room_id = await add_room(database, "room", "ana")
    outcomes = Outcomes()
    send, other = send_of("ana", room_id, client_message_id="first"), send_of("ana", room_id, "Behind")
    edit = change_of("ana", room_id, "", Edit("Hello again"))
    edit.message_id, edit.client_message_id = None, "first"
    async with running_lane(database, outcomes) as lane:
        for pending in (send, edit, other):
            lane.submit(pending)
        await lane.flush()
        await outcomes.wait_for(3)
    assert [pending for pending, _ in outcomes.settled] == [send, other, edit]
    assert isinstance(outcomes.settled[2][1], Changed)
