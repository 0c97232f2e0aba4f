"""Backing up a chat in use, and going on with what was restored: `hyred-chat backup` and `restore`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tests.acceptance.failures import NO_LIMITS, chat_on, connect, database_at, move
from tests.acceptance.floods import Send, check_stored, flooding, read_rooms
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import start_server
from tests.integration.commands import run_command
from tests.postgres import TemplateServer

MESSAGES = 200


async def run(*arguments: str, database_url: str) -> str:
    result = await asyncio.to_thread(run_command, *arguments, HYRED_DATABASE_URL=database_url)
    assert result.returncode == 0, result.stderr
    return result.stdout


async def back_up_under_load(
    chat: Chat, people: Sequence[Person], room_ids: Sequence[str], file: Path
) -> tuple[list[Send], set[str]]:
    """Everybody writes to both rooms meanwhile. Returns all sends, and the ids of those acknowledged before it."""
    writers = [await connect(chat, person) for person in people]
    async with flooding() as flood:
        for person, client in zip(people, writers, strict=True):
            for room_id in room_ids:
                flood.write(person, client, room_id)
        await flood.wait_for_acknowledgements(MESSAGES)
        before = {send.message["id"] for send in flood.acknowledged if send.message is not None}
        await run("backup", str(file), database_url=chat.server.database_url)
        await flood.wait_for_acknowledgements(MESSAGES)
        await flood.end()
    for client in writers:
        await client.disconnect()
    return flood.sends, before


async def test_a_backup_taken_under_load_is_the_chat_at_one_moment_and_goes_on_from_there(
    database_url: str, template_server: TemplateServer, tmp_path: Path
) -> None:
    file, new_url = tmp_path / "chat.backup", await template_server.create("template1")
    async with start_server(database_url, **NO_LIMITS) as server, chat_on(server) as chat:
        people = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
        room_ids = [await chat.room(*people) for _ in range(2)]
        sends, before = await back_up_under_load(chat, people, room_ids, file)
        assert await server.stop() == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Restored 3 people, 2 rooms and" in await run("restore", str(file), database_url=new_url)
    async with database_at(database_url) as old, database_at(new_url) as new:
        # What processes have told one another stays where it was.
        assert await old.fetchval("SELECT count(*) FROM node_events")
        assert not await new.fetchval("SELECT count(*) FROM node_events")
        was, restored = await read_rooms(old, room_ids), await read_rooms(new, room_ids)
        for room_id in room_ids:
            assert restored[room_id] == was[room_id][: len(restored[room_id])]
        ids = {row["id"] for rows in restored.values() for row in rows}
        assert before <= ids
        assert len(ids) < await check_stored(old, room_ids, sends)
        await check_stored(new, room_ids, [send for send in sends if send.message and send.message["id"] in ids])
    async with start_server(new_url, **NO_LIMITS) as server, chat_on(server) as chat:
        move(people, chat)
        await check_that_it_goes_on(chat, people, room_ids[0], sends, ids)
        assert not server.faults()
    await template_server.drop(new_url)


async def check_that_it_goes_on(
    chat: Chat, people: Sequence[Person], room_id: str, sends: Sequence[Send], ids: set[str]
) -> None:
    """The next message has the next number, and unread counts follow from the positions."""
    ana, ben, _ = people
    last_seq = (await ana.room(room_id))["lastSeq"]
    assert last_seq == await chat.count_messages(room_id)
    assert (await ben.room(room_id))["unreadCount"] == await count_unread(chat, ben, room_id)
    # A retry of what was stored before the backup is the same message; of what came after it, a new one.
    of_room = [(send, send.message["id"]) for send in sends if send.room_id == room_id and send.message is not None]
    for send, message_id in (of_room[0], next(each for each in of_room if each[1] not in ids)):
        repeated = await send.person.post_message(room_id, send.content, clientMessageId=send.client_message_id)
        assert (repeated["id"] == message_id) is (message_id in ids)
    assert (await ana.room(room_id))["lastSeq"] == last_seq + 1


async def count_unread(chat: Chat, person: Person, room_id: str) -> int:
    """By counting the messages after the person's position."""
    count: int = await chat.database.fetchval(
        """
        SELECT count(*) FROM messages JOIN chat_members USING (room_id)
        WHERE room_id = $1 AND user_id = $2 AND seq > last_read_seq
        """,
        room_id,
        person.id,
    )
    return count
