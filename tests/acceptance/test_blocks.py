"""A block holds between two people, in every room of two that they have or ask for, and not in groups."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.acceptance.bad_input import check_refusal
from tests.acceptance.client import Client
from tests.acceptance.groups import make
from tests.acceptance.people import Chat, Person

SEND_WAYS = ["socket", "rest"]


async def pair_with_admin(chat: Chat) -> tuple[Person, Person, str, str]:
    """A VA and an admin, with their direct room and their support room."""
    va, admin = await chat.person("Ana"), await chat.person("Sam", role="admin")
    direct = await chat.room(va, admin, type="direct")
    support = (await va.post("/api/chat/rooms", {"participantId": admin.id, "type": "support"})).data["roomId"]
    return va, admin, direct, support


async def set_status(chat: Chat, room_id: str, type_: str, members: tuple[Person, Person], status: str) -> None:
    await chat.save_room(members, id=room_id, type=type_, status=status)


async def send(way: str, person: Person, room_id: str) -> dict[str, Any]:
    """The envelope."""
    if way == "rest":
        return (await person.post(f"/api/chat/rooms/{room_id}/messages", {"content": "Hello"})).envelope
    return await (await person.connect()).call("send_message", {"chatRoomId": room_id, "content": "Hello"})


@pytest.mark.parametrize("way", SEND_WAYS)
@pytest.mark.parametrize("blocked", ["direct", "support"])
async def test_neither_writes_in_any_room_of_the_two_until_the_block_ends(chat: Chat, way: str, blocked: str) -> None:
    va, admin, direct, support = await pair_with_admin(chat)
    room_id = direct if blocked == "direct" else support
    await set_status(chat, room_id, blocked, (va, admin), "blocked")
    for person in (va, admin):
        for each in (direct, support):
            check_refusal(await send(way, person, each), "room_blocked")
            assert (await person.room(each))["status"] == "blocked"
    await set_status(chat, room_id, blocked, (va, admin), "active")
    for person in (va, admin):
        for each in (direct, support):
            assert (await send(way, person, each))["success"] is True
            assert (await person.room(each))["status"] == "active"


async def test_an_archived_room_is_archived_again_when_the_block_of_another_ends(chat: Chat) -> None:
    va, admin, direct, support = await pair_with_admin(chat)
    await set_status(chat, support, "support", (va, admin), "archived")
    await set_status(chat, direct, "direct", (va, admin), "blocked")
    assert (await va.room(support))["status"] == "blocked"
    await set_status(chat, direct, "direct", (va, admin), "active")
    assert (await va.room(support))["status"] == "archived"


async def test_the_block_ends_with_the_last_blocked_room(chat: Chat) -> None:
    va, admin, direct, support = await pair_with_admin(chat)
    await set_status(chat, direct, "direct", (va, admin), "blocked")
    await set_status(chat, support, "support", (va, admin), "blocked")
    await set_status(chat, direct, "direct", (va, admin), "active")
    check_refusal(await send("rest", va, direct), "room_blocked")
    await set_status(chat, support, "support", (va, admin), "active")
    assert (await send("rest", va, direct))["success"] is True


async def test_neither_brings_the_other_into_a_new_group(chat: Chat) -> None:
    va, company, direct = await chat.pair()
    await set_status(chat, direct, "direct", (va, company), "blocked")
    for maker, other in ((company, va), (va, company)):
        body = {"type": "group", "title": "Launch", "memberIds": [other.id]}
        assert (await maker.post("/api/chat/rooms", body)).code == "room_blocked"
        assert (await (await make(maker)).put(maker, other)).code == "room_blocked"
    await set_status(chat, direct, "direct", (va, company), "active")
    assert await (await make(company, va)).roles(va) == {company.name: "owner", va.name: "member"}


@pytest.mark.parametrize("type_", ["direct", "support"])
async def test_no_new_room_of_the_two_is_opened(chat: Chat, type_: str) -> None:
    va, admin = await chat.person("Ana"), await chat.person("Sam", role="admin")
    other = "support" if type_ == "direct" else "direct"
    room_id = await chat.room(va, admin, type=type_)
    await set_status(chat, room_id, type_, (va, admin), "blocked")
    for one, two in ((va, admin), (admin, va)):
        answer = await one.post("/api/chat/rooms", {"participantId": two.id, "type": other})
        assert (answer.status, answer.code) == (403, "room_blocked")
        assert (await one.get("/api/chat/rooms")).data[0]["id"] == room_id
    await set_status(chat, room_id, type_, (va, admin), "active")
    assert (await va.post("/api/chat/rooms", {"participantId": admin.id, "type": other})).status == 200


async def test_a_room_that_the_host_makes_for_the_two_is_blocked_from_the_start(chat: Chat) -> None:
    va, admin = await chat.person("Ana"), await chat.person("Sam", role="admin")
    direct = await chat.room(va, admin, type="direct", status="blocked")
    support = await chat.room(va, admin, type="support")
    check_refusal(await send("rest", va, support), "room_blocked")
    await set_status(chat, direct, "direct", (va, admin), "active")
    assert (await send("rest", va, support))["success"] is True


async def test_groups_and_rooms_with_others_are_unaffected(chat: Chat) -> None:
    va, company, direct = await chat.pair()
    friend = await chat.person("Finn")
    group, of_two = await chat.room(va, company, friend), await chat.room(va, company)
    with_friend = await chat.room(va, friend, type="direct")
    of_three = await chat.room(va, company, friend, type="support")
    await set_status(chat, direct, "direct", (va, company), "blocked")
    for room_id in (group, of_two, with_friend, of_three):
        assert (await send("rest", va, room_id))["success"] is True


async def test_a_room_that_is_not_of_the_two_any_more_is_free(chat: Chat) -> None:
    va, admin, direct, support = await pair_with_admin(chat)
    friend = await chat.person("Finn")
    await set_status(chat, direct, "direct", (va, admin), "blocked")
    await chat.save_room([va, admin, friend], id=support, type="support")
    assert (await send("rest", va, support))["success"] is True
    await chat.save_room([va, admin], id=support, type="support")
    check_refusal(await send("rest", va, support), "room_blocked")


async def test_the_block_is_shown_at_once_in_every_room_of_the_two(chat: Chat) -> None:
    va, admin, direct, support = await pair_with_admin(chat)
    await send("rest", va, support)
    client = await va.connect()
    for status in ("blocked", "active"):
        await set_status(chat, direct, "direct", (va, admin), status)
        for room_id in (direct, support):
            await wait_for_status(client, room_id, status)


async def wait_for_status(client: Client, room_id: str, status: str) -> None:
    def is_shown() -> bool:
        return any((room["id"], room["status"]) == (room_id, status) for room in client.received("room_updated"))

    await client.wait_until(is_shown)


async def test_neither_sees_that_the_other_is_here_until_the_block_ends(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(), await company.connect()
    await mine.wait_for("presence_changed", lambda each: each["userId"] == company.id)
    await set_status(chat, room_id, "direct", (va, company), "blocked")
    for client, other in ((mine, company), (theirs, va)):
        changed = await client.wait_for("presence_changed", lambda each: not each["online"])
        assert changed == {"userId": other.id, "online": False, "lastSeenAt": None}
    for one, two in ((va, company), (company, va)):
        assert (await one.get("/api/chat/presence", userIds=two.id)).data == []
    await mine.ask("update_status", {"status": "away"})
    await mine.ask("update_status", {"status": "busy", "chatRoomId": room_id})
    await mine.disconnect()
    again = await va.connect(join=room_id)
    await again.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await theirs.join(room_id)
    await theirs.catch_up()
    told = {"user_status_updated", "user_typing", "user_joined"}
    assert [event for event in theirs.events if event.event in told] == []
    assert [each["online"] for each in theirs.received("presence_changed")][-1] is False
    await set_status(chat, room_id, "direct", (va, company), "active")
    assert (await theirs.wait_for("presence_changed", lambda each: each["userId"] == va.id))["online"] is True
    [presence] = (await company.get("/api/chat/presence", userIds=va.id)).data
    assert presence["online"] is True


async def test_who_shares_a_group_is_seen_there_as_by_everybody(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await chat.room(va, company, await chat.person("Finn"))
    await set_status(chat, room_id, "direct", (va, company), "blocked")
    await va.connect()
    assert len((await company.get("/api/chat/presence", userIds=va.id)).data) == 1


MarkRead = Callable[[Person, str, dict[str, Any]], Awaitable[object]]


async def read_by_socket(reader: Person, room_id: str, message: dict[str, Any]) -> None:
    await (await reader.connect(join=room_id)).ask("mark_read", {"chatRoomId": room_id, "seq": message["seq"]})


async def read_by_message(reader: Person, _room_id: str, message: dict[str, Any]) -> None:
    await (await reader.connect()).ask("mark_message_read", {"messageId": message["id"]})


async def read_by_rest(reader: Person, _room_id: str, message: dict[str, Any]) -> None:
    assert (await reader.put(f"/api/chat/messages/{message['id']}/read")).status == 200


@pytest.mark.parametrize("read", [read_by_socket, read_by_message, read_by_rest])
async def test_receipts_stand_still_for_the_other_until_the_block_ends(chat: Chat, read: MarkRead) -> None:
    va, company, room_id = await chat.pair()
    first = await va.post_message(room_id, "One")
    await (await company.connect()).ask("mark_delivered", {"chatRoomId": room_id, "seq": first["seq"]})
    second = await va.post_message(room_id, "Two")
    await set_status(chat, room_id, "direct", (va, company), "blocked")
    mine = await va.connect(join=room_id)
    await read(company, room_id, second)
    assert (await company.room(room_id))["unreadCount"] == 0
    [synced] = (await company.post("/api/chat/sync", {"rooms": {room_id: 2}})).data["rooms"]
    assert synced["cursors"][company.id]["lastReadSeq"] == 2
    await mine.catch_up()
    assert mine.received("message_read") == mine.received("message_delivered") == []
    assert [message["status"] for message in await va.history(room_id)] == ["delivered", "sent"]
    [synced] = (await mine.ask("sync", {"rooms": {room_id: 0}}))["rooms"]
    assert synced["cursors"][company.id] == {"lastReadSeq": 0, "lastDeliveredSeq": 1}
    assert [message["status"] for message in synced["messages"]] == ["delivered", "sent"]
    await set_status(chat, room_id, "direct", (va, company), "active")
    assert [message["status"] for message in await va.history(room_id)] == ["read", "read"]


async def test_what_was_said_can_still_be_read(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await va.post_message(room_id, "Before")
    await set_status(chat, room_id, "direct", (va, company), "blocked")
    for person in (va, company):
        assert [message["content"] for message in await person.history(room_id)] == ["Before"]
        assert (await person.post("/api/chat/rooms", {"participantId": (company if person is va else va).id})).data == {
            "roomId": room_id,
            "existing": True,
        }
