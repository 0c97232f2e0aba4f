"""Whatever a socket sends: the contract's error with its code, nothing stored, and the connection goes on."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acceptance.bad_input import (
    REFUSALS_OF_IDS,
    STRANGE_IDS,
    WRONG_TYPES,
    check_refusal,
    nested,
    snapshot,
)
from tests.acceptance.client import Client
from tests.acceptance.people import Chat, Person

ROOM, MESSAGE, TOKEN = "ROOM", "MESSAGE", "TOKEN"
# A good payload of each event, and the kinds of its fields; those in OPTIONAL may be left out.
PAYLOADS: dict[str, dict[str, Any]] = {
    "join_chat": {"chatRoomId": ROOM, "afterSeq": 0},
    "leave_chat": {"chatRoomId": ROOM},
    "send_message": {
        "chatRoomId": ROOM,
        "content": "Hello",
        "type": "text",
        "clientMessageId": "c-1",
        "metadata": {"a": 1},
    },
    "mark_message_read": {"messageId": MESSAGE},
    "mark_read": {"chatRoomId": ROOM, "seq": 1},
    "mark_delivered": {"chatRoomId": ROOM, "seq": 1},
    "typing": {"chatRoomId": ROOM, "isTyping": True},
    "update_status": {"status": "away", "chatRoomId": ROOM},
    "sync": {"rooms": {ROOM: 0}},
    "authenticate": {"token": TOKEN},
}
KINDS = {"afterSeq": "number", "seq": "number", "isTyping": "boolean", "metadata": "object", "rooms": "object"}
OPTIONAL = {
    ("join_chat", "afterSeq"),
    ("send_message", "type"),
    ("send_message", "clientMessageId"),
    ("send_message", "metadata"),
    ("update_status", "chatRoomId"),
}
FIELDS = [(event, field) for event, payload in PAYLOADS.items() for field in payload]
ROOM_EVENTS = [event for event, payload in PAYLOADS.items() if "chatRoomId" in payload]


class World:
    """Somebody in a room with a message of another's, and everything that they could move."""

    def __init__(self, chat: Chat, person: Person, client: Client, room_id: str, message_id: str) -> None:
        self.chat, self.person, self.client = chat, person, client
        self._real = {ROOM: room_id, MESSAGE: message_id, TOKEN: person.token}

    def payload(self, event: str, **changes: Any) -> dict[str, Any]:
        """A good payload, changed."""
        good = {field: self._real.get(value, value) if isinstance(value, str) else value
                for field, value in PAYLOADS[event].items()}
        if event == "sync":
            good["rooms"] = {self._real[ROOM]: 0}
        return good | changes

    async def check_refused(self, event: str, *args: Any, codes: set[str]) -> None:
        """The refusal reaches who asked for an acknowledgement, and as an `error` event who did not."""
        envelope = await self.client.call(event, *args)
        check_refusal(envelope, *codes)
        await self.client.emit(event, *args)
        error = await self.client.wait_for("error")
        assert error == {"message": envelope["error"], "code": envelope["code"], "event": event}


@pytest.fixture
async def world(chat: Chat) -> AsyncIterator[World]:
    va, company, room_id = await chat.pair()
    client = await va.connect()
    message = await company.post_message(room_id, "Are you free?")
    before = await snapshot(chat)
    world = World(chat, va, client, room_id, message["id"])
    yield world
    # The connection goes on, and nothing was stored.
    assert await snapshot(chat) == before
    assert client.connected
    assert (await client.send(room_id, "Yes.", clientMessageId="the-last"))["seq"] == message["seq"] + 1


@pytest.mark.parametrize("event", PAYLOADS)
async def test_a_payload_that_is_no_object_is_refused(world: World, event: str) -> None:
    await world.check_refused(event, codes={"bad_request"})
    for payload in (None, "", "text", 1, 1.5, True, [], [1], ["a", {}], {}):
        await world.check_refused(event, payload, codes={"bad_request"})


@pytest.mark.parametrize(("event", "field"), FIELDS)
async def test_a_field_of_the_wrong_type_is_refused(world: World, event: str, field: str) -> None:
    for value in WRONG_TYPES[KINDS.get(field, "text")]:
        await world.check_refused(event, world.payload(event, **{field: value}), codes={"bad_request"})


@pytest.mark.parametrize(("event", "field"), [each for each in FIELDS if each not in OPTIONAL])
async def test_a_required_field_that_is_missing_or_null_is_refused(world: World, event: str, field: str) -> None:
    await world.check_refused(event, world.payload(event, **{field: None}), codes={"bad_request"})
    payload = world.payload(event)
    del payload[field]
    await world.check_refused(event, payload, codes={"bad_request"})


@pytest.mark.parametrize("event", ROOM_EVENTS)
async def test_a_room_that_does_not_exist_is_refused(world: World, event: str) -> None:
    for room_id in STRANGE_IDS:
        await world.check_refused(event, world.payload(event, chatRoomId=room_id), codes=REFUSALS_OF_IDS)


@pytest.mark.parametrize("event", ROOM_EVENTS)
async def test_a_room_of_others_looks_like_one_that_does_not_exist(world: World, event: str) -> None:
    _, _, room_of_others = await world.chat.pair()
    refusals = [
        await world.client.call(event, world.payload(event, chatRoomId=room_id))
        for room_id in (room_of_others, "0" * 32)
    ]
    check_refusal(refusals[0], "access_denied")
    assert refusals[0] == refusals[1]
    await world.chat.database.execute("DELETE FROM chat_members WHERE room_id = $1", room_of_others)
