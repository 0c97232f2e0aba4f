"""What members make of rooms for themselves alone: archived, marked as unread, muted; and the list filtered by it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acceptance.bad_input import UNKNOWN_ID, WRONG_TYPES, check_refusal, snapshot
from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.shapes import check_room


def in_an_hour() -> str:
    return (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def archive(person: Person, room_id: str, archived: object = True) -> Answer:
    return await person.put(f"/api/chat/rooms/{room_id}/archive", {"archived": archived})


async def mark(person: Person, room_id: str, unread: object = True) -> Answer:
    return await person.put(f"/api/chat/rooms/{room_id}/unread", {"unread": unread})


async def mute(person: Person, room_id: str, until: str | None) -> None:
    assert (await person.put(f"/api/chat/rooms/{room_id}/mute", {"until": until})).status == 200


async def listed(person: Person, **params: Any) -> list[str]:
    return [room["id"] for room in (await person.get("/api/chat/rooms", **params)).data]


async def is_archived(person: Person, room_id: str) -> bool:
    """By the room itself and by the list, which must agree."""
    archived = (await person.room(room_id))["archived"]
    assert (room_id in await listed(person, filter="archived")) is archived
    assert (room_id in await listed(person, filter="all")) is not archived
    return bool(archived)


# --- archive


async def test_a_message_that_came_before_the_archiving_arrived_brings_the_room_back(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    seen = await acme.post_message(room_id, "Seen")
    await acme.post_message(room_id, "While you had no network")
    stale = await ana.put(f"/api/chat/rooms/{room_id}/archive", {"archived": True, "seq": seen["seq"]})
    assert (stale.data["archived"], await is_archived(ana, room_id)) == (False, False)
    for seq in (seen["seq"] + 1, 2**53 - 1, None):
        known = await ana.put(f"/api/chat/rooms/{room_id}/archive", {"archived": True, "seq": seq})
        assert (known.data["archived"], await is_archived(ana, room_id)) == (True, True)
        await acme.post_message(room_id, "And now")
        assert not await is_archived(ana, room_id)


async def test_a_room_is_archived_for_its_member_alone_and_their_other_sockets_see_it(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    other = await ana.connect()
    for archived in (True, True, False, False, True):
        room = (await archive(ana, room_id, archived)).data
        check_room(room)
        assert (room["archived"], room["status"]) == (archived, "active")
        assert await is_archived(ana, room_id) is archived
    assert (await other.wait_for("room_updated", lambda room: room["archived"]))["id"] == room_id
    await other.wait_for("room_updated", lambda room: not room["archived"])
    assert not await is_archived(acme, room_id)
    assert room_id in await listed(ana), "without a filter the list has all"


async def test_a_message_brings_an_archived_room_back_whoever_sends_it(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    client = await ana.connect()
    for sender in (acme, ana):
        await archive(ana, room_id)
        assert await is_archived(ana, room_id)
        message = await sender.post_message(room_id, "Hello")
        await client.wait_for("room_updated", lambda room, seq=message["seq"]: room["lastSeq"] == seq)  # type: ignore[misc]
        assert not await is_archived(ana, room_id)
    assert not client.received("room_updated")[-1]["archived"]


async def test_a_muted_room_stays_archived_also_when_the_mute_ends(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    await mute(ana, room_id, in_an_hour())
    await archive(ana, room_id)
    await acme.post_message(room_id, "Hello")
    assert await is_archived(ana, room_id)
    await mute(ana, room_id, None)
    assert await is_archived(ana, room_id), "what came while it was muted has not brought it back"
    await acme.post_message(room_id, "Hello again")
    assert not await is_archived(ana, room_id)
    await mute(ana, room_id, in_an_hour())
    assert not await is_archived(ana, room_id), "and a mute archives nothing"


async def test_what_came_after_a_mute_had_run_out_brings_the_room_back(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    await mute(ana, room_id, in_an_hour())
    await archive(ana, room_id)
    await acme.post_message(room_id, "While it is muted")
    await chat.database.execute(
        "UPDATE chat_members SET muted_until = room.last_message_at + interval '1 ms'"
        " FROM chat_rooms room WHERE room.id = room_id AND room_id = $1 AND user_id = $2",
        room_id,
        ana.id,
    )
    await chat.database.execute("INSERT INTO node_events (kind, subject) VALUES ('room', $1)", room_id)
    [room] = (await ana.get("/api/chat/rooms", filter="archived")).data
    assert (room["archived"], room["muted"]) == (True, None)
    await acme.post_message(room_id, "Later")
    assert await listed(ana, filter="archived") == []


async def test_a_message_of_the_system_brings_nothing_back(chat: Chat) -> None:
    ana, ben = await chat.person("Ana"), await chat.person("Ben")
    body = {"type": "group", "title": "Launch", "memberIds": [ben.id]}
    room_id = (await ana.post("/api/chat/rooms", body)).data["roomId"]
    await archive(ben, room_id)
    assert (await ana.request("PATCH", f"/api/chat/rooms/{room_id}", json={"title": "Landing"})).status == 200
    assert await is_archived(ben, room_id)


async def test_an_empty_room_is_archived_until_somebody_writes(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    assert (await archive(ana, room_id)).data["archived"] is True
    assert await is_archived(ana, room_id)
    await acme.post_message(room_id, "Hello")
    assert not await is_archived(ana, room_id)


# --- unread mark


async def test_a_room_is_marked_as_unread_for_its_member_alone_and_no_position_moves(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    message = await acme.post_message(room_id, "Hello")
    client, theirs = await ana.connect(join=room_id), await acme.connect()
    await client.ask("mark_read", {"chatRoomId": room_id, "seq": 1})
    await theirs.wait_for("message_read")
    for _ in range(2):
        room = (await mark(ana, room_id)).data
        check_room(room)
        assert (room["markedUnread"], room["unreadCount"], room["lastReadSeq"]) == (True, 0, 1)
    await client.wait_for("room_updated", lambda room: room["markedUnread"])
    assert room_id in await listed(ana, filter="unread")
    assert (await acme.room(room_id))["markedUnread"] is False
    assert (await acme.history(room_id))[0]["status"] == "read"
    assert (await mark(ana, room_id, unread=False)).data["markedUnread"] is False
    assert await listed(ana, filter="unread") == []
    assert message["seq"] == 1


@pytest.mark.parametrize("way", ["mark_read", "mark_message_read", "rest", "newer", "own message", "own message read"])
async def test_reading_or_writing_there_ends_the_mark(chat: Chat, way: str) -> None:
    ana, acme, room_id = await chat.pair()
    message = await (ana if way == "own message read" else acme).post_message(room_id, "Hello")
    client = await ana.connect()
    await client.ask("mark_read", {"chatRoomId": room_id, "seq": 1})
    await mark(ana, room_id)
    match way:
        case "mark_read":
            await client.ask("mark_read", {"chatRoomId": room_id, "seq": 1})
        case "mark_message_read" | "own message read":
            await client.ask("mark_message_read", {"messageId": message["id"]})
        case "rest":
            assert (await ana.put(f"/api/chat/messages/{message['id']}/read")).status == 200
        case "newer":
            await acme.post_message(room_id, "Hello?")
            assert (await ana.room(room_id))["markedUnread"] is True
            await client.ask("mark_read", {"chatRoomId": room_id, "seq": 2})
        case "own message":
            await client.send(room_id, "Hello")
    await client.wait_for("room_updated", lambda room: not room["markedUnread"])
    assert (await ana.room(room_id))["markedUnread"] is False
    assert await listed(ana, filter="unread") == []


async def test_neither_an_old_position_nor_a_delivery_ends_the_mark(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    for _ in range(2):
        await acme.post_message(room_id, "Hello")
    client = await ana.connect()
    await client.ask("mark_read", {"chatRoomId": room_id, "seq": 2})
    await mark(ana, room_id)
    await client.ask("mark_read", {"chatRoomId": room_id, "seq": 1})
    await client.ask("mark_delivered", {"chatRoomId": room_id, "seq": 2})
    await client.join(room_id)
    assert (await ana.room(room_id))["markedUnread"] is True


# --- mute


async def test_a_muted_room_says_until_when(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    client, until = await ana.connect(), in_an_hour()
    await mute(ana, room_id, until)
    await client.wait_for("room_updated", lambda room: room["muted"] == until)
    assert ((await ana.room(room_id))["muted"], (await acme.room(room_id))["muted"]) == (until, None)
    await mute(ana, room_id, None)
    await client.wait_for("room_updated", lambda room: room["muted"] is None)


# --- the list


async def test_the_list_is_filtered_page_by_page(chat: Chat) -> None:
    ana = await chat.person("Ana")
    rooms = {}
    for number in range(12):
        other = await chat.person(f"Person {number}")
        is_group = number % 3 == 0
        room_id = await chat.room(ana, other, type="group" if is_group else "direct")
        await (ana if number % 2 else other).post_message(room_id, "Hello")
        if is_archived := number in {4, 5, 6}:
            await archive(ana, room_id)
        rooms[room_id] = (is_group, number % 2 == 0, is_archived)
    newest_first = list(reversed(rooms))
    expected = {
        "all": [each for each in newest_first if not rooms[each][2]],
        "unread": [each for each in newest_first if rooms[each][1] and not rooms[each][2]],
        "groups": [each for each in newest_first if rooms[each][0] and not rooms[each][2]],
        "archived": [each for each in newest_first if rooms[each][2]],
    }
    assert await listed(ana) == newest_first
    for name, found in expected.items():
        assert await listed(ana, filter=name) == found
        paged, cursor = [], None
        while True:
            params = {"filter": name, "limit": 2} | ({} if cursor is None else {"cursor": cursor})
            answer = await ana.get("/api/chat/rooms", **params)
            paged += [room["id"] for room in answer.data]
            if (cursor := answer.next_cursor) is None:
                break
        assert paged == found
    for name in ("", "everything", "Archived", "archived,unread"):
        check_refusal((await ana.get("/api/chat/rooms", filter=name)).envelope, "bad_request")


# --- bad input


async def test_whatever_a_request_holds_nothing_is_put_aside(chat: Chat) -> None:
    ana, acme, room_id = await chat.pair()
    await acme.post_message(room_id, "Hello")
    before = await snapshot(chat)
    for value in [*WRONG_TYPES["boolean"], None]:
        check_refusal((await archive(ana, room_id, value)).envelope, "bad_request")
        check_refusal((await mark(ana, room_id, value)).envelope, "bad_request")
    bodies: list[Any] = [{}, [], None, True, "archived"]
    for body in bodies:
        for name in ("archive", "unread"):
            check_refusal((await ana.put(f"/api/chat/rooms/{room_id}/{name}", body)).envelope, "bad_request")
    check_refusal((await archive(ana, UNKNOWN_ID)).envelope, "access_denied")
    check_refusal((await mark(ana, UNKNOWN_ID)).envelope, "access_denied")
    assert await snapshot(chat) == before
    room = await ana.room(room_id)
    assert (room["archived"], room["markedUnread"], room["unreadCount"]) == (False, False, 1)
