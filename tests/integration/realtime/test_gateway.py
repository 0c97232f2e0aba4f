"""Events to services and back: order, faults of ours, and who still counts as a client of the first design."""

import asyncio

import pytest

from hyred_chat.messages import repository as messages
from hyred_chat.realtime.connections import connection_of
from hyred_chat.receipts import repository as receipts
from hyred_chat.rooms.part import RoomsPart
from tests.acceptance.people import Chat
from tests.integration.realtime.application import RunningApplication
from tests.integration.realtime.gates import Gate


async def fail(*_: object, **__: object) -> None:
    raise ZeroDivisionError("a secret of ours")


async def test_a_fault_of_ours_is_internal_says_nothing_and_ends_nothing(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Hello")
    client = await va.connect()
    with monkeypatch.context() as patch:
        patch.setattr(receipts, "advance", fail)
        refused = await client.call("mark_read", {"chatRoomId": room_id, "seq": 1})
        await client.emit("mark_read", {"chatRoomId": room_id, "seq": 1})
        error = await client.wait_for("error")
    assert refused == {"success": False, "error": error["message"], "code": "internal"}
    assert "secret" not in str(refused)
    assert (error["code"], error["event"]) == ("internal", "mark_read")
    assert "ZeroDivisionError" in caplog.text
    assert (await client.ask("mark_read", {"chatRoomId": room_id, "seq": 1}))["lastReadSeq"] == 1


async def test_a_fault_of_ours_behind_a_request_is_the_same(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    va, _, room_id = await chat.pair()
    monkeypatch.setattr(messages, "list_newest", fail)
    answer = await va.get(f"/api/chat/rooms/{room_id}/messages")
    assert (answer.status, answer.code) == (500, "internal")
    assert "secret" not in answer.text
    assert "ZeroDivisionError" in caplog.text


async def test_events_of_one_socket_are_handled_one_after_another(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Hello")
    client = await va.connect()
    gate = Gate(monkeypatch, messages, "list_newest")
    async with gate.closed():
        joining = asyncio.create_task(client.call("join_chat", {"chatRoomId": room_id}))
        await gate.wait_until_read()
        leaving = asyncio.create_task(client.call("leave_chat", {"chatRoomId": room_id}))
        await client.catch_up()
        assert not leaving.done()
    assert (await joining)["success"] is (await leaving)["success"] is True
    await company.post_message(room_id, "Are you there?")
    await client.catch_up()
    assert client.received("new_message") == []


async def test_a_send_overtakes_what_its_socket_asked_before(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Hello")
    client = await va.connect()
    gate = Gate(monkeypatch, messages, "list_newest")
    async with gate.closed():
        joining = asyncio.create_task(client.join(room_id))
        await gate.wait_until_read()
        assert (await client.send(room_id, "I am not in yet"))["seq"] == 2
        assert not joining.done()
        assert client.received("chat_history") == client.received("new_message") == []
    joined = await joining
    assert [message["seq"] for message in joined.history] == [1, 2]
    await company.post_message(room_id, "Now you are")
    await client.wait_for("new_message", lambda message: message["seq"] == 3)
    assert len(client.received("new_message")) == 1


@pytest.mark.parametrize("count", [1, 5])
async def test_messages_that_come_while_history_is_read_are_in_it_or_after_it(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Number 1")
    client, theirs = await va.connect(), await company.connect(join=room_id)
    gate = Gate(monkeypatch, messages, "list_newest")
    async with gate.closed():
        joining = asyncio.create_task(client.join(room_id))
        await gate.wait_until_read()
        for number in range(count):
            await theirs.send(room_id, f"Number {number + 2}")
    joined = await joining
    await theirs.send(room_id, "The last")
    await client.wait_for("new_message", lambda message: message["content"] == "The last")
    live = [message["seq"] for message in client.received("new_message")]
    assert [message["seq"] for message in joined.history] + live == list(range(1, count + 3))
    assert client.events[0].event != "new_message"


async def test_nobody_joins_a_room_that_fell_out_of_memory_while_its_history_was_read(
    chat: Chat, running: RunningApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would not know of what was sent meanwhile."""
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Number 1")
    client = await va.connect()
    gate = Gate(monkeypatch, messages, "list_newest")
    async with gate.closed():
        joining = asyncio.create_task(client.call("join_chat", {"chatRoomId": room_id}))
        await gate.wait_until_read()
        running.part(RoomsPart).cache._drop(room_id)
        await company.post_message(room_id, "Number 2")
    assert (await joining)["code"] == "unavailable"
    assert client.received("chat_history") == []
    assert [message["seq"] for message in (await client.join(room_id)).history] == [1, 2]


@pytest.mark.parametrize(
    ("event", "is_legacy"),
    [("join_chat", True), ("typing", True), ("update_status", True), ("no_such_event", True), ("leave_chat", False),
     ("mark_read", False), ("mark_delivered", False), ("sync", False), ("authenticate", False)],
)  # fmt: skip
async def test_a_socket_is_of_the_first_design_until_it_uses_a_new_event(
    chat: Chat, running: RunningApplication, event: str, is_legacy: bool
) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect()
    payload = {"chatRoomId": room_id, "isTyping": True, "status": "away", "seq": 0, "rooms": {}, "token": va.token}
    await client.call(event, payload)
    [socket] = running.application.sockets.namespace("/").sockets.values()
    assert connection_of(socket).is_legacy is is_legacy
