"""Random changes and losses: what each client has made of what it was told equals what a fresh look shows."""

import asyncio
import random
from typing import Any

from tests.acceptance.client import Client
from tests.acceptance.nodes import TwoNodes
from tests.acceptance.people import Person

EMOJI = ("👍", "❤️", "🎉", "😂")


class Replica:
    """A client that keeps a room by events, and after a loss by `sync` or by joining again."""

    def __init__(self, nodes: TwoNodes, person: Person, room_id: str, *, at_second: bool) -> None:
        self._nodes, self._at_second = nodes, at_second
        self.person, self.room_id = person, room_id
        self.messages: dict[int, dict[str, Any]] = {}
        self.seq = self.change = 0
        self.client: Client | None = None

    async def connect(self) -> Client:
        """Join, from what is known."""
        client = await (self._nodes.connect(self.person) if self._at_second else self.person.connect())
        joined = await client.join(self.room_id, afterSeq=self.seq, afterChange=self.change)
        if joined.reload:
            self.messages.clear()
        self._take(joined.history)
        self._take(each["message"] for each in client.received("message_changed"))
        self.seq = joined.history[-1]["seq"] if joined.history else self.seq
        self.change = max(self.change, joined.room["lastChange"])
        self.client = client
        return client

    async def lose(self) -> None:
        """Lose the connection: what came is known, what did not come is missed."""
        assert self.client is not None
        self.apply()
        await self.client.disconnect()
        self.client = None

    async def sync(self) -> None:
        """Ask for what was missed, until there is no more."""
        while True:
            known = {"seq": self.seq, "change": self.change}
            answer = (await self.person.post("/api/chat/sync", {"rooms": {self.room_id: known}})).data
            [room] = answer["rooms"]
            self._take(room["messages"])
            self._take(room["changed"])
            if not answer["more"]:
                self.seq, self.change = room["lastSeq"], room["lastChange"]
                return
            self.seq = room["messages"][-1]["seq"] if room["messages"] else self.seq
            self.change = room["changed"][-1]["change"] if room["changed"] else self.change

    def apply(self) -> None:
        """Take the events in."""
        assert self.client is not None
        for received in self.client.events:
            if received.event == "new_message":
                self._take([received.payload])
                self.seq = max(self.seq, received.payload["seq"])
            elif received.event == "message_changed":
                self._take([received.payload["message"]])
                self.change = max(self.change, received.payload["change"])
        self.client.events.clear()

    def _take(self, messages: Any) -> None:
        for message in messages:
            known = self.messages.get(message["seq"])
            if known is None or message["change"] >= known["change"]:
                self.messages[message["seq"]] = message

    def state(self) -> list[dict[str, Any]]:
        """What a person would see, quotes as the messages that they are of."""
        shown = []
        for _, message in sorted(self.messages.items()):
            quote = message["replyTo"]
            if quote is not None and (quoted := self.messages.get(quote["seq"])) is not None:
                quote = quote | {"content": quoted["content"][:200], "deletedAt": quoted["deletedAt"]}
            shown.append(message | {"status": "", "replyTo": quote})
        return shown


async def act(
    person: Person, client: Client, room_id: str, messages: list[dict[str, Any]], chance: random.Random
) -> None:
    """Do something that may or may not be allowed."""
    target = chance.choice(messages) if messages else None
    kind = chance.choice(["send", "send", "reply", "edit", "edit", "delete", "react", "react", "pin"])
    if target is None or kind == "send":
        messages.append(await client.send(room_id, f"{person.name} {chance.random()}"))
        return
    payload: dict[str, Any] = {"messageId": target["id"]}
    match kind:
        case "reply":
            payload = {"chatRoomId": room_id, "content": "Re", "replyTo": target["id"]}
            envelope = await client.call("send_message", payload)
            if envelope["success"]:
                messages.append(envelope["data"])
        case "edit":
            envelope = await client.call("edit_message", payload | {"content": f"Edit {chance.random()}"})
        case "delete" if chance.random() < 0.3:
            envelope = await client.call("delete_message", payload)
        case "react":
            on = chance.random() < 0.7
            envelope = await client.call("react", payload | {"emoji": chance.choice(EMOJI), "on": on})
        case _:
            envelope = await client.call("pin_message", payload | {"on": chance.random() < 0.6})
    assert envelope["success"] or envelope["code"] in {"access_denied", "message_deleted", "limit_reached"}, envelope


async def test_whatever_happens_each_client_has_what_a_fresh_look_shows(nodes: TwoNodes) -> None:
    chance = random.Random(24)  # noqa: S311  # no secret
    va, company, room_id = await nodes.chat.pair()
    replicas = [
        Replica(nodes, person, room_id, at_second=at_second) for person in (va, company) for at_second in (False, True)
    ]
    for replica in replicas:
        await replica.connect()
    messages: list[dict[str, Any]] = []

    async def live(replica: Replica) -> None:
        for _ in range(30):
            if replica.client is None:
                if chance.random() < 0.5:
                    await replica.sync()
                await replica.connect()
            assert replica.client is not None
            await act(replica.person, replica.client, room_id, messages, chance)
            if chance.random() < 0.1:
                await replica.lose()

    await asyncio.gather(*(live(replica) for replica in replicas))
    # Either process may not know yet what the other one has stored.
    stored = await nodes.chat.database.fetchrow("SELECT last_seq, last_change FROM chat_rooms WHERE id = $1", room_id)
    assert stored is not None
    for replica in replicas:
        client = replica.client or await replica.connect()

        def is_complete(replica: Replica = replica) -> bool:
            replica.apply()
            return (replica.seq, replica.change) == tuple(stored)

        await client.wait_until(is_complete)
        fetched = await replica.person.history(room_id, limit=100, after=0)
        fetched += await replica.person.history(room_id, limit=100, after=100)
        assert replica.state() == [message | {"status": ""} for message in fetched]
        assert [message["seq"] for message in fetched] == list(range(1, stored["last_seq"] + 1))
    room = await va.room(room_id)
    pinned = {message["seq"] for message in fetched if message["pinnedAt"] is not None}
    assert set(room["pinned"]) == pinned
    deleted = sum(message["deletedAt"] is not None for message in fetched)
    unread = (await company.room(room_id))["unreadCount"]
    read = (await company.room(room_id))["lastReadSeq"]
    later = [message for message in fetched if message["seq"] > read and message["deletedAt"] is None]
    assert unread == len(later)
    assert deleted == await nodes.chat.database.fetchval(
        "SELECT count(*) FROM deleted_messages WHERE room_id = $1", room_id
    )
