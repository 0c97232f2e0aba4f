"""Promise 3: everybody sees a room in the order of `seq`, live and in history, with no gap."""

import asyncio
import random

from tests.acceptance.client import Client
from tests.acceptance.failures import LosableClient, connect
from tests.acceptance.floods import check_live, check_stored, flooding, live_seqs
from tests.acceptance.people import Chat, Person
from tests.faulty_proxy import tunnel

WRITERS = 10
WATCHERS = 5
MESSAGES_EACH = 40
BURST = 60


async def read_history(person: Person, room_id: str) -> list[tuple[int, str]]:
    """All of a room, page by page from its end."""
    messages: list[dict[str, object]] = []
    cursor: str | None = None
    while True:
        params = {"limit": 100} if cursor is None else {"limit": 100, "before": cursor}
        answer = await person.get(f"/api/chat/rooms/{room_id}/messages", **params)
        messages = answer.data + messages
        cursor = answer.next_cursor
        if cursor is None:
            return [(int(str(message["seq"])), str(message["content"])) for message in messages]


def live_order(client: Client) -> list[tuple[int, str]]:
    return [(message["seq"], message["content"]) for message in client.received("new_message")]


async def test_ten_writers_are_seen_in_one_order_by_everybody_live_and_in_history(chat: Chat) -> None:
    people = [await chat.person(f"Member {number}") for number in range(WRITERS)]
    room_id = await chat.room(*people)
    watchers = [
        await connect(chat, person, join=[room_id], transport=transport)
        for person in people[:WATCHERS]
        for transport in ("websocket", "polling")
    ]
    async with flooding() as flood:
        for person in people:
            flood.write(person, await connect(chat, person), room_id, limit=MESSAGES_EACH)
        await flood.wait_for_the_end()
    total = WRITERS * MESSAGES_EACH
    assert await check_stored(chat.database, [room_id], flood.sends) == total
    history = await read_history(people[0], room_id)
    assert [seq for seq, _ in history] == list(range(1, total + 1))
    for watcher in watchers:
        await watcher.wait_until(lambda watcher=watcher: len(live_order(watcher)) >= total)  # type: ignore[misc]
        assert live_order(watcher) == history
    acknowledged = {send.message["seq"]: send.content for send in flood.sends if send.message}
    assert sorted(acknowledged.items()) == history


async def test_nothing_falls_between_history_and_live_events_of_a_busy_room(chat: Chat) -> None:
    people = [await chat.person(f"Member {number}") for number in range(WRITERS)]
    room_id = await chat.room(*people)
    places = random.Random(7)  # noqa: S311  # the same places every time
    clients = [await connect(chat, person) for person in people * 2]
    async with flooding() as flood:
        for person in people:
            flood.write(person, await connect(chat, person), room_id, limit=MESSAGES_EACH)
        joined = []
        for client in clients:
            await flood.wait_for_acknowledgements(1)
            after = places.randrange(len(flood.acknowledged))
            joined.append((client, after, await client.join(room_id, afterSeq=after)))
        await flood.wait_for_the_end()
    total = WRITERS * MESSAGES_EACH
    assert len({len(join.history) for _, _, join in joined}) > 1
    for client, after, join in joined:
        await client.wait_until(lambda client=client: total in live_seqs(client, room_id))  # type: ignore[misc]
        assert [message["seq"] for message in join.history] + live_seqs(client, room_id) == list(
            range(after + 1, total + 1)
        )


async def test_a_burst_reaches_a_client_that_polls(chat: Chat) -> None:
    """Group commit hands out many messages at a time; clients take in a bounded number of packets from one poll."""
    ana, ben, room_id = await chat.pair()
    watcher = await connect(chat, ben, join=[room_id], transport="polling")
    sender = await connect(chat, ana)
    await asyncio.gather(*(sender.send(room_id, f"message {number}") for number in range(BURST)))
    await check_live(watcher, {room_id: BURST})


async def test_no_message_is_lost_with_the_answer_to_a_poll(chat: Chat) -> None:
    """Whatever carries HTTP asks again by itself, so the client does not learn that there was another answer."""
    ana, ben, room_id = await chat.pair()
    sender = await connect(chat, ana)
    async with tunnel(chat.server.url) as way:
        watcher = LosableClient()
        ben.clients.append(watcher)
        await watcher.connect(way.url, {"token": ben.token}, transports=["polling"])
        await watcher.join(room_id)
        for number in range(3):
            way.break_on_answer(b"lost %d" % number)
            await sender.send(room_id, f"lost {number}")
            await sender.send(room_id, f"after {number}")
        await check_live(watcher, {room_id: 6})
