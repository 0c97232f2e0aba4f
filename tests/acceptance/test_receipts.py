"""Read positions: what the others are told, and all that is derived from them."""

import asyncio
from typing import Any

import pytest

from tests.acceptance.client import Client
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_moment
from tests.acceptance.test_notifications import large_group


async def become_new(client: Client) -> Client:
    """Use an event that the first design did not have."""
    await client.ask("sync", {"rooms": {}})
    return client


async def send_three(sender: Person, room_id: str) -> list[str]:
    return [(await sender.post_message(room_id, f"Number {number}"))["id"] for number in range(3)]


async def statuses(person: Person, room_id: str) -> list[str]:
    return [message["status"] for message in await person.history(room_id)]


async def read_by(way: str, reader: Person, room_id: str, message_id: str, seq: int) -> Any:
    """One of the three ways to say that one has read up to a message."""
    if way == "rest":
        return (await reader.put(f"/api/chat/messages/{message_id}/read")).data
    client = await reader.connect()
    payload = {"messageId": message_id} if way == "mark_message_read" else {"chatRoomId": room_id, "seq": seq}
    return await client.ask(way, payload)


@pytest.mark.parametrize("way", ["mark_message_read", "mark_read", "rest"])
async def test_reading_up_to_a_message_tells_the_others_and_moves_everything_derived(chat: Chat, way: str) -> None:
    va, company, room_id = await chat.pair()
    ids = await send_three(company, room_id)
    theirs = await become_new(await company.connect())
    await read_by(way, va, room_id, ids[1], 2)
    receipt = await theirs.wait_for("message_read")
    check_moment(receipt.pop("readAt"))
    assert receipt == {
        "chatRoomId": room_id,
        "messageId": ids[1],
        "seq": 2,
        "userId": va.id,
        "messageIds": ids[:2],
    }
    assert await statuses(company, room_id) == ["read", "read", "sent"]
    room = await va.room(room_id)
    assert (room["lastReadSeq"], room["unreadCount"]) == (2, 1)
    assert (await va.get("/api/chat/unread-count")).data == {"count": 1, "rooms": {room_id: 1}}


@pytest.mark.parametrize("way", ["mark_message_read", "rest"])
async def test_the_answer_to_reading_a_message_names_it_and_its_status(chat: Chat, way: str) -> None:
    va, company, room_id = await chat.pair()
    ids = await send_three(company, room_id)
    assert await read_by(way, va, room_id, ids[0], 1) == {"messageId": ids[0], "status": "read"}


