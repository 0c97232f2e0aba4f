"""Rooms: found or made for a pair, shown to members, listed latest first."""

import asyncio
from typing import Any

import pytest

from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_room


async def ask_for_pair(caller: Person, participant: Person, **fields: Any) -> dict[str, Any]:
    data: dict[str, Any] = (await caller.post("/api/chat/rooms", {"participantId": participant.id, **fields})).data
    return data


async def list_rooms(person: Person, **params: Any) -> list[str]:
    return [room["id"] for room in (await person.get("/api/chat/rooms", **params)).data]


async def test_a_pair_has_one_direct_room_whoever_asks_first(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme", role="company")
    first = await ask_for_pair(va, company)
    assert first == {"roomId": first["roomId"], "existing": False}
    expected = {"roomId": first["roomId"], "existing": True}
    assert await ask_for_pair(company, va) == await ask_for_pair(va, company, type="direct") == expected
    assert await ask_for_pair(va, company, type=None) == expected
    for person in (va, company):
        assert await list_rooms(person) == [first["roomId"]]


async def test_a_pair_has_one_direct_room_however_many_ask_at_once(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme", role="company")
    answers = await asyncio.gather(
        *(ask_for_pair(va, company) for _ in range(10)), *(ask_for_pair(company, va) for _ in range(10))
    )
    assert len({answer["roomId"] for answer in answers}) == 1
    assert [answer["existing"] for answer in answers].count(False) == 1
    assert await chat.database.fetchval("SELECT count(*) FROM chat_members WHERE user_id = $1", va.id) == 1


async def test_the_host_s_room_of_a_pair_is_the_one_that_they_find(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    assert await ask_for_pair(va, company) == {"roomId": room_id, "existing": True}
    other = await chat.person("Finn")
    made = await ask_for_pair(va, other)
    assert await chat.room(other, va, type="direct") == made["roomId"]


async def test_ids_of_any_look_make_pairs_of_their_own(chat: Chat) -> None:
    """`a:b` and `c` are other people than `a` and `b:c`."""
    ids = ("auth0|x", "auth0|x:1", "1", "x:1", "50%", "50%3A")
    people = [Person(chat, f"{user_id}:{chat.server.port}", user_id, "va") for user_id in ids]
    for number, person in enumerate(people):
        person.email = f"colon{number}@mail.example"
        person.token = f"dev-token-{person.id}"
        await chat.provision(person)
        chat.people.append(person)
    rooms = {
        (await ask_for_pair(one, other))["roomId"]: {one.id, other.id}
        for number, one in enumerate(people)
        for other in people[number + 1 :]
    }
    assert len(rooms) == 15
    for room_id, pair in rooms.items():
        one, other = (person for person in people if person.id in pair)
        assert {member["id"] for member in (await one.room(room_id))["members"]} == pair
        assert await chat.room(one, other, type="direct") == room_id


async def test_a_support_room_of_a_pair_is_another_room(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Sam", role="admin")
    direct, support = await ask_for_pair(va, company), await ask_for_pair(va, company, type="support")
    assert direct["roomId"] != support["roomId"]
    assert await ask_for_pair(company, va, type="support") == support | {"existing": True}
    room = await va.room(support["roomId"])
    assert (room["type"], room["otherParticipant"]["id"]) == ("support", company.id)


async def test_a_room_with_oneself_is_refused(chat: Chat) -> None:
    va = await chat.person()
    answer = await va.post("/api/chat/rooms", {"participantId": va.id})
    assert (answer.status, answer.code) == (400, "self_chat")


async def test_a_room_with_nobody_is_not_found(chat: Chat) -> None:
    answer = await (await chat.person()).post("/api/chat/rooms", {"participantId": "nobody-at-all"})
    assert (answer.status, answer.code) == (404, "not_found")


async def test_a_room_with_somebody_disabled_is_not_begun_and_goes_on_to_be_found(chat: Chat) -> None:
    va, company, gone = [await chat.person(name) for name in ("Ana", "Acme", "Gone")]
    known = await ask_for_pair(va, gone)
    await chat.provision(gone, disabled=True)
    answer = await company.post("/api/chat/rooms", {"participantId": gone.id})
    assert (answer.status, answer.code) == (404, "not_found")
    assert await ask_for_pair(va, gone) == known | {"existing": True}


async def test_a_new_room_is_empty_and_shows_the_other(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme", role="company", avatar="/acme.png")
    room_id = (await ask_for_pair(va, company))["roomId"]
    room = await va.room(room_id)
    check_room(room)
    other = {"id": company.id, "name": "Acme", "avatar": "/acme.png", "role": "company"}
    assert room | {"createdAt": "", "members": []} == {
        "id": room_id,
        "type": "direct",
        "status": "active",
        "title": None,
        "createdAt": "",
        "lastMessageAt": None,
        "lastSeq": 0,
        "lastChange": 0,
        "lastReadSeq": 0,
        "unreadCount": 0,
        "markedUnread": False,
        "archived": False,
        "muted": None,
        "myRole": "member",
        "pinned": [],
        "blockedBy": None,
        "otherParticipant": other,
        "members": [],
        "lastMessage": None,
    }
    me = {"id": va.id, "name": "Ana", "avatar": None, "role": "va"}
    assert sorted(room["members"], key=str) == sorted([me, other], key=str)


async def test_a_room_shows_its_last_message_as_each_member_sees_it(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await va.post_message(room_id, "See you on Monday", type="text")
    for person in (va, company):
        room = await person.room(room_id)
        check_room(room)
        assert room["lastMessage"] == {
            "id": message["id"],
            "seq": 1,
            "content": "See you on Monday",
            "type": "text",
            "metadata": None,
            "senderId": va.id,
            "senderName": "Ana",
            "createdAt": message["createdAt"],
            "deletedAt": None,
            "attachments": 0,
            "attachmentKind": None,
            "hasCaption": True,
            "isOwn": person is va,
        }


async def test_in_a_group_the_other_participant_is_the_group_itself(chat: Chat) -> None:
    people = [await chat.person(name) for name in ("Ana", "Bob", "Cem")]
    room_id = await chat.room(*people, title="Project Atlas", avatar="/atlas.png")
    room = await people[0].room(room_id)
    check_room(room)
    assert room["otherParticipant"] == {"id": room_id, "name": "Project Atlas", "avatar": "/atlas.png", "role": "group"}
    assert {member["name"] for member in room["members"]} == {"Ana", "Bob", "Cem"}
    assert (room["type"], room["title"]) == ("group", "Project Atlas")


async def test_a_group_without_a_title_still_has_a_name(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Bob")
    room = await va.room(await chat.room(va, company))
    assert room["title"] is None
    assert room["otherParticipant"]["name"]


async def test_only_members_see_a_room(chat: Chat) -> None:
    _, _, room_id = await chat.pair()
    stranger = await chat.person("Eve")
    theirs = await stranger.get(f"/api/chat/rooms/{room_id}")
    unknown = await stranger.get("/api/chat/rooms/no-such-room")
    assert (theirs.status, theirs.code) == (403, "access_denied")
    assert theirs.envelope == unknown.envelope
    assert await list_rooms(stranger) == []


async def test_rooms_are_listed_latest_activity_first_and_empty_ones_last(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    rooms = [await chat.room(va, company) for _ in range(5)]
    for number in (3, 1, 4):
        await company.post_message(rooms[number], "Hello")
    assert (await list_rooms(va))[:3] == [rooms[4], rooms[1], rooms[3]]
    assert set((await list_rooms(va))[3:]) == {rooms[0], rooms[2]}
    await va.post_message(rooms[3], "Hello again")
    assert (await list_rooms(va))[:3] == [rooms[3], rooms[4], rooms[1]]
    answer = await va.get("/api/chat/rooms")
    for room in answer.data:
        check_room(room)
        assert room == await va.room(room["id"])


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_pages_of_rooms_skip_nothing_and_repeat_nothing(chat: Chat, limit: int) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    rooms = [await chat.room(va, company) for _ in range(7)]
    for room_id in rooms[:4]:
        await company.post_message(room_id, "Hello")
    listed: list[str] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        answer = await va.get("/api/chat/rooms", **params)
        assert len(answer.data) <= limit
        listed += [room["id"] for room in answer.data]
        if answer.next_cursor is None:
            break
        params["cursor"] = answer.next_cursor
    assert listed == await list_rooms(va)
    assert sorted(listed) == sorted(rooms)


async def test_without_a_limit_five_hundred_rooms_are_listed(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    await chat.database.execute(
        "INSERT INTO chat_rooms (id, type) SELECT $1 || '-' || n, 'group' FROM generate_series(1, 502) n", va.id
    )
    await chat.database.execute(
        "INSERT INTO chat_members (room_id, user_id)"
        " SELECT $1 || '-' || n, unnest($2::text[]) FROM generate_series(1, 502) n",
        va.id,
        [va.id, company.id],
    )
    answer = await va.get("/api/chat/rooms")
    assert len(answer.data) == 500
    rest = await va.get("/api/chat/rooms", cursor=answer.next_cursor)
    assert len(rest.data) == 2
    assert rest.next_cursor is None
    assert len((await va.get("/api/chat/rooms", limit=100)).data) == 100
