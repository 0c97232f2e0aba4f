"""Promise 5, as a client lives it: an old state and the events since are a state that was fetched just now."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.acceptance.client import Client, Received
from tests.acceptance.failures import NO_LIMITS, chat_on, connect
from tests.acceptance.people import Person
from tests.acceptance.server import start_server
from tests.acceptance.walks import new_world, walk_all


@dataclass
class View:
    """What a client keeps: rooms and messages as they were told, and how far the others have read and received."""

    user_id: str
    rooms: dict[str, dict[str, Any]]
    messages: dict[str, dict[int, dict[str, Any]]]
    positions: dict[str, dict[str, dict[str, int]]]

    @classmethod
    async def fetch(cls, person: Person) -> "View":
        rooms = {room["id"]: room for room in (await person.get("/api/chat/rooms")).data}
        synced = (await person.post("/api/chat/sync", {"rooms": dict.fromkeys(rooms, 0)})).data
        assert not synced["more"]
        return cls(
            person.id,
            rooms,
            {room["roomId"]: {message["seq"]: message for message in room["messages"]} for room in synced["rooms"]},
            {room["roomId"]: room["cursors"] for room in synced["rooms"]},
        )

    def apply(self, events: Iterable[Received]) -> "View":
        """Take events in, in the order in which they came."""
        for received in events:
            payload = received.payload
            if received.event == "new_message":
                self.messages[payload["roomId"]][payload["seq"]] = payload
                self._rise(payload["roomId"], payload["senderId"], payload["seq"], "lastReadSeq", "lastDeliveredSeq")
            elif received.event == "message_read":
                self._rise(payload["chatRoomId"], payload["userId"], payload["seq"], "lastReadSeq", "lastDeliveredSeq")
            elif received.event == "message_delivered":
                self._rise(payload["chatRoomId"], payload["userId"], payload["seq"], "lastDeliveredSeq")
            elif received.event == "room_updated":
                self.rooms[payload["id"]] = payload
        return self

    def shown(self) -> dict[str, Any]:
        """What the client's user sees of it: ticks are on one's own messages only."""
        messages = {
            room_id: {
                seq: (message["id"], message["content"], message["isOwn"], self._ticks(room_id, message))
                for seq, message in messages.items()
            }
            for room_id, messages in self.messages.items()
        }
        return {"rooms": self.rooms, "messages": messages}

    def _rise(self, room_id: str, user_id: str, seq: int, *names: str) -> None:
        position = self.positions[room_id][user_id]
        for name in names:
            position[name] = max(position[name], seq)

    def _ticks(self, room_id: str, message: dict[str, Any]) -> str | None:
        if not message["isOwn"]:
            return None
        others = [position for user_id, position in self.positions[room_id].items() if user_id != self.user_id]
        if all(position["lastReadSeq"] >= message["seq"] for position in others):
            return "read"
        return "delivered" if all(position["lastDeliveredSeq"] >= message["seq"] for position in others) else "sent"


async def read_here_and_there(people: list[Person], observer: Client, room_id: str) -> None:
    """Positions move that no message moves: what one has sent is received by some and read by others."""
    ana, ben, cem, dua = people
    mine = [await ben.post_message(room_id, f"of the observer {number}") for number in range(3)]
    theirs = [await ana.post_message(room_id, f"of another {number}") for number in range(3)]
    await cem.clients[0].ask("mark_delivered", {"chatRoomId": room_id, "seq": mine[1]["seq"]})
    await dua.clients[0].ask("mark_read", {"chatRoomId": room_id, "seq": mine[0]["seq"]})
    await dua.clients[1].ask("mark_delivered", {"chatRoomId": room_id, "seq": theirs[2]["seq"]})
    await cem.put(f"/api/chat/messages/{mine[0]['id']}/read")
    # No announcement of the messages is due any more, that could carry what comes now.
    newest = (room_id, theirs[2]["seq"])
    await observer.wait_until(
        lambda: any((room["id"], room["lastSeq"]) == newest for room in observer.received("room_updated"))
    )
    await ben.clients[0].ask("mark_read", {"chatRoomId": room_id, "seq": theirs[1]["seq"]})


async def test_an_old_state_and_the_events_since_are_the_state_of_now(database_url: str) -> None:
    async with start_server(database_url, **NO_LIMITS) as server, chat_on(server) as chat:
        people, model = await new_world(chat)
        await walk_all(chat, people, model, 5)
        observer = people[1]
        client = await connect(chat, observer, join=model)
        old, start = await View.fetch(observer), len(client.events)
        await walk_all(chat, people, model, 6)
        await read_here_and_there(people, client, list(model)[-1])
        fresh = (await View.fetch(observer)).shown()
        assert fresh != old.shown()
        with suppress(TimeoutError):  # what differs is shown below
            await client.wait_until(lambda: old.apply(client.events[start:]).shown() == fresh)
        assert old.shown() == fresh
