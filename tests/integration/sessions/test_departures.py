"""Who is gone is gone: whatever was under way for their socket ends with it, and nothing of them is kept."""

import asyncio

import pytest

from hyred_chat.messages import repository as messages
from tests.acceptance.people import Chat
from tests.integration.realtime.application import RunningApplication
from tests.integration.realtime.gates import Gate


async def test_a_join_that_ends_after_its_socket_was_never_seen_and_delivers_nothing(
    chat: Chat, running: RunningApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    client = await va.connect()
    await company.post_message(room_id, "Hello")
    gate = Gate(monkeypatch, messages, "list_newest")
    async with gate.closed():
        await client.emit("join_chat", {"chatRoomId": room_id})
        await gate.wait_until_read()
        await client.disconnect()
        while running.application.sockets.session_count > 1:
            await theirs.catch_up()
    await company.post_message(room_id, "Still there?")
    await theirs.wait_for("new_message", lambda message: message["seq"] == 2)
    await theirs.catch_up()
    assert theirs.received("user_joined") == theirs.received("user_left") == []
    assert theirs.received("message_delivered") == []
    assert [message["status"] for message in await company.history(room_id)] == ["sent", "sent"]


async def test_a_member_who_is_put_out_while_joining_does_not_get_in(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    room_id = await chat.room(va, company)
    await company.post_message(room_id, "Hello")
    client, theirs = await va.connect(), await company.connect(join=room_id)
    gate = Gate(monkeypatch, messages, "list_newest")
    async with gate.closed():
        joining = asyncio.create_task(client.call("join_chat", {"chatRoomId": room_id}))
        await gate.wait_until_read()
        await chat.save_room([company], id=room_id, type="group")
    assert (await joining)["code"] == "access_denied"
    await company.post_message(room_id, "Between us")
    await client.catch_up()
    await theirs.catch_up()
    assert client.received("chat_history") == client.received("new_message") == []
    assert theirs.received("user_joined") == []
