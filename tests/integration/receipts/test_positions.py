"""Positions in the database: they rise, never past the end, and say what they newly cover."""

import pytest

from hyred_chat.db.pool import Database
from hyred_chat.receipts.repository import MAX_COVERED, Advance, advance
from tests.integration.messages.lanes import Outcomes, add_room, running_lane, send_of


async def fill(database: Database, room_id: str, *sender_ids: str) -> list[str]:
    """A message of each, in this order: their ids."""
    outcomes = Outcomes()
    sends = [send_of(sender_id, room_id) for sender_id in sender_ids]
    async with running_lane(database, outcomes) as lane:
        for send in sends:
            lane.submit(send)
        await lane.flush()
    return [send.id for send in sends]


async def move(
    database: Database, user_id: str, seq: int, *, read: bool, known: int = 0, room_id: str = "room"
) -> Advance | None:
    async with database.connection() as connection:
        return await advance(connection, room_id, user_id, seq, read=read, known_seq=known)


async def position_of(database: Database, user_id: str) -> tuple[int, int]:
    async with database.connection() as connection:
        row = await connection.fetchrow(
            "SELECT last_read_seq, last_delivered_seq FROM chat_members WHERE user_id = $1", user_id
        )
    assert row is not None
    return row[0], row[1]


async def test_reading_covers_what_others_wrote_since_the_last_time(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    ids = await fill(database, room_id, "bob", "bob", "ana", "bob", "bob")
    assert await position_of(database, "ana") == (3, 3)
    moved = await move(database, "ana", 5, read=True, known=3)
    assert moved == Advance(5, 5, [(4, ids[3]), (5, ids[4])])
    assert await position_of(database, "ana") == (5, 5)


async def test_receiving_does_not_read_and_reading_receives(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    ids = await fill(database, room_id, "bob", "bob")
    first, second = (1, ids[0]), (2, ids[1])
    assert await move(database, "ana", 2, read=False) == Advance(0, 2, [first, second])
    assert await move(database, "ana", 1, read=True) == Advance(1, 2, [first])
    assert await move(database, "ana", 2, read=True, known=1) == Advance(2, 2, [second])


@pytest.mark.parametrize(("seq", "read"), [(3, True), (2, True), (0, True), (3, False), (1, False)])
async def test_what_is_not_further_moves_nothing_and_says_what_was_not_known(
    database: Database, seq: int, read: bool
) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    ids = await fill(database, room_id, "bob", "bob", "bob")
    await move(database, "ana", 3, read=True)
    assert await move(database, "ana", seq, read=read, known=3) == Advance(3, 3, [])
    assert await move(database, "ana", seq, read=read, known=1) == Advance(3, 3, [(2, ids[1]), (3, ids[2])])
    assert await position_of(database, "ana") == (3, 3)


async def test_a_position_past_the_end_is_the_end(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    await fill(database, room_id, "bob", "bob")
    moved = await move(database, "ana", 2**53 - 1, read=True)
    assert moved is not None
    assert moved.last_read_seq == 2


async def test_at_most_the_newest_fifty_are_named(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    ids = await fill(database, room_id, *["bob"] * (MAX_COVERED + 20))
    moved = await move(database, "ana", MAX_COVERED + 10, read=True)
    assert moved is not None
    assert moved.covered == [(number + 1, ids[number]) for number in range(10, MAX_COVERED + 10)]


async def test_nobody_s_position_in_no_room_moves_nothing(database: Database) -> None:
    room_id = await add_room(database, "room", "ana", "bob")
    await fill(database, room_id, "bob")
    assert await move(database, "eve", 1, read=True) is None
    assert await move(database, "ana", 1, read=True, room_id="nowhere") is None
