"""What one process tells the other through the broker, at once."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from hyred_chat.broker.embedded import ValkeyServer
from hyred_chat.broker.partitions import Names
from hyred_chat.realtime.nodes import SMALL_MEMBERS
from tests.acceptance.client import PATIENCE_SECONDS
from tests.acceptance.conftest import REDIS_PREFIX
from tests.acceptance.files import ready_file
from tests.acceptance.nodes import TwoNodes
from tests.acceptance.test_presence import presence_of, wait_for_presence
from tests.acceptance.test_typing import typed

pytestmark = pytest.mark.parametrize("standing_nodes", ["told by the broker"], indirect=True)


@asynccontextmanager
async def held_back(valkey: ValkeyServer) -> AsyncIterator[None]:
    """What is published meanwhile arrives afterwards."""
    async with Redis.from_url(valkey.url) as redis:
        await redis.execute_command("CLIENT", "PAUSE", int(PATIENCE_SECONDS * 1000), "WRITE")
        try:
            yield
        finally:
            await redis.execute_command("CLIENT", "UNPAUSE")


async def test_typing_is_seen_at_the_other_process_in_the_room_and_in_lists(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    mine = await va.connect(join=room_id)
    inside, listing = await nodes.connect(company, join=room_id), await nodes.connect(company)
    await listing.ask("sync", {"rooms": {}})  # an event that the first design did not have
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    for client in (inside, listing):
        assert await client.wait_for("user_typing") == typed(room_id, va.id, is_typing=True)
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": False})
    for client in (inside, listing):
        assert await client.wait_for("user_typing") == typed(room_id, va.id, is_typing=False)


async def test_typing_ends_at_the_other_process_with_the_message(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    mine, theirs = await va.connect(join=room_id), await nodes.connect(company, join=room_id)
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await theirs.wait_for("user_typing")
    await mine.send(room_id, "Hello")
    assert await theirs.wait_for("user_typing") == typed(room_id, va.id, is_typing=False)
    await theirs.wait_for("new_message")


async def test_entering_and_leaving_are_seen_at_the_other_process(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    theirs = await nodes.connect(company, join=room_id)
    mine = await va.connect(join=room_id)
    joined = await theirs.wait_for("user_joined")
    assert (joined["chatRoomId"], joined["userId"], joined["name"]) == (room_id, va.id, va.name)
    await mine.ask("leave_chat", {"chatRoomId": room_id})
    assert (await theirs.wait_for("user_left"))["userId"] == va.id


async def test_who_leaves_at_one_process_and_stays_at_the_other_is_seen_to_be_there(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    theirs = await company.connect(join=room_id)
    phone, desk = await va.connect(join=room_id), await nodes.connect(va, join=room_id)
    await desk.catch_up()
    seen = len(theirs.received("user_joined"))
    await phone.ask("leave_chat", {"chatRoomId": room_id})
    await theirs.wait_for("user_left")
    await theirs.wait_until(lambda: len(theirs.received("user_joined")) > seen)


async def test_those_who_come_and_go_at_one_process_are_seen_at_the_other(nodes: TwoNodes) -> None:
    va, company, _ = await nodes.chat.pair()
    theirs = await nodes.connect(company)
    mine = await va.connect()
    await wait_for_presence(theirs, va, online=True)
    [presence] = await nodes.get(company, f"/api/chat/presence?userIds={va.id}")
    assert (presence["online"], presence["status"]) == (True, "online")
    await mine.disconnect()
    changed = await wait_for_presence(theirs, va, online=False)
    [presence] = await nodes.get(company, f"/api/chat/presence?userIds={va.id}")
    assert presence == {"userId": va.id, "online": False, "status": "offline", "lastSeenAt": changed["lastSeenAt"]}


async def test_who_is_at_both_processes_goes_offline_with_the_last_socket(nodes: TwoNodes) -> None:
    va, company, _ = await nodes.chat.pair()
    theirs = await company.connect()
    phone = await va.connect()
    await wait_for_presence(theirs, va, online=True)
    desk = await nodes.connect(va)
    await phone.disconnect()
    other, _, _ = await nodes.chat.pair()
    await nodes.chat.room(other, company)
    # Somebody who comes and goes after that is seen to do both.
    passing = await other.connect()
    await wait_for_presence(theirs, other, online=True)
    await passing.disconnect()
    await wait_for_presence(theirs, other, online=False)
    assert [each["online"] for each in theirs.received("presence_changed") if each["userId"] == va.id] == [True]
    [presence] = await presence_of(company, va)
    assert presence["online"]
    await desk.disconnect()
    await wait_for_presence(theirs, va, online=False)


async def test_a_status_is_seen_at_the_other_process_and_goes_with_its_person(nodes: TwoNodes) -> None:
    va, company, _ = await nodes.chat.pair()
    theirs = await nodes.connect(company)
    mine = await va.connect()
    await wait_for_presence(theirs, va, online=True)
    await mine.ask("update_status", {"status": "busy"})
    assert (await theirs.wait_for("user_status_updated"))["status"] == "busy"
    desk = await nodes.connect(va)
    await mine.disconnect()
    await desk.catch_up()
    [presence] = await nodes.get(company, f"/api/chat/presence?userIds={va.id}")
    assert presence["status"] == "busy"


async def test_a_status_that_is_chosen_at_one_process_is_claimed_by_both(nodes: TwoNodes, valkey: ValkeyServer) -> None:
    """So that it stays when the socket leaves that it was chosen on."""
    va, company, _ = await nodes.chat.pair()
    theirs = await nodes.connect(company)
    mine, desk = await va.connect(), await nodes.connect(va)
    await wait_for_presence(theirs, va, online=True)
    await desk.catch_up()
    await mine.ask("update_status", {"status": "busy"})
    statuses: list[bytes | str] = []
    deadline = time.monotonic() + PATIENCE_SECONDS  # the library may swallow a cancellation
    async with Redis.from_url(valkey.url) as redis:
        while statuses != [b"busy"] * 2:
            assert time.monotonic() < deadline, statuses
            statuses = await redis.hvals(Names(REDIS_PREFIX).name("on", va.id))


async def test_who_looks_elsewhere_is_notified_at_the_other_process(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    theirs = await nodes.connect(company)
    await va.post_message(room_id, "Hello")
    notification = await theirs.wait_for("notification")
    assert (notification["title"], notification["body"]) == (va.name, "Hello")
    assert notification["data"]["unreadCount"] == 1
    await theirs.catch_up()
    assert len(theirs.received("notification")) == 1


@pytest.mark.parametrize("has_file", [False, True], ids=["without a file", "with a file"])
@pytest.mark.parametrize("is_read_before", [False, True], ids=["unread", "read before"])
async def test_who_looks_elsewhere_is_notified_whenever_the_room_is_read_at_the_other_process(
    nodes: TwoNodes, valkey: ValkeyServer, *, has_file: bool, is_read_before: bool
) -> None:
    """Whatever has it read: what was read with the message is no news to a room, and is to people."""
    va, company, room_id = await nodes.chat.pair()
    files = [await ready_file(nodes.chat, va, room_id, b"Text", "brief.txt")] if has_file else []
    theirs = await nodes.connect(company)
    async with held_back(valkey):
        sent = await va.post_message(room_id, "Hello", attachments=files)
        if is_read_before:
            assert (await nodes.listed(company, room_id))["lastMessage"]["id"] == sent["id"]
    notification = await theirs.wait_for("notification")
    assert notification["data"]["messageId"] == sent["id"]
    await theirs.wait_for("room_updated", lambda room: room["lastSeq"] == 1)
    await theirs.catch_up()
    assert len(theirs.received("notification")) == 1


@pytest.mark.parametrize("is_read_before", [False, True], ids=["unread", "read before"])
async def test_a_change_reaches_lists_whenever_the_room_is_read_at_the_other_process(
    nodes: TwoNodes, valkey: ValkeyServer, *, is_read_before: bool
) -> None:
    va, company, room_id = await nodes.chat.pair()
    file_id = await ready_file(nodes.chat, va, room_id, b"Text", "brief.txt")
    sent = await va.post_message(room_id, "", attachments=[file_id])
    theirs = await nodes.connect(company)
    async with held_back(valkey):
        await va.request("PATCH", f"/api/chat/messages/{sent['id']}", json={"content": "Edited"})
        if is_read_before:
            assert (await nodes.listed(company, room_id))["lastMessage"]["content"] == "Edited"
    await theirs.wait_for("room_updated", lambda room: room["lastMessage"]["content"] == "Edited")


async def test_a_receipt_reaches_lists_though_the_room_was_read_before_at_the_other_process(
    nodes: TwoNodes, valkey: ValkeyServer
) -> None:
    va, company, room_id = await nodes.chat.pair()
    sent = await va.post_message(room_id, "Hello")
    listing = await nodes.connect(va)
    async with held_back(valkey):
        await company.put(f"/api/chat/messages/{sent['id']}/read")
        await nodes.listed(va, room_id)
    assert (await listing.wait_for("message_read"))["seq"] == sent["seq"]


async def test_what_is_read_at_one_process_is_withdrawn_at_the_other(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    watching = await va.connect()
    desk = await nodes.connect(company)
    await wait_for_presence(watching, company, online=True)
    await va.post_message(room_id, "Hello")
    notification = await desk.wait_for("notification")
    assert (await company.put("/api/notifications/read-all")).data == {"count": 1}
    withdrawn = await desk.wait_for("notification_withdrawn")
    assert withdrawn == {"ids": [notification["id"]], "seqs": {notification["id"]: 1}}


async def test_a_large_room_is_told_to_every_process_once(nodes: TwoNodes) -> None:
    people = [(await nodes.chat.pair())[0] for _ in range(12)]
    room_id = await nodes.chat.room(*people, title="Everybody")
    here = [await person.connect(join=room_id) for person in people[:3]]
    there = [await nodes.connect(person, join=room_id) for person in people[3:6]]
    elsewhere = await nodes.connect(people[6])
    for number in range(5):
        await here[0].send(room_id, f"Number {number}")
        await there[0].send(room_id, f"Answer {number}")
    for client in (*here, *there):
        await client.wait_until(lambda client=client: len(client.received("new_message")) >= 10)  # type: ignore[misc]
        assert [message["seq"] for message in client.received("new_message")] == list(range(1, 11))
    await elsewhere.wait_for("room_updated", lambda room: room["lastSeq"] == 10)


async def test_a_room_that_grows_large_and_becomes_small_again_is_told_to_both_processes(nodes: TwoNodes) -> None:
    people = [await nodes.chat.person() for _ in range(SMALL_MEMBERS + 1)]
    room_id = await nodes.chat.room(*people[:-1], title="Some")
    here, there = await people[0].connect(join=room_id), await nodes.connect(people[1], join=room_id)

    async def talk() -> None:
        for _ in range(3):  # the first may be on the way while the second process begins to listen
            last = await here.send(room_id, "Hello")
        while (await there.wait_for("new_message"))["seq"] != last["seq"]:
            pass
        assert [message["seq"] for message in there.received("new_message")] == list(range(1, last["seq"] + 1))
        # A message would be found by other ways too, if a little later. This is told or lost.
        await here.ask("typing", {"chatRoomId": room_id, "isTyping": True})
        await there.wait_for("user_typing", lambda typing: typing["isTyping"])

    await talk()
    for members in (people, people[:-1]):
        ids = {person.id for person in members}
        await nodes.chat.save_room(members, id=room_id, type="group", title="Some")
        while {member["id"] for member in (await there.wait_for("room_updated"))["members"]} != ids:
            pass
        await talk()


async def test_a_room_that_somebody_opens_is_known_at_the_other_process_at_once(nodes: TwoNodes) -> None:
    va, company = await nodes.chat.person("Ana"), await nodes.chat.person("Acme")
    here, there = await va.connect(), await nodes.connect(va)
    theirs = await nodes.connect(company)
    room_id = (await va.post("/api/chat/rooms", {"participantId": company.id})).data["roomId"]
    for device in (here, there):
        assert (await device.wait_for("room_updated"))["id"] == room_id
    assert (await nodes.listed(va, room_id))["id"] == room_id
    # It is not listed for the other person before there is a message, but they may enter.
    assert theirs.received("room_updated") == []
    await theirs.join(room_id)
    # It is when they ask for it, too: here, where the room is in memory, as at the process that was asked.
    await company.post("/api/chat/rooms", {"participantId": va.id})
    assert (await theirs.wait_for("room_updated"))["id"] == room_id
    await here.send(room_id, "Hello")
    assert (await theirs.wait_for("new_message"))["content"] == "Hello"
