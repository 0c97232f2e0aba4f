"""Whatever a socket sends: the contract's error with its code, nothing stored, and the connection goes on."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acceptance.bad_input import (
    REFUSALS_OF_IDS,
    STRANGE_IDS,
    UNKNOWN_ID,
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
    "join_chat": {"chatRoomId": ROOM, "afterSeq": 0, "afterChange": 0},
    "leave_chat": {"chatRoomId": ROOM},
    "send_message": {
        "chatRoomId": ROOM,
        "content": "Hello",
        "type": "text",
        "clientMessageId": "c-1",
        "metadata": {"a": 1},
        "replyTo": MESSAGE,
        "mentions": ["somebody"],
    },
    "edit_message": {
        "messageId": MESSAGE,
        "clientMessageId": "c-0",
        "content": "Hello",
        "mentions": ["somebody"],
        "ifChange": 0,
    },
    "delete_message": {"messageId": MESSAGE},
    "react": {"messageId": MESSAGE, "emoji": "👍", "on": True},
    "pin_message": {"messageId": MESSAGE, "on": True},
    "mark_message_read": {"messageId": MESSAGE},
    "mark_read": {"chatRoomId": ROOM, "seq": 1},
    "mark_delivered": {"chatRoomId": ROOM, "seq": 1},
    "save_draft": {"chatRoomId": ROOM, "content": "Hello", "replyTo": MESSAGE, "ageMs": 0},
    "typing": {"chatRoomId": ROOM, "isTyping": True},
    "update_status": {"status": "away", "chatRoomId": ROOM},
    "sync": {"rooms": {ROOM: 0}},
    "set_visibility": {"isVisible": True},
    "authenticate": {"token": TOKEN},
}
KINDS = {
    "afterSeq": "number",
    "afterChange": "number",
    "seq": "number",
    "ageMs": "number",
    "isTyping": "boolean",
    "metadata": "object",
    "rooms": "object",
    "isVisible": "boolean",
    "mentions": "list",
    "ifChange": "number",
    "on": "boolean",
}
OPTIONAL = {
    ("join_chat", "afterSeq"),
    ("join_chat", "afterChange"),
    ("send_message", "type"),
    ("send_message", "clientMessageId"),
    ("send_message", "metadata"),
    ("send_message", "replyTo"),
    ("send_message", "mentions"),
    ("edit_message", "messageId"),
    ("edit_message", "clientMessageId"),
    ("edit_message", "mentions"),
    ("edit_message", "ifChange"),
    ("save_draft", "replyTo"),
    ("save_draft", "ageMs"),
    ("update_status", "chatRoomId"),
}
FIELDS = [(event, field) for event, payload in PAYLOADS.items() for field in payload]
ROOM_EVENTS = [event for event, payload in PAYLOADS.items() if "chatRoomId" in payload]


class World:
    """Somebody in a room with a message of another's, and everything that they could move."""

    def __init__(self, chat: Chat, person: Person, client: Client, room_id: str, message_id: str) -> None:
        self.chat, self.person, self.client = chat, person, client
        self.room_id = room_id
        self._real = {ROOM: room_id, MESSAGE: message_id, TOKEN: person.token}
        self._before: list[Any] = []

    async def remember(self) -> None:
        """From here on nothing may be stored."""
        self._before = await snapshot(self.chat)

    async def check_untouched(self) -> None:
        """The connection goes on, and nothing was stored."""
        assert await snapshot(self.chat) == self._before
        assert self.client.connected
        assert (await self.client.send(self.room_id, "Yes.", clientMessageId=self.room_id))["seq"] == 2

    def payload(self, event: str, **changes: Any) -> dict[str, Any]:
        """A good payload, changed."""
        good = {
            field: self._real.get(value, value) if isinstance(value, str) else value
            for field, value in PAYLOADS[event].items()
        }
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
    world = World(chat, va, client, room_id, message["id"])
    await world.remember()
    yield world
    await world.check_untouched()