async def test_the_sender_s_sockets_are_told_wherever_they_are_and_the_reader_s_are_not(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    [first, *_] = await send_three(company, room_id)
    inside, outside = await company.connect(join=room_id), await company.connect()
    own = await va.connect(join=room_id)
    await own.ask("mark_message_read", {"messageId": first})
    for client in (inside, outside):
        assert (await client.wait_for("message_read"))["messageId"] == first
    await own.catch_up()
    assert own.received("message_read") == []


async def test_sockets_of_the_first_design_are_told_of_each_message_and_new_ones_once(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    legacy, new = await company.connect(), await become_new(await company.connect())
    ids = await send_three(company, room_id)
    await (await va.connect()).ask("mark_read", {"chatRoomId": room_id, "seq": 3})
    for client in (legacy, new):
        await client.catch_up()
    assert [(receipt["messageId"], receipt["seq"]) for receipt in legacy.received("message_read")] == [
        (ids[0], 1),
        (ids[1], 2),
        (ids[2], 3),
    ]
    [receipt] = new.received("message_read")
    assert (receipt["messageId"], receipt["messageIds"]) == (ids[2], ids)


async def test_a_receipt_names_the_newest_fifty_messages(chat: Chat) -> None:
    va, company, room_id = await chat.filled_pair(60)
    legacy, new = await company.connect(), await become_new(await company.connect())
    await (await va.connect()).ask("mark_read", {"chatRoomId": room_id, "seq": 58})
    receipt = await new.wait_for("message_read")
    assert receipt["messageIds"] == [f"{room_id}-{number}" for number in range(9, 59)]
    assert receipt["seq"] == 58
    await legacy.catch_up()
    assert [receipt["seq"] for receipt in legacy.received("message_read")] == list(range(9, 59))


@pytest.mark.parametrize(("size", "is_told"), [(50, True), (51, False)])
async def test_in_a_large_group_those_are_told_who_have_written_there(chat: Chat, size: int, is_told: bool) -> None:
    writer, silent, reader = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
    room_id = await large_group(chat, writer, silent, reader, size=size)
    reading = await reader.connect(join=room_id)
    theirs, watching = [await become_new(await person.connect(join=room_id)) for person in (writer, silent)]
    await writer.post_message(room_id, "Hello")
    for asked, told in (("mark_delivered", "message_delivered"), ("mark_read", "message_read")):
        await reading.ask(asked, {"chatRoomId": room_id, "seq": 1})
        assert (await theirs.wait_for(told))["userId"] == reader.id
    await watching.catch_up()
    receipts = watching.received("message_read") + watching.received("message_delivered")
    assert {receipt["userId"] for receipt in receipts} == ({reader.id} if is_told else set())
    await silent.post_message(room_id, "Here, too")
    await reading.ask("mark_read", {"chatRoomId": room_id, "seq": 2})
    assert (await watching.wait_for("message_read", lambda receipt: receipt["seq"] == 2))["userId"] == reader.id


async def test_a_receipt_covers_only_what_was_not_read_before_and_no_own_messages(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await become_new(await company.connect())
    ids = await send_three(company, room_id)
    reader = await va.connect()
    await reader.ask("mark_read", {"chatRoomId": room_id, "seq": 1})
    await reader.ask("mark_read", {"chatRoomId": room_id, "seq": 3})
    await reader.send(room_id, "Mine")
    last = await company.post_message(room_id, "Number 5")
    await reader.ask("mark_read", {"chatRoomId": room_id, "seq": 5})
    await theirs.catch_up()
    covered = [receipt["messageIds"] for receipt in theirs.received("message_read")]
    assert covered == [ids[:1], ids[1:], [last["id"]]]


async def test_positions_never_fall_and_nobody_is_told_twice(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await become_new(await company.connect())
    ids = await send_three(company, room_id)
    reader = await va.connect()
    await reader.ask("mark_read", {"chatRoomId": room_id, "seq": 3})
    for seq in (3, 1, 0):
        data = await reader.ask("mark_read", {"chatRoomId": room_id, "seq": seq})
        assert (data["lastReadSeq"], data["lastDeliveredSeq"]) == (3, 3)
    await reader.ask("mark_message_read", {"messageId": ids[0]})
    await reader.ask("mark_delivered", {"chatRoomId": room_id, "seq": 3})
    await theirs.catch_up()
    assert len(theirs.received("message_read")) == 1
    assert theirs.received("message_delivered") == []


async def test_a_seq_past_the_end_is_taken_as_the_end(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await send_three(company, room_id)
    reader = await va.connect()
    assert (await reader.ask("mark_read", {"chatRoomId": room_id, "seq": 2**53 - 1}))["lastReadSeq"] == 3
    await company.post_message(room_id, "Number 4")
    assert (await va.room(room_id))["unreadCount"] == 1


@pytest.mark.parametrize("way", ["mark_message_read", "rest"])
async def test_ones_own_message_is_no_error_and_moves_nothing(chat: Chat, way: str) -> None:
    va, company, room_id = await chat.pair()
    mine = await va.post_message(room_id, "Mine")
    await company.post_message(room_id, "Theirs")
    theirs = await company.connect()
    assert await read_by(way, va, room_id, mine["id"], 1) == {"messageId": mine["id"], "status": "read"}
    await theirs.catch_up()
    assert theirs.received("message_read") == []
    assert (await va.room(room_id))["unreadCount"] == 1


async def test_sending_reads_up_to_ones_own_message_and_own_messages_are_never_unread(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await send_three(company, room_id)
    await va.post_message(room_id, "Mine")
    room = await va.room(room_id)
    assert (room["lastReadSeq"], room["unreadCount"]) == (4, 0)
    assert (await va.get("/api/chat/unread-count")).data == {"count": 0, "rooms": {}}
    assert (await company.room(room_id))["unreadCount"] == 1
    assert await statuses(company, room_id) == ["read", "read", "read", "sent"]


async def test_delivered_is_set_by_mark_delivered(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect()
    ids = await send_three(company, room_id)
    data = await (await va.connect()).ask("mark_delivered", {"chatRoomId": room_id, "seq": 2})
    assert data == {"chatRoomId": room_id, "lastReadSeq": 0, "lastDeliveredSeq": 2}
    receipt = await theirs.wait_for("message_delivered")
    assert (receipt["messageId"], receipt["seq"], receipt["userId"]) == (ids[1], 2, va.id)
    assert (receipt["chatRoomId"], receipt["messageIds"]) == (room_id, ids[:2])
    assert await statuses(company, room_id) == ["delivered", "delivered", "sent"]
    assert (await va.room(room_id))["unreadCount"] == 3


async def test_delivered_is_set_by_joining_and_never_by_writing_to_a_socket(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await send_three(company, room_id)
    theirs, mine = await company.connect(), await va.connect()
    await mine.join(room_id)
    assert (await theirs.wait_for("message_delivered"))["seq"] == 3
    await company.post_message(room_id, "Number 4")
    await mine.wait_for("new_message")
    assert await statuses(company, room_id) == ["delivered", "delivered", "delivered", "sent"]


async def test_reading_history_by_rest_marks_nothing(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await send_three(company, room_id)
    await va.history(room_id)
    await va.get("/api/chat/rooms")
    assert await statuses(company, room_id) == ["sent"] * 3


async def test_a_status_is_the_lowest_that_holds_for_all_other_members(chat: Chat) -> None:
    sender, one, two = await chat.person("Ana"), await chat.person("Bob"), await chat.person("Cem")
    room_id = await chat.room(sender, one, two)
    message = await sender.post_message(room_id, "Hello, both")
    first, second = await one.connect(), await two.connect()
    expected = []
    for client, event in ((first, "mark_read"), (second, "mark_delivered"), (second, "mark_read")):
        await client.ask(event, {"chatRoomId": room_id, "seq": message["seq"]})
        expected.append((await statuses(sender, room_id))[0])
    assert expected == ["sent", "delivered", "read"]
    assert await statuses(one, room_id) == ["read"]


async def test_a_status_is_the_same_in_history_by_socket_by_rest_and_in_sync(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await send_three(va, room_id)
    await (await company.connect()).ask("mark_read", {"chatRoomId": room_id, "seq": 2})
    client = await va.connect()
    [synced] = (await client.ask("sync", {"rooms": {room_id: 0}}))["rooms"]
    expected = await va.history(room_id)
    assert synced["messages"] == (await client.join(room_id)).history == expected
    assert [message["status"] for message in expected] == ["read", "read", "sent"]


async def readers_of(sender: Person, message_id: str) -> list[tuple[str, str | None]]:
    readers = (await sender.get(f"/api/chat/messages/{message_id}/readers")).data
    return [(reader["userId"], reader["readAt"]) for reader in readers]


async def test_a_sender_sees_who_has_read_a_message_and_when(chat: Chat) -> None:
    ana, ben, cem = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
    room_id = await chat.room(ana, ben, cem)
    first, second, third = await send_three(ana, room_id)
    assert await readers_of(ana, first) == []
    await read_by("rest", ben, room_id, second, 2)
    await cem.post_message(room_id, "I have read it")
    (last, at), writer = await readers_of(ana, first)
    assert (last, writer) == (ben.id, (cem.id, None)), "nobody knows when whoever writes has read"
    check_moment(at)
    assert [user_id for user_id, _ in await readers_of(ana, third)] == [cem.id]
    assert (await ben.get(f"/api/chat/messages/{first}/readers")).code == "access_denied"
    assert (await (await chat.person("Eve")).get(f"/api/chat/messages/{first}/readers")).code == "not_found"


async def test_when_a_message_was_read_is_known_of_the_newest_stretch_that_was_read(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    first, second, third = await send_three(company, room_id)
    await read_by("rest", va, room_id, first, 1)
    await read_by("rest", va, room_id, second, 2)
    [(_, begun)], [(_, still)] = await readers_of(company, first), await readers_of(company, second)
    assert begun == still, "within a minute it is one stretch"
    await chat.database.execute("UPDATE chat_members SET read_at = read_at - interval '2 minutes'")
    await read_by("rest", va, room_id, third, 3)
    assert await readers_of(company, first) == [(va.id, None)]
    [(_, later)] = await readers_of(company, third)
    check_moment(later)
    created = (await company.history(room_id))[2]["createdAt"]
    assert str(later) >= created


async def test_those_who_are_kept_apart_do_not_see_what_the_other_has_read_meanwhile(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    first, second, _ = await send_three(company, room_id)
    await read_by("rest", va, room_id, first, 1)
    assert (await va.put(f"/api/users/{company.id}/block", {"blocked": True})).status == 200
    await read_by("rest", va, room_id, second, 2)
    assert await readers_of(company, first) == [(va.id, None)]
    assert await readers_of(company, second) == []


async def test_unread_counts_are_those_of_the_positions_however_many_read_at_once(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    clients = [await va.connect() for _ in range(4)]
    sender = await company.connect()
    for number in range(1, 11):
        await asyncio.gather(
            sender.send(room_id, f"Number {number}"),
            *(client.ask("mark_read", {"chatRoomId": room_id, "seq": number}) for client in clients),
        )
    await clients[0].ask("mark_read", {"chatRoomId": room_id, "seq": 8})
    stored = await chat.database.fetchval(
        "SELECT last_read_seq FROM chat_members WHERE room_id = $1 AND user_id = $2", room_id, va.id
    )
    room = await va.room(room_id)
    assert (room["lastReadSeq"], room["unreadCount"]) == (stored, 10 - stored)
    assert (await va.get("/api/chat/unread-count")).data["count"] == 10 - stored


async def test_unread_counts_of_several_rooms_add_up(chat: Chat) -> None:
    va, company, first = await chat.pair()
    second, empty = await chat.room(va, company), await chat.room(va, company)
    await send_three(company, first)
    await company.post_message(second, "Hello")
    assert (await va.get("/api/chat/unread-count")).data == {"count": 4, "rooms": {first: 3, second: 1}}
    rooms = {room["id"]: room["unreadCount"] for room in (await va.get("/api/chat/rooms")).data}
    assert rooms == {first: 3, second: 1, empty: 0}


async def test_of_very_many_rooms_all_unread_messages_are_counted_and_the_latest_rooms_are_listed(chat: Chat) -> None:
    va = await chat.person("Ana")
    await chat.database.execute(
        "INSERT INTO chat_rooms (id, type, last_seq, last_message_at)"
        " SELECT $1 || '-' || n, 'group', 2, '2026-01-01'::timestamptz + n * interval '1 second'"
        " FROM generate_series(1, 2500) n",
        va.id,
    )
    await chat.database.execute(
        "INSERT INTO chat_members (room_id, user_id) SELECT $1 || '-' || n, $1 FROM generate_series(1, 2500) n", va.id
    )
    answer = await va.get("/api/chat/unread-count")
    assert answer.data["count"] == 5000
    assert set(answer.data["rooms"]) == {f"{va.id}-{number}" for number in range(501, 2501)}
