"""People who do whatever they like in some rooms at the same time, and a model of what must come of it."""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.acceptance.client import Client
from tests.acceptance.failures import connect
from tests.acceptance.people import Chat, Person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

STEPS_EACH = 60


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
        me, seq = self._person.id, self._random.randint(0, room.last_seq)
        least_read, least_delivered = room.read[me], room.delivered[me]
        position = await client.ask(event, {"chatRoomId": room_id, "seq": seq})
        assert position["lastReadSeq"] >= least_read, "a position has fallen"
        assert position["lastDeliveredSeq"] >= least_delivered, "a position has fallen"
        room.mark(me, seq, read=event == "mark_read")

    def _has_read(self, room: ModelRoom, message: dict[str, Any]) -> None:
        if message["senderId"] != self._person.id:
            room.mark(self._person.id, message["seq"], read=True)


async def new_world(chat: Chat) -> tuple[list[Person], Model]:
    people = [await chat.person(name) for name in ("Ana", "Ben", "Cem", "Dua")]
    groups = (people[:2], people[1:], people)
    return people, {await chat.room(*members): ModelRoom([person.id for person in members]) for members in groups}


async def walk_all(chat: Chat, people: list[Person], model: Model, seed: int) -> None:
    """Everybody at the same time."""
    walkers = []
    for person in people:
        clients: list[Client] = [await connect(chat, person) for _ in range(2)]
        walkers.append(Walker(person, clients, model, random.Random(f"{seed} {person.name}")))  # noqa: S311
    await asyncio.gather(*(walker.walk(STEPS_EACH) for walker in walkers))
    for room in model.values():
        room.messages = dict(sorted(room.messages.items()))
