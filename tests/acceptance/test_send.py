"""`send_message` and its REST twin: stored, acknowledged, handed out, the same by both ways."""

import asyncio

import pytest

from tests.acceptance.people import Chat
from tests.acceptance.shapes import as_seen_by, check_message, seqs
from tests.unit.text.tables import rows_of

# What is sent and what is stored. Halves of characters are no JSON, and refused before.
CLEANING = [
    (text, message)
    for text, message in rows_of("cleaning", "text", "message")
    if not any("\ud800" <= character <= "\udfff" for character in text)
]
AT_ONCE = 20  # two sends each, which is within the rate of one person


async def test_a_message_reaches_every_socket_in_the_room_the_sender_s_too(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, my_other, theirs = await va.connect(join=room_id), await va.connect(join=room_id), await company.connect()
    await theirs.join(room_id)
    message = await mine.send(room_id, "Hello!")
    assert message["isOwn"] is True
    for client in (mine, my_other):
        assert await client.wait_for("new_message") == message
    assert await theirs.wait_for("new_message") == as_seen_by(message, company.id)


async def test_the_acknowledgement_is_the_message(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    metadata = {"attachment": {"url": "/cv.pdf", "bytes": 1200}, "tags": ["cv", None, True, 1.5]}
    client = await va.connect()
    message = await client.send(room_id, "My CV", type="file", clientMessageId=f"{room_id}-1", metadata=metadata)
    check_message(message)
    assert message | {"id": "", "createdAt": ""} == {
        "id": "",
        "roomId": room_id,
        "seq": 1,
        "clientMessageId": f"{room_id}-1",
        "senderId": va.id,
        "sender": {"id": va.id, "name": "Ana", "avatar": None, "role": "va"},
        "content": "My CV",
        "type": "file",
        "status": "sent",
        "metadata": metadata,
        "createdAt": "",
        "change": 0,
        "editedAt": None,
        "deletedAt": None,
        "deletedBy": None,
        "replyTo": None,
        "mentions": [],
        "reactions": [],
        "attachments": [],
        "pinnedAt": None,
        "isOwn": True,
    }


async def test_a_message_sent_by_rest_is_the_same_in_every_way(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs, elsewhere = await company.connect(join=room_id), await company.connect()
    await elsewhere.ask("set_visibility", {"isVisible": True})
    await company.post_message(room_id, "Before")
    message = await va.post_message(room_id, "By REST", type="image", metadata={"url": "/a.png"})
    check_message(message)
    assert message["isOwn"] is True
    assert await theirs.wait_for("new_message", lambda each: each["seq"] == 2) == as_seen_by(message, company.id)
    notification = await elsewhere.wait_for("notification")
    assert (notification["data"]["messageId"], notification["data"]["messageType"]) == (message["id"], "image")
    assert notification["body"] == "Sent a picture"
    updated = await elsewhere.wait_for("room_updated", lambda room: room["lastSeq"] == 2)
    assert updated["lastMessage"]["content"] == "By REST"


@pytest.mark.parametrize("transports", [["polling"], ["polling", "websocket"], ["websocket"]], ids="+".join)
async def test_people_talk_by_polling_by_websocket_and_by_both(chat: Chat, transports: list[str]) -> None:
    va, company, room_id = await chat.pair()
    mine = await va.connect(join=room_id, transports=transports)
    theirs = await company.connect(join=room_id, transports=["websocket"])
    for number in range(3):
        sent = await mine.send(room_id, f"Number {number}")
        expected = as_seen_by(sent, company.id)
        assert await theirs.wait_for("new_message", expected.__eq__) == expected
        answer = await theirs.send(room_id, f"Answer {number}")
        expected = as_seen_by(answer, va.id)
        assert await mine.wait_for("new_message", expected.__eq__) == expected


async def test_unknown_fields_are_ignored_by_both_ways(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    extra = {
        "id": "mine",
        "seq": 99,
        "senderId": "somebody",
        "status": "read",
        "createdAt": "2000-01-01",
        "isOwn": False,
    }
    for message in (
        await (await va.connect()).send(room_id, "By socket", **extra),
        await va.post_message(room_id, "By REST", chatRoomId="elsewhere", roomId="elsewhere", **extra),
    ):
        assert (message["roomId"], message["senderId"], message["status"]) == (room_id, va.id, "sent")
        assert message["id"] != "mine"
        assert message["seq"] in {1, 2}


async def test_what_is_acknowledged_is_what_history_and_live_events_show(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    sent = await (await va.connect()).send(room_id, "The same", metadata={"b": 1, "a": [1.0, 2e3]})
    assert await theirs.wait_for("new_message") == as_seen_by(sent, company.id)
    for person in (va, company):
        expected = as_seen_by(sent, person.id)
        assert await person.history(room_id) == [expected]
        assert (await (await person.connect()).join(room_id)).history == [expected]


async def test_a_member_may_send_without_joining(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect()
    assert (await client.send(room_id, "Hello"))["seq"] == 1
    await client.catch_up()
    assert client.received("new_message") == []


async def test_a_send_without_acknowledgement_is_stored_and_handed_out(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    await client.emit("send_message", {"chatRoomId": room_id, "content": "Hello"})
    assert (await client.wait_for("new_message"))["content"] == "Hello"


async def test_seq_counts_without_gaps_and_created_at_rises_whoever_sends(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    sends = [each.send(room_id, f"Number {number}") for number in range(20) for each in (mine, theirs)]
    posts = [va.post_message(room_id, f"Post {number}") for number in range(10)]
    messages = sorted(await asyncio.gather(*sends, *posts), key=lambda message: message["seq"])
    assert seqs(messages) == list(range(1, 51))
    moments = [message["createdAt"] for message in messages]
    assert moments == sorted(set(moments))
    for client in (mine, theirs):
        await client.wait_until(lambda client=client: len(client.received("new_message")) == 50)  # type: ignore[misc]
        assert seqs(client.received("new_message")) == list(range(1, 51))


async def test_messages_of_one_socket_keep_their_order(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await va.connect()
    for number in range(30):
        await client.emit("send_message", {"chatRoomId": room_id, "content": f"Number {number}"})
    last = await client.send(room_id, "The last")
    assert last["seq"] == 31
    contents = [message["content"] for message in await company.history(room_id)]
    assert contents == [*(f"Number {number}" for number in range(30)), "The last"]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("<script>alert('&amp;')</script> \\u0000 '; --", "<script>alert('&amp;')</script> \\u0000 '; --"),
        (" " * 500 + "x" * 1000 + " " * 500, "x" * 1000),
        ("🙂" * 1000, "🙂" * 1000),
        ("\x1b[1m" + "x" * 1000 + "\x1b[0m", "x" * 1000),
    ],
    ids=lambda text: ascii(text)[:20],
)
async def test_content_is_bounded_as_it_is_stored_and_is_no_markup(chat: Chat, sent: str, stored: str) -> None:
    va, company, room_id = await chat.pair()
    assert (await (await va.connect()).send(room_id, sent))["content"] == stored
    assert (await va.post_message(room_id, sent, clientMessageId=room_id))["content"] == stored
    assert [message["content"] for message in await company.history(room_id)] == [stored, stored]


@pytest.mark.parametrize("start", range(0, len(CLEANING), AT_ONCE))
async def test_content_is_cleaned_the_same_by_both_ways(chat: Chat, start: int) -> None:
    va, company, room_id = await chat.pair()
    client, stored = await va.connect(), []
    for number, (sent, expected) in enumerate(CLEANING[start : start + AT_ONCE]):
        if expected is None:
            refused = await client.call("send_message", {"chatRoomId": room_id, "content": sent})
            assert refused["code"] == "bad_request"
            answer = await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": sent})
            assert (answer.status, answer.code) == (400, "bad_request")
        else:
            message = await client.send(room_id, sent, clientMessageId=f"{room_id}-{number}")
            # What was cleaned before it was sent is the same message.
            assert await va.post_message(room_id, expected, clientMessageId=f"{room_id}-{number}") == message
            stored.append(expected)
    assert [message["content"] for message in await company.history(room_id)] == stored


async def test_explicit_null_is_like_absent(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    fields = {"type": None, "clientMessageId": None, "metadata": None}
    message = await (await va.connect()).send(room_id, "One", **fields)
    assert {name: message[name] for name in fields} == {"type": "text", "clientMessageId": None, "metadata": None}
    message = await va.post_message(room_id, "Two", **fields)
    assert {name: message[name] for name in fields} == {"type": "text", "clientMessageId": None, "metadata": None}


@pytest.mark.parametrize(
    "metadata",
    [{}, {"a": "x" * 4087}, {"note": "\\u0000", "\\u0000": 1}, {"deep": [[[[[[[[{}]]]]]]]]}, {"": {"": ""}}],
    ids=lambda value: ascii(value)[:20],
)
async def test_metadata_within_its_bound_comes_back_as_it_was(chat: Chat, metadata: dict[str, object]) -> None:
    va, company, room_id = await chat.pair()
    assert (await (await va.connect()).send(room_id, "One", metadata=metadata))["metadata"] == metadata
    assert (await company.history(room_id))[0]["metadata"] == metadata


async def test_only_members_may_send(chat: Chat) -> None:
    _, _, room_id = await chat.pair()
    stranger = await chat.person("Eve")
    client = await stranger.connect()
    refused = await client.call("send_message", {"chatRoomId": room_id, "content": "Hello"})
    assert refused["code"] == "access_denied"
    answer = await stranger.post(f"/api/chat/rooms/{room_id}/messages", {"content": "Hello"})
    assert (answer.status, answer.code) == (403, "access_denied")
    assert await chat.count_messages(room_id) == 0


async def test_a_blocked_room_can_be_read_and_not_written_to(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "The last word")
    await chat.room(va, company, type="direct", status="blocked")
    client = await va.connect()
    assert seqs((await client.join(room_id)).history) == [1]
    refused = await client.call("send_message", {"chatRoomId": room_id, "content": "Not quite"})
    assert refused["code"] == "room_blocked"
    answer = await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": "Not quite"})
    assert (answer.status, answer.code) == (403, "room_blocked")
    assert (await company.room(room_id))["status"] == "blocked"
    assert await chat.count_messages(room_id) == 1


async def test_a_refused_send_without_acknowledgement_gets_an_error_event(chat: Chat) -> None:
    _, _, room_id = await chat.pair()
    client = await (await chat.person("Eve")).connect()
    await client.emit("send_message", {"chatRoomId": room_id, "content": "Hello"})
    error = await client.wait_for("error")
    assert (error["code"], error["event"]) == ("access_denied", "send_message")
    assert error.keys() == {"message", "code", "event"}


async def test_one_bad_message_takes_no_other_along(chat: Chat) -> None:
    """All are sent at once and share a statement."""
    va, company, room_id = await chat.pair()
    _, _, room_of_others = await chat.pair()
    client = await va.connect()
    drafts = [
        (room_of_others if number % 3 == 1 else room_id, "" if number % 3 == 2 else f"Number {number}")
        for number in range(30)
    ]
    envelopes = await asyncio.gather(
        *(client.call("send_message", {"chatRoomId": room, "content": content}) for room, content in drafts)
    )
    assert [envelope.get("code") for envelope in envelopes] == [None, "access_denied", "bad_request"] * 10
    assert len(await company.history(room_id)) == 10


async def test_numbers_in_metadata_come_back_as_short_as_they_were_sent(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    await va.post_message(room_id, "Numbers", metadata={"large": [1e308] * 500, "zero": -0.0})
    answer = await va.get(f"/api/chat/rooms/{room_id}/messages", limit=1)
    assert answer.data[0]["metadata"] == {"large": [1e308] * 500, "zero": 0.0}
    assert len(answer.text) < 6000
