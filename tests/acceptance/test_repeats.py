"""Exactly once, for good: the same `clientMessageId` of the same sender is one message, however often it comes."""

import asyncio
import json
from typing import Any

import pytest

from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import seqs
from tests.conformance.endpoints import Endpoint
from tests.conformance.polling import PollingSession, new_http_session, request


async def test_a_retry_returns_the_first_acknowledgement_by_either_way(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    client = await va.connect()
    fields: dict[str, Any] = {"clientMessageId": room_id, "metadata": {"b": 2, "a": 1.0}, "type": "image"}
    first = await client.send(room_id, "Once", **fields)
    assert await client.send(room_id, "Once", **fields) == first
    assert await va.post_message(room_id, "Once", **fields) == first
    assert await (await va.connect()).send(room_id, " Once\r\n", **fields) == first
    await va.post_message(room_id, "Something else")
    await theirs.wait_for("new_message", lambda message: message["content"] == "Something else")
    assert seqs(theirs.received("new_message")) == [1, 2]
    assert await chat.count_messages(room_id) == 2


async def test_a_retry_after_months_and_many_messages_returns_the_first_acknowledgement(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    first = await va.post_message(room_id, "Long ago", clientMessageId="long-ago")
    for number in range(5):
        await company.post_message(room_id, f"Number {number}")
    assert await va.post_message(room_id, "Long ago", clientMessageId="long-ago") == first
    assert await chat.count_messages(room_id) == 6


async def test_a_retry_of_what_an_earlier_version_stored_uncleaned_returns_its_acknowledgement(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    first = await va.post_message(room_id, "first line\x0bsecond line", clientMessageId="from-before")
    old = "first line\u2028second line\u200b"
    await chat.database.execute("UPDATE messages SET content = $1 WHERE id = $2", old, first["id"])
    assert await va.post_message(room_id, old, clientMessageId="from-before") == first | {"content": old}
    await expect_conflict(va, room_id, "first line", clientMessageId="from-before")


async def test_many_retries_at_once_by_both_ways_are_one_message(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    clients = [await va.connect() for _ in range(3)]
    sends = [client.send(room_id, "Once", clientMessageId="c") for client in clients for _ in range(5)]
    posts = [va.post_message(room_id, "Once", clientMessageId="c") for _ in range(5)]
    answers = await asyncio.gather(*sends, *posts)
    assert all(answer == answers[0] for answer in answers)
    await va.post_message(room_id, "The end")
    await theirs.wait_for("new_message", lambda message: message["content"] == "The end")
    assert seqs(theirs.received("new_message")) == [1, 2]
    assert await chat.count_messages(room_id) == 2


@pytest.mark.parametrize("order", ["other first", "retry first", "other twice", "among retries"])
async def test_a_retry_beside_another_use_of_its_id_gets_the_first_acknowledgement(chat: Chat, order: str) -> None:
    """Whichever is stored, or refused, at the same moment: what is stored decides."""
    va, _, room_id = await chat.pair()
    client = await va.connect()
    words = {
        "other first": ("Other", "Once"),
        "retry first": ("Once", "Other"),
        "other twice": ("Other", "Another", "Once"),
        "among retries": ("Once", "Other", "Once", "Another", "Once"),
    }[order]
    for number in range(10):
        first = await client.send(room_id, "Once", clientMessageId=f"c-{number}")
        payload = {"chatRoomId": room_id, "clientMessageId": f"c-{number}"}
        calls = [client.call("send_message", payload | {"content": content}) for content in words]
        for content, answer in zip(words, await asyncio.gather(*calls), strict=True):
            if content == "Once":
                assert answer == {"success": True, "data": first}
            else:
                assert answer["code"] == "conflict"
    assert await chat.count_messages(room_id) == 10


async def test_the_same_id_of_another_sender_is_another_message(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    first = await va.post_message(room_id, "Mine", clientMessageId="c-1")
    second = await company.post_message(room_id, "Yours", clientMessageId="c-1")
    assert seqs([first, second]) == [1, 2]


async def expect_conflict(sender: Person, room_id: str, content: str, **fields: Any) -> None:
    envelope = await (await sender.connect()).call(
        "send_message", {"chatRoomId": room_id, "content": content, **fields}
    )
    assert envelope["code"] == "conflict"
    answer = await sender.post(f"/api/chat/rooms/{room_id}/messages", {"content": content, **fields})
    assert (answer.status, answer.code) == (409, "conflict")


async def test_the_same_id_with_another_content_type_or_room_is_a_conflict(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    other_room = await chat.room(va, company)
    await va.post_message(room_id, "Once", clientMessageId="c-1")
    await expect_conflict(va, room_id, "Twice", clientMessageId="c-1")
    await expect_conflict(va, room_id, "Once", clientMessageId="c-1", type="image")
    await expect_conflict(va, other_room, "Once", clientMessageId="c-1")
    assert await chat.count_messages(room_id) == 1
    assert await chat.count_messages(other_room) == 0
    assert (await va.post_message(room_id, "Next"))["seq"] == 2


async def test_of_two_different_messages_with_one_id_at_once_one_is_stored_and_one_a_conflict(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    one, two = await va.connect(), await va.connect()
    for number in range(5):
        envelopes = await asyncio.gather(
            *(
                client.call("send_message", {"chatRoomId": room_id, "content": content, "clientMessageId": f"{number}"})
                for client, content in ((one, "One"), (two, "Two"))
            )
        )
        assert sorted(envelope.get("code", "stored") for envelope in envelopes) == ["conflict", "stored"]
    assert await chat.count_messages(room_id) == 5


@pytest.mark.parametrize(
    "client_message_id", ["x", "x" * 64, "🙂" * 64, "with\nlines\tand tabs", " ", "null", "ñ/%'\\"]
)
async def test_any_id_within_bounds_comes_back_as_it_was(chat: Chat, client_message_id: str) -> None:
    va, company, room_id = await chat.pair()
    first = await va.post_message(room_id, "Once", clientMessageId=client_message_id)
    assert first["clientMessageId"] == client_message_id
    assert await (await va.connect()).send(room_id, "Once", clientMessageId=client_message_id) == first
    assert (await company.history(room_id))[0]["clientMessageId"] == client_message_id


async def test_a_retry_in_a_room_that_was_blocked_since_returns_the_first_acknowledgement(chat: Chat) -> None:
    """It was stored: to say that it was not would make the client send it elsewhere."""
    va, company, room_id = await chat.pair()
    first = await va.post_message(room_id, "Once", clientMessageId="c-1")
    await chat.room(va, company, type="direct", status="blocked")
    assert await (await va.connect()).send(room_id, "Once", clientMessageId="c-1") == first


async def test_a_refused_send_may_be_sent_again_with_the_same_id(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await chat.room(va, company, type="direct", status="blocked")
    client = await va.connect()
    draft = {"chatRoomId": room_id, "content": "Hello", "clientMessageId": "c-1"}
    assert (await client.call("send_message", draft))["code"] == "room_blocked"
    await chat.room(va, company, type="direct", status="active")
    assert (await client.ask("send_message", draft))["seq"] == 1


async def test_the_same_id_at_once_for_a_room_that_refuses_it_and_one_that_does_not_is_stored_in_the_other(
    chat: Chat,
) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect()
    refused, stored = await asyncio.gather(
        client.call("send_message", {"chatRoomId": "nowhere", "content": "One", "clientMessageId": "both"}),
        client.call("send_message", {"chatRoomId": room_id, "content": "Two", "clientMessageId": "both"}),
    )
    assert refused["code"] == "access_denied"
    assert stored["success"]
    assert await chat.count_messages(room_id) == 1


async def test_a_poll_s_post_that_a_proxy_repeats_is_one_message_without_an_id_of_its_own(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    async with new_http_session() as http:
        session = await PollingSession.open(http, Endpoint(int(chat.server.port)))
        posts = [
            f"42{json.dumps(['send_message', {'chatRoomId': room_id, 'content': content}])}"
            for content in ("Once", "Once", "Twice", "Twice")
        ]
        for mark, body in zip("01123", ["40" + json.dumps({"token": va.token}), *posts], strict=True):
            assert (await request(http, "POST", f"{session.address}&t={mark}", body=body)).text == "ok"
            if mark == "0":
                assert (await session.receive())[0].startswith("40{")
        await session.send("1")
    await va.post_message(room_id, "The end")
    assert await chat.count_messages(room_id) == 4