@pytest.mark.parametrize("event", PAYLOADS)
async def test_a_payload_that_is_no_object_is_refused(world: World, event: str) -> None:
    await world.check_refused(event, codes={"bad_request"})
    payloads: list[Any] = [None, "", "text", 1, 1.5, True, [], [1], ["a", {}], {}]
    for payload in payloads:
        await world.check_refused(event, payload, codes={"bad_request"})


@pytest.mark.parametrize(("event", "field"), FIELDS)
async def test_a_field_of_the_wrong_type_is_refused(world: World, event: str, field: str) -> None:
    for value in WRONG_TYPES[KINDS.get(field, "text")]:
        await world.check_refused(event, world.payload(event, **{field: value}), codes={"bad_request"})


@pytest.mark.parametrize(("event", "field"), [each for each in FIELDS if each[1] not in KINDS])
async def test_very_many_combining_characters_are_refused(world: World, event: str, field: str) -> None:
    """More than that in one frame end the session."""
    payload = world.payload(event, **{field: "a" + "\u0301" * 15_000})
    await world.check_refused(event, payload, codes={*REFUSALS_OF_IDS, "unauthenticated"})
    bystander = await world.person.connect()
    await bystander.emit(event, world.payload(event, **{field: "a" + "\u0301" * 100_000}))
    await bystander.wait_until_disconnected()


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
    await world.remember()
    refusals = [
        await world.client.call(event, world.payload(event, chatRoomId=room_id))
        for room_id in (room_of_others, UNKNOWN_ID)
    ]
    check_refusal(refusals[0], "access_denied")
    assert refusals[0] == refusals[1]


MESSAGE_EVENTS = [event for event, payload in PAYLOADS.items() if "messageId" in payload]


@pytest.mark.parametrize("event", MESSAGE_EVENTS)
async def test_a_message_that_does_not_exist_is_refused(world: World, event: str) -> None:
    for message_id in STRANGE_IDS:
        payload = world.payload(event, messageId=message_id)
        await world.check_refused(event, payload, codes={"bad_request", "not_found"})


@pytest.mark.parametrize("event", MESSAGE_EVENTS)
async def test_a_message_of_others_looks_like_one_that_does_not_exist(world: World, event: str) -> None:
    stranger, _, room_of_others = await world.chat.pair()
    message = await stranger.post_message(room_of_others, "Between us")
    await world.remember()
    theirs = world.payload(event, messageId=message["id"])
    await world.check_refused(event, theirs, codes={"not_found"})
    unknown = world.payload(event, messageId=UNKNOWN_ID)
    assert await world.client.call(event, theirs) == await world.client.call(event, unknown)


async def test_sync_leaves_out_rooms_that_the_caller_is_not_in(world: World) -> None:
    usual = [room_id for room_id in STRANGE_IDS if room_id.isprintable() and 0 < len(room_id) <= 128]
    assert await world.client.ask("sync", {"rooms": dict.fromkeys(usual, 0)}) == {"rooms": [], "more": False}


async def test_sync_refuses_what_is_no_id_and_more_than_a_thousand_rooms(world: World) -> None:
    for room_id in ("", "x" * 129, "\ud800"):
        await world.check_refused("sync", {"rooms": {room_id: 0}}, codes={"bad_request"})
    await world.check_refused("sync", {"rooms": {str(number): 0 for number in range(1001)}}, codes={"bad_request"})
    envelope = await world.client.call("sync", {"rooms": {"\0": 0}})
    assert envelope.get("code", "bad_request") == "bad_request"


async def test_sync_refuses_what_is_no_position(world: World) -> None:
    for seq in (None, *WRONG_TYPES["number"]):
        await world.check_refused("sync", {"rooms": {world.room_id: seq}}, codes={"bad_request"})
        await world.check_refused("sync", {"rooms": {world.room_id: {"seq": seq, "change": 0}}}, codes={"bad_request"})
    places: list[Any] = [{}, {"change": 0}, [0, 0], *({"seq": 0, "change": each} for each in WRONG_TYPES["number"])]
    for place in places:
        await world.check_refused("sync", {"rooms": {world.room_id: place}}, codes={"bad_request"})


