"""A session ends when its token does or its user is disabled; its part in a room, when its user is put out."""

import asyncio
import time

from tests.acceptance.bad_input import check_refusal
from tests.acceptance.oidc import SignIn
from tests.acceptance.people import Chat
from tests.acceptance.shapes import check_moment


async def test_a_session_is_warned_within_its_last_minute_and_ends_with_its_token(chat: Chat, sign_in: SignIn) -> None:
    person = await chat.person("Ana")
    person.token = sign_in.token(person, lasts_seconds=1)
    client = await person.connect()
    expiring = await client.wait_for("auth_expiring")
    check_moment(expiring["expiresAt"])
    started = time.monotonic()
    await client.wait_until_disconnected()
    assert time.monotonic() - started < 3
    assert client.received("error")[-1]["code"] == "token_expired"


async def test_a_session_with_more_than_a_minute_left_is_not_warned_yet(chat: Chat, sign_in: SignIn) -> None:
    person = await chat.person("Ana")
    person.token = sign_in.token(person, lasts_seconds=120)
    client = await person.connect()
    short = await chat.person("Bob")
    short.token = sign_in.token(short, lasts_seconds=59)
    await (await short.connect()).wait_for("auth_expiring")
    await client.catch_up()
    assert client.received("auth_expiring") == []


async def test_a_fresh_token_keeps_the_socket_and_its_rooms(chat: Chat, sign_in: SignIn) -> None:
    va, company, room_id = await chat.pair()
    va.token = sign_in.token(va, lasts_seconds=1.5)
    client = await va.connect(join=room_id)
    await client.wait_for("auth_expiring")
    fresh = sign_in.token(va, lasts_seconds=3600)
    data = await client.ask("authenticate", {"token": fresh})
    check_moment(data["expiresAt"])
    bystander = await chat.person("Bob")
    bystander.token = sign_in.token(bystander, lasts_seconds=1.5)
    await (await bystander.connect()).wait_until_disconnected()
    await company.post_message(room_id, "Still there?")
    assert (await client.wait_for("new_message"))["content"] == "Still there?"
    assert client.connected


async def test_a_fresh_token_must_be_the_same_person_s_and_good(chat: Chat, sign_in: SignIn) -> None:
    person, other = await chat.person("Ana"), await chat.person("Bob")
    client = await person.connect()
    for token, code in (
        (other.token, "access_denied"),
        (sign_in.token(other), "access_denied"),
        (sign_in.token(person, lasts_seconds=-60), "token_expired"),
        (sign_in.token(person, email="nobody@mail.example"), "user_not_found"),
        ("x", "unauthenticated"),
    ):
        check_refusal(await client.call("authenticate", {"token": token}), code)
    assert await client.ask("authenticate", {"token": person.token}) == {"expiresAt": None}


async def test_a_refused_fresh_token_does_not_lengthen_the_session(chat: Chat, sign_in: SignIn) -> None:
    person, other = await chat.person("Ana"), await chat.person("Bob")
    person.token = sign_in.token(person, lasts_seconds=1.5)
    client = await person.connect()
    assert (await client.call("authenticate", {"token": other.token}))["code"] == "access_denied"
    async with asyncio.timeout(4):
        await client.wait_until_disconnected()


async def test_disabling_somebody_ends_their_sockets_within_a_second(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    clients = [await va.connect(join=room_id), await va.connect()]
    theirs = await company.connect(join=room_id)
    async with asyncio.timeout(1):
        await chat.provision(va, disabled=True)
        for client in clients:
            await client.wait_until_disconnected()
    assert (await theirs.wait_for("user_left"))["userId"] == va.id
    answer = await va.get("/api/users/me")
    assert (answer.status, answer.code) == (403, "user_not_found")
    assert (await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": "Hello"})).code == "user_not_found"


async def test_somebody_who_is_enabled_again_is_welcome(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    await chat.provision(va, disabled=True)
    assert (await va.get("/api/users/me")).status == 403
    await chat.provision(va, disabled=False)
    assert (await (await va.connect()).send(room_id, "I am back"))["seq"] == 1


async def test_removing_a_member_ends_their_part_in_the_room_within_a_second(chat: Chat) -> None:
    va, company, other = await chat.person("Ana"), await chat.person("Acme"), await chat.person("Bob")
    room_id = await chat.room(va, company, other)
    message = await company.post_message(room_id, "Hello")
    client, outside = await va.connect(join=room_id), await va.connect()
    theirs = await company.connect(join=room_id)
    async with asyncio.timeout(1):
        await chat.save_room([company, other], id=room_id, type="group")
        assert (await theirs.wait_for("user_left"))["userId"] == va.id
    await theirs.send(room_id, "Between us")
    for each in (client, outside):
        await each.catch_up()
        assert each.connected
        assert [message["content"] for message in each.received("new_message")] == []
        assert [note["body"] for note in each.received("notification")] in ([], ["Hello"])
    for event, payload in (
        ("join_chat", {"chatRoomId": room_id}),
        ("send_message", {"chatRoomId": room_id, "content": "Hello?"}),
        ("mark_read", {"chatRoomId": room_id, "seq": 1}),
        ("mark_delivered", {"chatRoomId": room_id, "seq": 1}),
        ("typing", {"chatRoomId": room_id, "isTyping": True}),
        ("update_status", {"status": "away", "chatRoomId": room_id}),
    ):
        check_refusal(await client.call(event, payload), "access_denied")
    check_refusal(await client.call("mark_message_read", {"messageId": message["id"]}), "not_found")
    assert await client.ask("sync", {"rooms": {room_id: 0}}) == {"rooms": [], "more": False}
    assert (await va.get(f"/api/chat/rooms/{room_id}")).code == "access_denied"
    assert (await va.get("/api/chat/rooms")).data == []
    assert (await va.get("/api/chat/unread-count")).data == {"count": 0, "rooms": {}}


async def test_a_removed_member_does_not_hold_back_the_status_of_messages(chat: Chat) -> None:
    sender, reader, gone = await chat.person("Ana"), await chat.person("Bob"), await chat.person("Cem")
    room_id = await chat.room(sender, reader, gone)
    await sender.post_message(room_id, "Hello, both")
    await (await reader.connect()).ask("mark_read", {"chatRoomId": room_id, "seq": 1})
    assert (await sender.history(room_id))[0]["status"] == "sent"
    await chat.save_room([sender, reader], id=room_id, type="group")
    assert (await sender.history(room_id))[0]["status"] == "read"
