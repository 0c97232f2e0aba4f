"""What migration 0007 makes of rooms that were blocked before it."""

import importlib

from hyred_chat.db.pool import Database
from tests.integration.messages.lanes import add_room

pairs = importlib.import_module("hyred_chat.db.migrations.versions.0007_pairs")


async def test_rooms_of_two_people_of_whom_one_room_is_blocked_are_barred(database: Database) -> None:
    rooms = {
        "blocked": ("direct", "blocked", ("ana", "bob")),
        "of the same two": ("support", "active", ("ana", "bob")),
        "of others": ("direct", "active", ("ana", "cem")),
        "of three": ("support", "blocked", ("ana", "bob", "cem")),
        "group": ("group", "blocked", ("ana", "cem")),
    }
    async with database.connection() as connection:
        for room_id, (type_, status, members) in rooms.items():
            await add_room(database, room_id, *members)
            await connection.execute(
                "UPDATE chat_rooms SET type = $2, status = $3 WHERE id = $1", room_id, type_, status
            )
        await connection.execute("UPDATE chat_members SET last_read_seq = 3, last_delivered_seq = 5")
        await connection.execute(pairs.BAR)
        barred = await connection.fetch("SELECT id FROM chat_rooms WHERE is_barred ORDER BY id")
        shown = await connection.fetch(
            "SELECT room_id, user_id FROM chat_members WHERE (shown_read_seq, shown_delivered_seq) = (3, 5)"
        )
    assert [row["id"] for row in barred] == ["blocked", "of the same two"]
    assert {tuple(row) for row in shown} == {
        (room, user) for room in ("blocked", "of the same two") for user in ("ana", "bob")
    }
