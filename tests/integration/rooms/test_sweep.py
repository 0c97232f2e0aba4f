"""Comparing rooms with the database: what others have stored is found, for many rooms with few statements."""

from hyred_chat.messages import repository as message_repository
from hyred_chat.nodes.part import NodesPart
from hyred_chat.rooms import repository as room_repository
from hyred_chat.rooms.part import RoomsPart
from hyred_chat.rooms.repository import LIST_UNKNOWN
from tests.acceptance.client import Client
from tests.acceptance.people import Chat, Person
from tests.integration.messages.test_statement_counts import make_rooms
from tests.integration.realtime.application import RunningApplication

# Of rooms, and of messages that are missing.
READS = (room_repository._LOAD_STATES, message_repository._LIST_RANGES)


async def store_elsewhere(chat: Chat, room_ids: list[str], sender: Person, count: int) -> None:
    """Messages in rooms that have one each, as another process stores them."""
    await chat.database.execute(
        """
        WITH stored AS (
            INSERT INTO messages (room_id, seq, id, sender_id, content, created_at)
            SELECT id, 1 + n, id || '-' || n, $2, 'Number ' || n, clock_timestamp()
            FROM unnest($1::text[]) id, generate_series(1, $3::int) n
        ), advanced AS (
            UPDATE chat_rooms SET last_seq = 1 + $3::int, last_message_at = clock_timestamp() WHERE id = ANY($1)
        )
        UPDATE chat_members SET last_read_seq = 1 + $3::int, last_delivered_seq = 1 + $3::int, has_written = true
        WHERE room_id = ANY($1) AND user_id = $2
        """,
        room_ids,
        sender.id,
        count,
    )


def last_seqs(client: Client) -> dict[str, int]:
    """Of the rooms that a client was told of."""
    return {room["id"]: room["lastSeq"] for room in client.received("room_updated")}


async def sweep(running: RunningApplication, client: Client) -> None:
    """Have rooms compared, and wait until the client has been sent what came of it at once."""
    sweeps = running.executed(LIST_UNKNOWN)
    running.part(NodesPart).sweep.sweep_now()
    while running.executed(LIST_UNKNOWN) == sweeps:
        await client.catch_up()
    await client.catch_up()


async def test_hundreds_of_rooms_that_are_behind_cost_few_statements(chat: Chat, running: RunningApplication) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    rooms = await make_rooms(chat, 350, company, va)
    client = await va.connect()
    await va.get("/api/chat/rooms")
    for room_id in rooms[:20]:
        await client.join(room_id)
    await store_elsewhere(chat, rooms, company, 2)
    await running.count()
    running.part(NodesPart).sweep.sweep_now()
    await client.wait_until(lambda: last_seqs(client) == dict.fromkeys(rooms, 3))
    await client.wait_until(lambda: len(client.received("new_message")) == 40)
    assert await running.count() < 40
    for room_id in rooms[:20]:
        assert [each["seq"] for each in client.received("new_message") if each["roomId"] == room_id] == [2, 3]


async def test_positions_in_hundreds_of_rooms_are_told_with_few_statements(
    chat: Chat, running: RunningApplication
) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    rooms = await make_rooms(chat, 350, company, va)
    client = await company.connect()
    await company.get("/api/chat/rooms")
    await chat.database.execute(
        "UPDATE chat_members SET last_read_seq = 1, last_delivered_seq = 1 WHERE user_id = $1", va.id
    )
    await running.count()
    running.part(NodesPart).sweep.sweep_now()
    await client.wait_until(lambda: {each["chatRoomId"] for each in client.received("message_read")} == set(rooms))
    assert await running.count() < 40
    assert len(client.received("message_read")) == len(rooms)


async def test_messages_that_nobody_has_joined_for_are_skipped_but_for_the_first(
    chat: Chat, running: RunningApplication
) -> None:
    """What was missed in a long absence of the database does not have to be handed out one by one."""
    va, company = await chat.person("Ana"), await chat.person("Acme")
    [room_id] = await make_rooms(chat, 1, company, va)
    client = await va.connect()
    await va.get("/api/chat/rooms")
    await store_elsewhere(chat, [room_id], company, 5000)
    await running.count()
    running.part(NodesPart).sweep.sweep_now()
    await client.wait_for("room_updated", lambda room: room["lastSeq"] == 5001 and room["unreadCount"] == 5001)
    assert await running.count() < 10
    await client.join(room_id)
    await company.post_message(room_id, "The next one")
    assert (await client.wait_for("new_message"))["seq"] == 5002


async def test_rooms_that_were_never_read_are_announced_once(chat: Chat, running: RunningApplication) -> None:
    """Somebody has listed their rooms at another process, and is connected to this one."""
    va, company = await chat.person("Ana"), await chat.person("Acme")
    quiet, busy = await make_rooms(chat, 2, company, va)
    await chat.database.execute("UPDATE chat_rooms SET last_message_at = now() - interval '1 minute'")
    client = await va.connect()
    await store_elsewhere(chat, [busy], company, 1)
    await sweep(running, client)
    await client.wait_for("room_updated")
    await sweep(running, client)
    assert last_seqs(client) == {busy: 2}
    assert len(client.received("room_updated")) == 1
    assert running.part(RoomsPart).cache.find(quiet) is None


async def test_what_is_known_is_neither_read_nor_told_again(chat: Chat, running: RunningApplication) -> None:
    va, company, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    for number in range(3):
        await company.post_message(room_id, f"Number {number}")
    await client.wait_until(lambda: len(client.received("new_message")) == 3)
    told = len(client.events)
    await sweep(running, client)
    reads = [running.executed(sql) for sql in READS]
    await sweep(running, client)
    assert [running.executed(sql) for sql in READS] == reads
    assert [each.event for each in client.events[told:] if each.event != "room_updated"] == []
