"""The envelope around every answer, and times, ids and names in all of them."""

import json
import re
from typing import Any

from tests.acceptance.people import Chat
from tests.acceptance.shapes import check_message, check_moment, check_room

_MOMENT_FIELD = re.compile(r"(At|expiresAt)$")
_SNAKE = re.compile(r'"[a-z]+_[a-z_]+":')


def check_names_and_times(value: Any) -> None:
    """camelCase throughout, and every time as the contract writes it."""
    assert _SNAKE.search(json.dumps(value)) is None, value
    if isinstance(value, dict):
        for name, inner in value.items():
            if _MOMENT_FIELD.search(name) and inner is not None:
                check_moment(inner)
            check_names_and_times(inner)
    elif isinstance(value, list):
        for inner in value:
            check_names_and_times(inner)


async def test_a_success_is_an_envelope_with_data_and_with_a_page_where_there_is_more(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await company.post_message(room_id, "Hello")
    paged = ["/api/chat/rooms", f"/api/chat/rooms/{room_id}/messages"]
    plain = ["/api/users/me", "/api/users", f"/api/chat/rooms/{room_id}", "/api/chat/unread-count", "/api/health/live"]
    for path in (*paged, *plain, f"/api/chat/presence?userIds={company.id}"):
        answer = await va.get(path)
        assert answer.status == 200
        assert answer.envelope.keys() == ({"success", "data", "page"} if path in paged else {"success", "data"})
        assert answer.headers["Content-Type"] == "application/json"
        check_names_and_times(answer.envelope)
    for answer in (
        await va.post("/api/chat/rooms", {"participantId": company.id}),
        await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": "Hello"}),
        await va.put(f"/api/chat/messages/{message['id']}/read"),
        await va.post("/api/chat/sync", {"rooms": {room_id: 0}}),
    ):
        assert answer.status == 200
        assert answer.envelope.keys() == {"success", "data"}
        check_names_and_times(answer.envelope)


async def test_an_event_that_asked_is_answered_by_the_same_envelope(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await company.post_message(room_id, "Hello")
    client = await va.connect()
    for event, payload in {
        "join_chat": {"chatRoomId": room_id},
        "send_message": {"chatRoomId": room_id, "content": "Hello"},
        "mark_message_read": {"messageId": message["id"]},
        "mark_read": {"chatRoomId": room_id, "seq": 1},
        "mark_delivered": {"chatRoomId": room_id, "seq": 1},
        "typing": {"chatRoomId": room_id, "isTyping": True},
        "update_status": {"status": "away"},
        "sync": {"rooms": {room_id: 0}},
        "authenticate": {"token": va.token},
        "leave_chat": {"chatRoomId": room_id},
    }.items():
        envelope = await client.call(event, payload)
        assert envelope.keys() == {"success", "data"}, (event, envelope)
        assert envelope["success"] is True
        check_names_and_times(envelope)


async def test_a_failure_is_an_envelope_with_a_sentence_and_a_code(chat: Chat) -> None:
    va = await chat.person()
    answer = await va.get("/api/chat/rooms/no-such-room")
    assert answer.envelope == {
        "success": False,
        "error": "You are not a member of this conversation.",
        "code": "access_denied",
    }
    assert answer.headers["Content-Type"] == "application/json"
    envelope = await (await va.connect()).call("join_chat", {"chatRoomId": "no-such-room"})
    assert envelope == answer.envelope


async def test_an_event_that_did_not_ask_gets_an_error_event_only_when_it_fails(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect()
    await client.emit("typing", {"chatRoomId": room_id, "isTyping": True})
    await client.emit("join_chat", {"chatRoomId": "no-such-room"})
    assert await client.wait_for("error") == {
        "message": "You are not a member of this conversation.",
        "code": "access_denied",
        "event": "join_chat",
    }
    assert len(client.received("error")) == 1


async def test_every_shape_of_a_whole_conversation_is_the_contract_s(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    third = await chat.person("Cem")
    group = await chat.room(va, company, third, title="All of us")
    mine, theirs = await va.connect(), await company.connect()
    for client in (mine, theirs):
        await client.join(room_id)
        await client.join(group)
    for number in range(3):
        message = await mine.send(room_id, f"Number {number}", metadata={"number": number})
        await third.post_message(group, f"Number {number}", type="image")
        await theirs.ask("mark_read", {"chatRoomId": room_id, "seq": message["seq"]})
    await mine.ask("update_status", {"status": "away"})
    await theirs.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await theirs.disconnect()
    await mine.wait_for("presence_changed", lambda each: not each["online"])
    names = {received.event for received in mine.events}
    assert names >= {
        "chat_history", "new_message", "message_read", "user_joined", "user_left", "user_typing",
        "user_status_updated", "presence_changed", "room_updated",
    }  # fmt: skip
    for received in mine.events:
        check_names_and_times(received.payload)
        if received.event == "new_message":
            check_message(received.payload)
            assert received.payload["isOwn"] is (received.payload["senderId"] == va.id)
        elif received.event == "room_updated":
            check_room(received.payload)
    for room in (await va.get("/api/chat/rooms")).data:
        check_room(room)


async def test_what_one_has_heard_is_what_one_would_read(chat: Chat) -> None:
    """Old state plus events is fresh state: rooms and messages of a client that never asked again."""
    va, company, room_id = await chat.pair()
    group = await chat.room(va, company, await chat.person("Cem"))
    mine, theirs = await va.connect(), await company.connect()
    messages: dict[str, list[Any]] = {}
    for each in (room_id, group):
        messages[each] = (await mine.join(each)).history
        await theirs.send(each, "Hello")
        await mine.send(each, "Hello yourself")
        last = await theirs.send(each, "Goodbye")
        await mine.ask("mark_read", {"chatRoomId": each, "seq": last["seq"] - 1})
        expected = await va.room(each)
        assert await mine.wait_for("room_updated", expected.__eq__) == expected
        messages[each] += [message for message in mine.received("new_message") if message["roomId"] == each]
        heard = [message | {"status": None} for message in messages[each]]
        assert heard == [message | {"status": None} for message in await va.history(each)]