@pytest.mark.parametrize(
    "content",
    ["", " ", "\n\t ", "\u00a0\u2003\u3000", "\0", "\x07", "\x1b[31m", "\x85", "\u200b" * 3, "\u2800",
     "a\ud800", "\udc00", "x" * 1001, "🙂" * 1001, "x" * 90_000],
    ids=ascii,
)  # fmt: skip
async def test_content_that_is_empty_too_long_or_not_text_is_refused(world: World, content: str) -> None:
    await world.check_refused("send_message", world.payload("send_message", content=content), codes={"bad_request"})


@pytest.mark.parametrize("client_message_id", ["", "x" * 65, "🙂" * 65, "a\0", "a\x1b", "\ud800"], ids=ascii)
async def test_a_client_message_id_out_of_bounds_is_refused(world: World, client_message_id: str) -> None:
    payload = world.payload("send_message", clientMessageId=client_message_id)
    await world.check_refused("send_message", payload, codes={"bad_request"})


@pytest.mark.parametrize("message_type", ["", "system", "Text", "video", "text\0", "x" * 1000], ids=ascii)
async def test_a_type_that_people_cannot_send_is_refused(world: World, message_type: str) -> None:
    payload = world.payload("send_message", type=message_type)
    await world.check_refused("send_message", payload, codes={"bad_request"})


@pytest.mark.parametrize(
    "metadata",
    [{"a": "x" * 4096}, {"x" * 4096: 1}, {"a": "\0"}, {"\0": 1}, {"a": "\ud800"}, {"\ud800": 1}, {"a": [10**400]}],
    ids=lambda value: ascii(value)[:20],
)
async def test_metadata_out_of_bounds_is_refused(world: World, metadata: dict[str, Any]) -> None:
    payload = world.payload("send_message", metadata=metadata)
    await world.check_refused("send_message", payload, codes={"bad_request"})


async def test_a_status_that_nobody_can_have_is_refused(world: World) -> None:
    for status in ("", "ONLINE", "invisible", "online\0", "x" * 10_000, "\ud800"):
        await world.check_refused("update_status", {"status": status}, codes={"bad_request"})


async def test_a_token_that_is_none_is_refused_and_the_session_goes_on(world: World) -> None:
    for token in ("x", "dev-token-", "dev-token-\0", "a.b.c", "\ud800", "🙂", "x" * 50_000):
        await world.check_refused("authenticate", {"token": token}, codes={"bad_request", "unauthenticated"})
    await world.check_refused("authenticate", {"token": "dev-token-nobody"}, codes={"user_not_found"})


async def test_unknown_events_are_not_found_whatever_they_carry(world: World) -> None:
    for event in ("nonsense", "new_message", "chat_history", "joinChat", "ping", "x" * 64, "🙂", "a\0b", "constructor"):
        for args in ([], [None], [{"deep": nested(20)}], ["x" * 1000], [1, 2, 3]):
            await world.check_refused(event, *args, codes={"not_found"})


@pytest.mark.parametrize("event", PAYLOADS)
async def test_a_payload_that_is_nested_too_deep_costs_nobody_else_anything(world: World, event: str) -> None:
    """It may cost the socket its connection."""
    bystander = await world.person.connect()
    await bystander.emit(event, world.payload(event, extra=nested(40)))
    await bystander.emit(event, nested(200))
    await world.client.catch_up()
    another = await world.person.connect()
    await another.catch_up()


async def test_further_arguments_and_unknown_fields_are_ignored(world: World) -> None:
    payload = world.payload("typing", isTyping=False, colour=["red"], nested=nested(20))
    assert (await world.client.call("typing", payload, "more", [1], {"a": None}))["success"] is True
