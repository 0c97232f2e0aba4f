"""Promise 5: unread counts and receipts are derived from positions; whatever happens in what order, they agree."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.acceptance.client import Client
from tests.acceptance.failures import NO_LIMITS, chat_on, connect, move
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import start_server

STEPS_EACH = 60
BEYOND = 1_000_000


@dataclass
class ModelRoom:
    """What a room should be: who sent each message (`senders[seq - 1]`), and how far everybody is."""

    member_ids: list[str]
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    read: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    delivered: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def last_seq(self) -> int:
        return max(self.messages, default=0)

    def send(self, message: dict[str, Any]) -> None:
        self.messages[message["seq"]] = message
        self.mark(message["senderId"], message["seq"], read=True)

    def mark(self, user_id: str, seq: int, *, read: bool) -> None:
        self.delivered[user_id] = max(self.delivered[user_id], seq)
        if read:
            self.read[user_id] = max(self.read[user_id], seq)

    def unread(self, user_id: str) -> int:
        after = range(self.read[user_id] + 1, self.last_seq + 1)
        return sum(self.messages[seq]["senderId"] != user_id for seq in after)

    def status(self, seq: int) -> str:
        others = [user_id for user_id in self.member_ids if user_id != self.messages[seq]["senderId"]]
        if all(self.read[user_id] >= seq for user_id in others):
            return "read"
        return "delivered" if all(self.delivered[user_id] >= seq for user_id in others) else "sent"


Model = dict[str, ModelRoom]


class Walker:
    """Somebody who does one thing after another, by two sockets and REST, and tells the model."""

    def __init__(self, person: Person, clients: list[Client], model: Model, steps: random.Random) -> None:
        self._person = person
        self._clients = clients
        self._model = {room_id: room for room_id, room in model.items() if person.id in room.member_ids}
        self._random = steps

    async def walk(self, count: int) -> None:
        actions: list[Callable[[str, ModelRoom, Client], Awaitable[None]]] = [
            *(self.send, self.send, self.post, self.mark_read, self.mark_delivered, self.mark_message, self.put),
            *(self.join, self.leave),
        ]
        for _ in range(count):
            room_id = self._random.choice(list(self._model))
            action, client = self._random.choice(actions), self._random.choice(self._clients)
            await action(room_id, self._model[room_id], client)

    async def send(self, room_id: str, room: ModelRoom, client: Client) -> None:
        room.send(await client.send(room_id, f"from {self._person.id}"))

    async def post(self, room_id: str, room: ModelRoom, _client: Client) -> None:
        room.send(await self._person.post_message(room_id, f"by REST from {self._person.id} {self._random.random()}"))

    async def mark_read(self, room_id: str, room: ModelRoom, client: Client) -> None:
        await self._mark("mark_read", room_id, room, client)

    async def mark_delivered(self, room_id: str, room: ModelRoom, client: Client) -> None:
        await self._mark("mark_delivered", room_id, room, client)

    async def mark_message(self, _room_id: str, room: ModelRoom, client: Client) -> None:
        if room.messages:
            message = room.messages[self._random.choice(list(room.messages))]
            await client.ask("mark_message_read", {"messageId": message["id"]})
            self._has_read(room, message)

    async def put(self, _room_id: str, room: ModelRoom, _client: Client) -> None:
        if room.messages:
            message = room.messages[self._random.choice(list(room.messages))]
            assert (await self._person.put(f"/api/chat/messages/{message['id']}/read")).status == 200
            self._has_read(room, message)

    async def join(self, room_id: str, room: ModelRoom, client: Client) -> None:
        joined = await client.join(room_id)
        room.mark(self._person.id, joined.history[-1]["seq"] if joined.history else 0, read=False)

    async def leave(self, room_id: str, _room: ModelRoom, client: Client) -> None:
        await client.ask("leave_chat", {"chatRoomId": room_id})

    async def _mark(self, event: str, room_id: str, room: ModelRoom, client: Client) -> None:
        seq = self._random.randint(0, room.last_seq)
        position = await client.ask(event, {"chatRoomId": room_id, "seq": seq})
        room.mark(self._person.id, seq, read=event == "mark_read")
        assert position["lastDeliveredSeq"] >= position["lastReadSeq"]

    def _has_read(self, room: ModelRoom, message: dict[str, Any]) -> None:
        if message["senderId"] != self._person.id:
            room.mark(self._person.id, message["seq"], read=True)


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


async def new_world(chat: Chat) -> tuple[list[Person], Model]:
    people = [await chat.person(name) for name in ("Ana", "Ben", "Cem", "Dua")]
    groups = (people[:2], people[1:], people)
    return people, {await chat.room(*members): ModelRoom([person.id for person in members]) for members in groups}


async def walk_all(chat: Chat, people: list[Person], model: Model, seed: int, *besides: Awaitable[None]) -> None:
    """Everybody at the same time."""
    walkers = []
    for person in people:
        clients: list[Client] = [await connect(chat, person) for _ in range(2)]
        walkers.append(Walker(person, clients, model, random.Random(f"{seed} {person.name}")))  # noqa: S311
    await asyncio.gather(*(walker.walk(STEPS_EACH) for walker in walkers), *besides)
    for room in model.values():
        room.messages = dict(sorted(room.messages.items()))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_after_any_walk_every_count_and_status_is_what_the_positions_say(
    database_url: str, seed: int
) -> None:
    async with start_server(database_url, **NO_LIMITS) as server, chat_on(server) as chat:
        people, model = await new_world(chat)
        await walk_all(chat, people, model, seed)
        await check(people, model)
        for person in people:
            await person.clients[0].ask("mark_read", {"chatRoomId": list(model)[2], "seq": BEYOND})
            list(model.values())[2].mark(person.id, list(model.values())[2].last_seq, read=True)
        await check(people, model)
        await server.kill()
    async with start_server(database_url, **NO_LIMITS, PORT=server.port) as server, chat_on(server) as chat:
        move(people, chat)
        await check(people, model)
