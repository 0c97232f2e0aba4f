"""`notification` and `room_updated`: what reaches people who are not looking at the room."""

import asyncio

import pytest

from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_moment, check_room


async def test_a_message_notifies_the_sockets_that_have_not_joined_its_room(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    inside, outside = await company.connect(join=room_id), await company.connect()
    elsewhere = await company.connect(join=await chat.room(va, company))
    for client in (outside, elsewhere):
        await client.ask("set_visibility", {"isVisible": True})
    message = await va.post_message(room_id, "Are you free on Monday?")
    for client in (outside, elsewhere):
        notification = await client.wait_for("notification")
        check_moment(notification["createdAt"])
        assert notification["id"]
        assert notification | {"id": "", "createdAt": ""} == {
            "id": "",
            "title": "Ana",
            "body": "Are you free on Monday?",
            "type": "chat_message",
            "data": {
                "chatRoomId": room_id,
                "messageId": message["id"],
                "senderId": va.id,
                "seq": 1,
                "messageType": "text",
                "unreadCount": 1,
            },
            "createdAt": "",
            "read": False,
        }
    await inside.catch_up()
    assert inside.received("notification") == []


async def test_a_page_of_the_first_design_is_not_notified_of_the_room_that_one_of_its_sockets_has_joined(
    chat: Chat,
) -> None:
    va, company, room_id = await chat.pair()
    other_room = await chat.room(va, company)
    joined, second, newer = [await company.connect() for _ in range(3)]
    await joined.join(room_id)
    await newer.ask("set_visibility", {"isVisible": True})
    await va.post_message(room_id, "One")
    await va.post_message(other_room, "Elsewhere")
    for client in (joined, second):
        notification = await client.wait_for("notification")
        assert notification["data"]["chatRoomId"] == other_room
    assert (await newer.wait_for("notification"))["data"]["chatRoomId"] == room_id
    await joined.disconnect()
    await va.post_message(room_id, "Two")
    assert (await second.wait_for("notification"))["body"] == "Two"


async def test_a_page_of_the_first_design_is_notified_of_what_only_a_newer_client_has_joined(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    newer, legacy = await company.connect(join=room_id), await company.connect()
    await newer.ask("set_visibility", {"isVisible": False})
    await va.post_message(room_id, "Hello")
    assert (await legacy.wait_for("notification"))["body"] == "Hello"


async def large_group(chat: Chat, *people: Person, size: int) -> str:
    """A group of these people and so many in all, who are not here."""
    room_id = f"large-{people[0].id}"
    for statement in (
        "INSERT INTO users (id, email, role) SELECT $1 || n, $1 || n || '@mail.example', 'va' FROM numbers",
        "INSERT INTO chat_rooms (id, type, title) VALUES ($1, 'group', 'All hands')",
        "INSERT INTO chat_members (room_id, user_id) SELECT $1, $1 || n FROM numbers",
    ):
        numbers = f"WITH numbers AS (SELECT generate_series(1, {size - len(people)}) n)"
        await chat.database.execute(f"{numbers} {statement}", room_id)
    await chat.database.execute(
        "INSERT INTO chat_members (room_id, user_id) SELECT $1, unnest($2::text[])",
        room_id,
        [person.id for person in people],
    )
    return room_id


@pytest.mark.parametrize(("size", "is_listed"), [(50, True), (51, False), (1000, False)])
async def test_members_of_a_large_group_are_left_out_of_its_announcements_and_nowhere_else(
    chat: Chat, size: int, is_listed: bool
) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    room_id = await large_group(chat, va, company, size=size)
    client = await company.connect()
    await va.post_message(room_id, "Hello")
    told = await client.wait_for("room_updated", lambda room: room["lastSeq"] == 1)
    check_room(told)
    assert len(told["members"]) == (size if is_listed else 0)
    room = await company.room(room_id)
    assert len(room["members"]) == size
    assert told | {"members": []} == room | {"members": []}
    [listed] = (await company.get("/api/chat/rooms")).data
    assert len(listed["members"]) == len((await client.join(room_id)).room["members"]) == size


async def test_many_messages_in_a_large_group_are_a_few_notifications_of_which_the_last_is_right(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    room_id = await large_group(chat, va, company, size=60)
    mine, theirs, inside = await va.connect(), await company.connect(), await company.connect(join=room_id)
    await theirs.ask("set_visibility", {"isVisible": True})
    await asyncio.gather(*(mine.send(room_id, f"Number {number}") for number in range(50)))
    last = await theirs.wait_for("notification", lambda each: each["data"]["seq"] == 50)
    assert (last["data"]["unreadCount"], last["title"]) == (50, "Ana · All hands")
    seqs_told = [each["data"]["seq"] for each in theirs.received("notification")]
    assert seqs_told == sorted(seqs_told)
    assert len(seqs_told) < 10
    assert len({each["id"] for each in theirs.received("notification")}) == 1
    await inside.wait_for("new_message", lambda message: message["seq"] == 50)
    assert [message["seq"] for message in inside.received("new_message")] == list(range(1, 51))
    assert inside.received("notification") == mine.received("notification") == []


async def test_a_conversation_s_notification_counts_what_is_unread_since_one_read_or_wrote(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await company.connect()
    for count in (1, 2, 3):
        message = await va.post_message(room_id, f"Number {count}")
        live = await client.wait_for("notification")
        assert (live["data"]["seq"], live["data"]["unreadCount"]) == (count, count)
    await client.ask("mark_message_read", {"messageId": message["id"]})
    await va.post_message(room_id, "After reading")
    assert (await client.wait_for("notification", lambda live: live["data"]["seq"] == 4))["data"]["unreadCount"] == 1
    await company.post_message(room_id, "An answer")
    await va.post_message(room_id, "After answering")
    assert (await client.wait_for("notification", lambda live: live["data"]["seq"] == 6))["data"]["unreadCount"] == 1


async def test_one_s_own_message_notifies_none_of_one_s_sockets(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    outside = await va.connect()
    await (await va.connect()).send(room_id, "Hello")
    await outside.catch_up()
    assert outside.received("notification") == []


async def test_who_has_left_the_room_is_notified_again(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await company.connect(join=room_id)
    await client.ask("leave_chat", {"chatRoomId": room_id})
    await va.post_message(room_id, "Hello?")
    assert (await client.wait_for("notification"))["data"]["chatRoomId"] == room_id


async def test_a_repeat_notifies_nobody(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await company.connect()
    for _ in range(3):
        await va.post_message(room_id, "Once", clientMessageId="c-1")
    await client.catch_up()
    assert len(client.received("notification")) == 1


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"content": "cv.pdf", "type": "file"}, "Sent a file"),
        ({"content": "me.png", "type": "image"}, "Sent a picture"),
        ({"content": "x" * 1000}, "x" * 139 + "…"),
        ({"content": "x" * 140}, "x" * 140),
    ],
    ids=["file", "image", "long", "as long as it may be"],
)
async def test_a_notification_says_what_was_sent_in_short(chat: Chat, fields: dict[str, str], body: str) -> None:
    va, company, room_id = await chat.pair()
    client = await company.connect()
    await (await va.connect()).ask("send_message", {"chatRoomId": room_id, **fields})
    assert (await client.wait_for("notification"))["body"] == body


async def test_a_notification_from_a_group_names_the_group(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    room_id = await chat.room(va, company, title="Project Atlas")
    client = await company.connect()
    await va.post_message(room_id, "Hello, all")
    assert (await client.wait_for("notification"))["title"] == "Ana · Project Atlas"


async def test_strangers_hear_of_nothing(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    watching, theirs = await (await chat.person("Eve")).connect(), await company.connect()
    await va.post_message(room_id, "Hello")
    await theirs.wait_for("room_updated", lambda room: room["lastSeq"] == 1)
    await watching.catch_up()
    assert watching.events == []


async def test_a_message_updates_the_room_on_every_socket_of_every_member(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    people = [(va, 0), (company, 1)]
    sockets = [
        (person, unread, client)
        for person, unread in people
        for client in (await person.connect(), await person.connect(join=room_id))
    ]
    message = await va.post_message(room_id, "Hello")
    for person, unread, client in sockets:
        room = await client.wait_for("room_updated", lambda room: room["lastSeq"] == 1)
        check_room(room)
        assert room == await person.room(room_id)
        assert (room["unreadCount"], room["lastMessageAt"]) == (unread, message["createdAt"])
        assert room["lastMessage"]["isOwn"] is (person is va)


async def test_a_flood_of_messages_updates_the_room_a_few_times_and_the_last_time_rightly(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client, theirs = await va.connect(), await company.connect()
    await asyncio.gather(*(client.send(room_id, f"Number {number}") for number in range(50)))
    room = await theirs.wait_for("room_updated", lambda room: room["lastSeq"] == 50)
    assert room["unreadCount"] == 50
    assert len(theirs.received("room_updated")) < 10


async def test_reading_elsewhere_updates_the_room_on_one_s_own_sockets(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    phone, desk, theirs = await va.connect(), await va.connect(), await company.connect()
    message = await company.post_message(room_id, "Hello")
    await phone.wait_for("room_updated", lambda room: room["unreadCount"] == 1)
    await theirs.wait_for("room_updated", lambda room: room["lastSeq"] == 1)
    await desk.ask("mark_message_read", {"messageId": message["id"]})
    room = await phone.wait_for("room_updated", lambda room: room["unreadCount"] == 0)
    assert room["lastReadSeq"] == 1
    await theirs.catch_up()
    assert len([room for room in theirs.received("room_updated") if room["lastSeq"] == 1]) == 1


@pytest.mark.parametrize("change", [{"status": "archived"}, {"status": "blocked"}, {"title": "A new name"}], ids=str)
async def test_a_change_of_the_room_is_told_to_every_member(chat: Chat, change: dict[str, str]) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    room_id = await chat.room(va, company)
    clients = [await va.connect(join=room_id), await company.connect()]
    await chat.save_room([va, company], id=room_id, type="group", **change)
    for client in clients:
        room = await client.wait_for("room_updated", lambda room: change.items() <= room.items())
        check_room(room)


async def test_a_new_message_wakes_an_archived_room(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await chat.room(va, company, type="direct", status="archived")
    assert (await va.room(room_id))["status"] == "archived"
    client = await company.connect()
    await va.post_message(room_id, "One more thing")
    room = await client.wait_for("room_updated", lambda room: room["lastSeq"] == 1)
    assert room["status"] == "active"


async def test_a_member_who_is_let_in_sees_the_room_and_the_others_see_them(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    room_id = await chat.room(company)
    mine, theirs = await va.connect(), await company.connect(join=room_id)
    await chat.save_room([company, va], id=room_id, type="group")
    for client in (mine, theirs):
        room = await client.wait_for("room_updated", lambda room: len(room["members"]) == 2)
        assert {member["id"] for member in room["members"]} == {va.id, company.id}
