"""Bounds: what one person, one address and one socket may do, and that nobody else feels it."""

import asyncio
import math
from collections.abc import AsyncIterator

import pytest

from tests.acceptance.bad_input import check_refusal
from tests.acceptance.client import Client, ConnectError
from tests.acceptance.conftest import StartChat
from tests.acceptance.people import Answer, Chat


@pytest.fixture(scope="module")
async def strict_chat(start_chat: StartChat) -> AsyncIterator[Chat]:
    """A server with small limits."""
    async with start_chat(
        HYRED_RATE_LIMIT_MESSAGES_BURST="3",
        HYRED_RATE_LIMIT_MESSAGES_PER_MINUTE="60",
        HYRED_RATE_LIMIT_EVENTS_BURST="8",
        HYRED_RATE_LIMIT_EVENTS_PER_MINUTE="60",
        HYRED_RATE_LIMIT_REQUESTS_BURST="5",
        HYRED_RATE_LIMIT_REQUESTS_PER_MINUTE="60",
        HYRED_MAX_MESSAGE_CHARS="10",
        HYRED_MAX_METADATA_BYTES="64",
        HYRED_MAX_ROOMS_PER_SOCKET="2",
        HYRED_MAX_CONNECTIONS_PER_ADDRESS="4",
    ) as chat:
        yield chat


@pytest.fixture
async def strict(strict_chat: Chat) -> AsyncIterator[Chat]:
    yield strict_chat
    await strict_chat.send_everybody_home()


def check_rate_limited(answer: Answer) -> None:
    """429, with the time to wait in the body and, in whole seconds, in the header."""
    check_refusal(answer.envelope, "rate_limited")
    assert answer.status == 429
    retry_after_ms = answer.envelope["details"]["retryAfterMs"]
    assert 1 <= retry_after_ms <= 60_000
    assert answer.headers["Retry-After"] == str(math.ceil(retry_after_ms / 1000))


async def test_by_default_one_person_may_send_sixty_messages_at_once(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect()
    sends = (client.call("send_message", {"chatRoomId": room_id, "content": str(number)}) for number in range(75))
    envelopes = await asyncio.gather(*sends)
    assert all(envelope["success"] for envelope in envelopes[:60])
    refused = [envelope for envelope in envelopes if not envelope["success"]]
    assert {envelope["code"] for envelope in refused} == {"rate_limited"}
    assert await chat.count_messages(room_id) == 75 - len(refused)


async def test_messages_over_the_rate_are_refused_by_both_doors_together(strict: Chat) -> None:
    va, company, room_id = await strict.pair()
    client = await va.connect()
    await client.send(room_id, "One")
    await va.post_message(room_id, "Two")
    await client.send(room_id, "Three")
    refused = await client.call("send_message", {"chatRoomId": room_id, "content": "Four"})
    check_refusal(refused, "rate_limited")
    assert 1 <= refused["details"]["retryAfterMs"] <= 1000
    check_rate_limited(await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": "Four"}))
    assert (await company.post_message(room_id, "Me"))["seq"] == 4
    assert await strict.count_messages(room_id) == 4


async def test_there_is_room_again_when_the_answer_said(strict: Chat) -> None:
    va, _, room_id = await strict.pair()
    client = await va.connect()
    for content in ("One", "Two", "Three"):
        await client.send(room_id, content)
    refused = await client.call("send_message", {"chatRoomId": room_id, "content": "Four"})
    await asyncio.sleep(refused["details"]["retryAfterMs"] / 1000)  # this is what the client was told to do
    assert (await client.send(room_id, "Four"))["seq"] == 4


async def test_events_over_the_rate_are_refused_and_messages_have_a_rate_of_their_own(strict: Chat) -> None:
    va, _, room_id = await strict.pair()
    client = await va.connect()
    envelopes = [await client.call("typing", {"chatRoomId": room_id, "isTyping": False}) for _ in range(9)]
    assert [envelope["success"] for envelope in envelopes] == [True] * 8 + [False]
    check_refusal(envelopes[-1], "rate_limited")
    await client.emit("no_such_event")
    assert (await client.wait_for("error"))["code"] == "rate_limited"
    assert (await client.send(room_id, "Hello"))["seq"] == 1


async def test_requests_over_the_rate_are_refused_whatever_they_ask_for(strict: Chat) -> None:
    va, company, room_id = await strict.pair()
    for path in (
        "/api/users/me",
        "/api/chat/rooms",
        "/api/chat/unread-count",
        f"/api/chat/rooms/{room_id}",
        "/api/users",
    ):
        assert (await va.get(path)).status == 200
    check_rate_limited(await va.get("/api/users/me"))
    check_rate_limited(await va.put("/api/chat/messages/x/read"))
    assert (await company.get("/api/users/me")).status == 200


async def test_the_longest_message_is_a_setting(strict: Chat) -> None:
    va, _, room_id = await strict.pair()
    client = await va.connect()
    assert (await client.send(room_id, f"  {'🙂' * 10}  "))["content"] == "🙂" * 10
    refused = await client.call("send_message", {"chatRoomId": room_id, "content": "x" * 11})
    check_refusal(refused, "bad_request")
    assert "10" in refused["error"]


async def test_the_largest_metadata_is_a_setting(strict: Chat) -> None:
    va, _, room_id = await strict.pair()
    client = await va.connect()
    draft = {"chatRoomId": room_id, "content": "x"}
    assert (await client.call("send_message", draft | {"metadata": {"a": "x" * 56}}))["success"] is True
    check_refusal(await client.call("send_message", draft | {"metadata": {"a": "x" * 57}}), "bad_request")


async def test_a_socket_may_be_in_so_many_rooms_and_no_more(strict: Chat) -> None:
    va, company, first = await strict.pair()
    second, third = await strict.room(va, company), await strict.room(va, company)
    client = await va.connect()
    await client.join(first)
    await client.join(second)
    refused = await client.call("join_chat", {"chatRoomId": third})
    check_refusal(refused, "bad_request")
    assert "2 rooms" in refused["error"]
    await client.join(second)
    await client.ask("leave_chat", {"chatRoomId": first})
    await client.join(third)


async def test_one_address_may_hold_so_many_connections_and_no_more(strict: Chat) -> None:
    va = await strict.person()
    await strict.hang_up()
    clients = [await va.connect() for _ in range(4)]
    with pytest.raises(ConnectError):
        await Client().connect(strict.server.url, {"token": va.token})
    await clients[0].disconnect()
    await clients[1].catch_up()
    await (await va.connect()).catch_up()


async def test_a_frame_over_the_bound_costs_its_socket_the_connection_and_nobody_else_anything(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    loud, calm = await va.connect(join=room_id), await company.connect(join=room_id)
    await loud.emit("send_message", {"chatRoomId": room_id, "content": "x" * 200_000})
    await loud.wait_until_disconnected()
    assert (await calm.send(room_id, "Where did you go?"))["seq"] == 1
    assert (await (await va.connect()).send(room_id, "Here I am"))["seq"] == 2


@pytest.mark.parametrize("payload", [b"bytes", {"chatRoomId": b"bytes", "content": b"\0"}], ids=str)
async def test_binary_events_that_nobody_asked_for_cost_nobody_else_anything(chat: Chat, payload: object) -> None:
    va, company, room_id = await chat.pair()
    odd, calm = await va.connect(), await company.connect(join=room_id)
    await odd.emit("send_message", payload)
    await odd.emit("join_chat", payload)
    assert (await calm.send(room_id, "Hello"))["seq"] == 1
    assert await chat.count_messages(room_id) == 1
