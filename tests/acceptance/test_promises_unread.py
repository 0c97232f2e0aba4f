"""Promise 5: unread counts and receipts are derived from positions; whatever happens in what order, they agree."""

import asyncio
import itertools

import pytest

from tests.acceptance.failures import NO_LIMITS, chat_on, move
from tests.acceptance.lossy_proxy import lossy_proxy
from tests.acceptance.people import Person
from tests.acceptance.server import start_server
from tests.acceptance.walks import Model, new_world, walk_all

BEYOND = 1_000_000
JITTER_SECONDS = 0.01


async def check(people: list[Person], model: Model) -> None:
    """Everything that is told of rooms, positions and statuses, by every way, is what the model says."""
    for person in people:
        mine = {room_id: room for room_id, room in model.items() if person.id in room.member_ids}
        unread = {room_id: room.unread(person.id) for room_id, room in mine.items()}
        expected = {room_id: count for room_id, count in unread.items() if count}
        assert (await person.get("/api/chat/unread-count")).data == {"count": sum(unread.values()), "rooms": expected}
        listed = {room["id"]: room for room in (await person.get("/api/chat/rooms")).data}
        assert listed.keys() == mine.keys()
        for room_id, room in mine.items():
            told = tuple(listed[room_id][key] for key in ("lastSeq", "lastReadSeq", "unreadCount"))
            assert told == (room.last_seq, room.read[person.id], unread[room_id])
            assert listed[room_id]["lastMessage"]["id"] == room.messages[room.last_seq]["id"]
            assert await person.room(room_id) == listed[room_id]
        await check_messages(person, mine)


async def check_messages(person: Person, mine: Model) -> None:
    synced = (await person.post("/api/chat/sync", {"rooms": dict.fromkeys(mine, 0)})).data["rooms"]
    for told in synced:
        room = mine[told["roomId"]]
        assert {user_id: (at["lastReadSeq"], at["lastDeliveredSeq"]) for user_id, at in told["cursors"].items()} == {
            user_id: (room.read[user_id], room.delivered[user_id]) for user_id in room.member_ids
        }
        statuses = {seq: room.status(seq) for seq in room.messages}
        assert {message["seq"]: message["status"] for message in told["messages"]} == statuses
        history = await person.history(told["roomId"], limit=100)
        assert {message["seq"]: message["status"] for message in history} == dict(list(statuses.items())[-100:])


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_any_walk_every_count_and_status_is_what_the_positions_say(database_url: str, seed: int) -> None:
    async with start_server(database_url, **NO_LIMITS) as server, chat_on(server) as chat:
        people, model = await new_world(chat)
        await walk_all(chat, people, model, seed)
        await check(people, model)
        room_id, room = list(model.items())[-1]
        for person in people:
            await person.clients[0].ask("mark_read", {"chatRoomId": room_id, "seq": BEYOND})
            room.mark(person.id, room.last_seq, read=True)
        await check(people, model)
        await server.kill()
    async with start_server(database_url, **NO_LIMITS, PORT=server.port) as server, chat_on(server) as chat:
        move(people, chat)
        await check(people, model)


async def test_a_host_that_changes_people_and_rooms_meanwhile_makes_nothing_drift(database_url: str) -> None:
    """Rooms are read again all the time, and what a reading says is often older than what is known by then."""
    async with (
        lossy_proxy(database_url, jitter_seconds=JITTER_SECONDS) as proxy,
        start_server(proxy.url, **NO_LIMITS) as server,
        chat_on(server) as chat,
    ):
        people, model = await new_world(chat)

        walking = asyncio.create_task(walk_all(chat, people, model, 4))
        for number in itertools.count():
            if walking.done():
                break
            await chat.provision(people[number % len(people)], name=f"Name {number}")
            for room_id, room in model.items():
                body = {"id": room_id, "type": "group", "memberIds": room.member_ids, "title": f"Title {number}"}
                assert (await chat.admin("POST", "/api/admin/rooms", json=body)).status == 200
        await walking
        await check(people, model)
        assert not server.faults()
