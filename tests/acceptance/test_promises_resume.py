"""Promise 4: whoever knows their last `seq` gets all that they missed, after any time and from any process."""

from collections import defaultdict
from typing import Any

from tests.acceptance.client import Client
from tests.acceptance.failures import NO_LIMITS, chat_on, connect, move
from tests.acceptance.floods import flooding, live_seqs, read_rooms
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import start_server

# Of each room; one has more than a join brings at once.
MISSED = (650, 450, 100)
KNOWN = 3
WRITERS_EACH = 8


async def fill(chat: Chat, person: Person, room_ids: list[str], counts: tuple[int, ...]) -> None:
    """Somebody writes this many messages to each room."""
    client = await connect(chat, person)
    async with flooding() as flood:
        for room_id, count in zip(room_ids, counts, strict=True):
            for share in range(WRITERS_EACH):
                flood.write(person, client, room_id, limit=count // WRITERS_EACH + (share < count % WRITERS_EACH))
        await flood.wait_for_the_end()
    assert flood.others == []


async def sync_all(client: Client, known: dict[str, int]) -> tuple[dict[str, list[Any]], list[Any]]:
    """Ask until there is no more, as a client does: the messages of each room, and the answers."""
    known, missed, answers = dict(known), defaultdict[str, list[Any]](list), list[Any]()
    while True:
        answer = await client.ask("sync", {"rooms": known})
        answers.append(answer)
        for room in answer["rooms"]:
            missed[room["roomId"]] += room["messages"]
            if room["messages"]:
                known[room["roomId"]] = room["messages"][-1]["seq"]
        if not answer["more"]:
            return dict(missed), answers


def seqs(messages: list[Any]) -> list[int]:
    return [message["seq"] for message in messages]


async def check_sync(chat: Chat, person: Person, room_ids: list[str]) -> None:
    client = await person.connect()
    missed, answers = await sync_all(client, dict.fromkeys(room_ids, KNOWN))
    stored = await read_rooms(chat.database, room_ids)
    for room_id, count in zip(room_ids, MISSED, strict=True):
        assert seqs(missed[room_id]) == list(range(KNOWN + 1, KNOWN + count + 1))
        assert [message["content"] for message in missed[room_id]] == [
            row["content"] for row in stored[room_id][KNOWN:]
        ]
    assert len(answers) == -(-sum(MISSED) // 500)
    assert max(sum(len(room["messages"]) for room in answer["rooms"]) for answer in answers) <= 500
    assert {room["roomId"]: room["lastSeq"] for room in answers[0]["rooms"]} == {
        room_id: KNOWN + count for room_id, count in zip(room_ids, MISSED, strict=True)
    }


async def check_joins(person: Person, other: Client, room_ids: list[str]) -> None:
    """A join brings up to 500; past that it says so, and brings the latest 50. Live events follow without a gap."""
    for room_id, count in zip(room_ids, MISSED, strict=True):
        client = await person.connect()
        joined = await client.join(room_id, afterSeq=KNOWN)
        last = joined.room["lastSeq"]
        assert last == KNOWN + count
        assert joined.reload is (count > 500)
        assert seqs(joined.history) == list(range((last - 50 if joined.reload else KNOWN) + 1, last + 1))
        await other.send(room_id, "live again")
        await client.wait_until(lambda client=client, room_id=room_id: bool(live_seqs(client, room_id)))  # type: ignore[misc]
        assert live_seqs(client, room_id) == [last + 1]


async def test_all_that_was_missed_comes_by_sync_and_by_join_from_this_and_from_a_restarted_server(
    database_url: str,
) -> None:
    async with start_server(database_url, **NO_LIMITS) as server, chat_on(server) as chat:
        away, writer = await chat.person("Ana"), await chat.person("Ben")
        room_ids = [await chat.room(away, writer) for _ in MISSED]
        client = await away.connect()
        await fill(chat, writer, room_ids, (KNOWN,) * 3)
        for room_id in room_ids:
            assert (await client.join(room_id)).room["lastSeq"] == KNOWN
        await client.disconnect()
        await fill(chat, writer, room_ids, MISSED)
        await check_sync(chat, away, room_ids)
        await server.kill()
    async with start_server(database_url, **NO_LIMITS, PORT=server.port) as server, chat_on(server) as chat:
        move((away, writer), chat)
        await check_sync(chat, away, room_ids)
        await check_joins(away, await writer.connect(), room_ids)
