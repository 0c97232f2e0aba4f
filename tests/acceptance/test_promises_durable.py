"""Promise 1: an acknowledged message is on the disk, and no crash of any process loses it."""

from collections import Counter

from tests.acceptance.failures import NO_LIMITS, LosableClient, chat_on, connect, move
from tests.acceptance.floods import Flood, check_stored, flooding, read_rooms
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import start_server

WRITERS_EACH = 3
MESSAGES_BEFORE = 300


async def flood_rooms(chat: Chat, flood: Flood) -> tuple[list[Person], list[str]]:
    """Four people write to three rooms, several messages of each at once."""
    people = [await chat.person(name) for name in ("Ana", "Ben", "Cem", "Dua")]
    room_ids = [await chat.room(*people) for _ in range(3)]
    for person in people:
        client = await connect(chat, person)
        for room_id in room_ids * WRITERS_EACH:
            flood.write(person, client, room_id)
    return people, room_ids


async def retry_all(chat: Chat, flood: Flood) -> None:
    """Everybody sends again what was not acknowledged, and a part of what was."""
    clients: dict[str, LosableClient] = {}
    for send in [*flood.others, *flood.acknowledged[::20]]:
        if send.person.id not in clients:
            clients[send.person.id] = await connect(chat, send.person)
        before = send.message
        await send.make(clients[send.person.id])
        assert send.message is not None, send.envelope
        assert before in (None, send.message)


async def check_unread(chat: Chat, people: list[Person], room_ids: list[str]) -> None:
    """Nobody has marked anything read: unread is what others wrote after one's own last message."""
    stored = await read_rooms(chat.database, room_ids)
    for person in people:
        expected: Counter[str] = Counter()
        for room_id, rows in stored.items():
            own = max((row["seq"] for row in rows if row["sender_id"] == person.id), default=0)
            expected[room_id] = len(rows) - own
        unread = (await person.get("/api/chat/unread-count")).data
        assert unread == {"count": expected.total(), "rooms": dict(+expected)}
        rooms = (await person.get("/api/chat/rooms")).data
        assert {room["id"]: (room["unreadCount"], room["lastSeq"]) for room in rooms} == {
            room_id: (expected[room_id], len(rows)) for room_id, rows in stored.items()
        }


async def test_a_server_killed_in_a_flood_of_sends_has_stored_all_that_it_acknowledged(database_url: str) -> None:
    async with flooding() as flood:
        async with start_server(database_url, **NO_LIMITS) as server, chat_on(server) as chat:
            people, room_ids = await flood_rooms(chat, flood)
            await flood.wait_for_acknowledgements(MESSAGES_BEFORE)
            await server.kill()
            await flood.wait_for_the_end()
            assert flood.others, "nothing was under way"
            await check_stored(chat.database, room_ids, flood.sends)
        async with start_server(database_url, **NO_LIMITS, PORT=server.port) as server, chat_on(server) as chat:
            move(people, chat)
            await retry_all(chat, flood)
            assert await check_stored(chat.database, room_ids, flood.sends) == len(flood.sends)
            await check_unread(chat, people, room_ids)
            assert not server.faults()
