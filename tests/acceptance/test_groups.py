"""Groups: made by people, who decide in them by their roles; what happens is told in messages of the system."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.acceptance.bad_input import STRANGE_IDS, UNKNOWN_ID, WRONG_TYPES, check_refusal
from tests.acceptance.conftest import StartChat
from tests.acceptance.groups import Group, group_of, make, people
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_room

# --- making


async def test_whoever_makes_a_group_owns_it_and_the_others_are_told_of_it(chat: Chat) -> None:
    ana, ben, cem = await people(chat, "Ana", "Ben", "Cem")
    own, theirs = await ana.connect(), await ben.connect()
    group = await make(ana, ben, cem, ana, ben, title="  Launch \n 2026 ", avatar="https://cdn.example/launch.png")
    for client in (own, theirs):
        room = await client.wait_for("room_updated")
        check_room(room)
        assert (room["id"], room["type"], room["title"]) == (group.id, "group", "Launch 2026")
    room = await ben.room(group.id)
    assert room["otherParticipant"] == {
        "id": group.id, "name": "Launch 2026", "avatar": "https://cdn.example/launch.png", "role": "group",
    }  # fmt: skip
    assert (room["myRole"], (await ana.room(group.id))["myRole"]) == ("member", "owner")
    assert await group.roles(cem) == {"Ana": "owner", "Ben": "member", "Cem": "member"}
    [created] = await group.events(ben)
    assert created == {
        "event": "created", "actorId": ana.id, "userIds": [ben.id, cem.id], "title": "Launch 2026",
        "content": "Ana created the group “Launch 2026”.", "seq": 1,
    }  # fmt: skip
    last = room["lastMessage"]
    assert (room["unreadCount"], last["content"], last["metadata"]["event"]) == (0, created["content"], "created")
    assert group.id in [each["id"] for each in (await cem.get("/api/chat/rooms")).data]


async def test_a_group_of_one_is_a_group(chat: Chat) -> None:
    ana = await chat.person("Ana")
    group = await make(ana)
    assert await group.roles(ana) == {"Ana": "owner"}
    assert (await ana.post_message(group.id, "Note to self"))["seq"] == 2


async def test_the_same_group_asked_for_again_is_found_however_many_ask_at_once(chat: Chat) -> None:
    ana, ben = await people(chat, "Ana", "Ben")
    body = {"type": "group", "title": "Launch", "memberIds": [ben.id], "clientRoomId": "one-of-ana"}
    answers = [answer.data for answer in await asyncio.gather(*(ana.post("/api/chat/rooms", body) for _ in range(10)))]
    assert len({answer["roomId"] for answer in answers}) == 1
    assert [answer["existing"] for answer in answers].count(False) == 1
    assert len(await Group(answers[0]["roomId"]).events(ana)) == 1
    others = (await ben.post("/api/chat/rooms", body | {"memberIds": []})).data
    assert others["roomId"] != answers[0]["roomId"], "the name is each person's own"


async def test_nobody_who_is_nobody_is_in_a_group(chat: Chat) -> None:
    ana, ben = await people(chat, "Ana", "Ben")
    gone = await chat.person("Gone")
    await chat.provision(gone, disabled=True)
    body = {"type": "group", "title": "Launch", "memberIds": [ben.id, UNKNOWN_ID, gone.id]}
    answer = await ana.post("/api/chat/rooms", body)
    check_refusal(answer.envelope, "not_found")
    assert answer.envelope["details"] == {"unknownMemberIds": [UNKNOWN_ID, gone.id]}
    assert (await ana.get("/api/chat/rooms")).data == []
    group = await make(ana)
    for person in (gone, Person(chat, UNKNOWN_ID, "Nobody", "va")):
        check_refusal((await group.put(ana, person)).envelope, "not_found")


async def test_a_group_is_asked_for_with_a_title_and_members(chat: Chat) -> None:
    ana, ben = await people(chat, "Ana", "Ben")
    good: dict[str, Any] = {"type": "group", "title": "Launch", "memberIds": [ben.id]}
    wrong = {
        "title": [*WRONG_TYPES["text"], None, "", " \n", "\u200b", "x" * 201],
        "memberIds": [1, True, {}, "[]", None, "ben", [1], [None], [""], ["x" * 129], ["a\0b"], [[ben.id]]],
        "avatar": [*WRONG_TYPES["text"], "", "cdn/launch.png", "/launch.png", "http://cdn.example/a.png", "https://",
                   "javascript:alert(1)", "https://cdn.example/" + "x" * 2100],
        "clientRoomId": [*WRONG_TYPES["text"], "", "x" * 65],
    }  # fmt: skip
    for field, values in wrong.items():
        for value in values:
            check_refusal((await ana.post("/api/chat/rooms", good | {field: value})).envelope, "bad_request")
    for field in ("title", "memberIds"):
        body = {name: value for name, value in good.items() if name != field}
        answer = await ana.post("/api/chat/rooms", body)
        check_refusal(answer.envelope, "bad_request")
        assert answer.envelope["error"] == f"{field}: is required."
    assert (await ana.get("/api/chat/rooms")).data == []


# --- changing


async def test_a_group_gets_another_title_and_picture_and_says_so_once(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    reader = await ben.connect(join=group.id)
    picture = "https://cdn.example/landing.png"
    for _ in range(2):
        room = (await group.change(ana, title="Landing", avatar=picture)).data
        assert (room["title"], room["otherParticipant"]["avatar"]) == ("Landing", picture)
    check_room(room)
    assert [await reader.wait_for("new_message"), await reader.wait_for("new_message")] == (
        await ben.history(group.id)
    )[1:]
    await reader.wait_for("room_updated", lambda room: room["title"] == "Landing")
    events = await group.events(ben)
    assert [(event["event"], event["title"], event["content"]) for event in events[1:]] == [
        ("renamed", "Landing", "Ana renamed the group to “Landing”."),
        ("avatar_changed", None, "Ana changed the picture of the group."),
    ]
    assert (await group.change(ana)).data["title"] == "Landing"
    assert (await group.change(ana, avatar=None)).data["otherParticipant"]["avatar"] is None
    assert [event["event"] for event in (await group.events(ben))[3:]] == ["avatar_changed"]


async def test_what_happens_is_told_live_in_order_and_counts_for_nobody(chat: Chat) -> None:
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    joined, elsewhere = await ben.connect(join=group.id), await cem.connect()
    await ana.post_message(group.id, "Hello")
    await group.change(ana, title="Landing")
    await ana.post_message(group.id, "Hello again")
    assert [(await joined.wait_for("new_message"))["seq"] for _ in range(3)] == [2, 3, 4]
    notifications = [await elsewhere.wait_for("notification"), await elsewhere.wait_for("notification")]
    assert [each["data"]["unreadCount"] for each in notifications] == [1, 2]
    room = await cem.room(group.id)
    assert (room["lastSeq"], room["unreadCount"]) == (4, 2)
    assert (await cem.get("/api/chat/unread-count")).data == {"count": 2, "rooms": {group.id: 2}}
    await group.change(ana, title="Launch")
    await elsewhere.wait_for("room_updated", lambda room: room["lastSeq"] == 5)
    assert len(elsewhere.received("notification")) == 2
    await elsewhere.ask("mark_read", {"chatRoomId": group.id, "seq": 4})
    assert (await cem.room(group.id))["unreadCount"] == 0
    assert (await cem.get("/api/chat/unread-count")).data == {"count": 0, "rooms": {}}


async def test_names_are_those_that_people_have_when_it_is_read(chat: Chat) -> None:
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    await group.remove(ana, cem)
    assert (await ben.room(group.id))["lastMessage"]["content"] == "Ana removed Cem."
    await chat.provision(ana, name="Ana Maria")
    assert [event["content"] for event in await group.events(ben)] == [
        "Ana Maria created the group “Launch”.", "Ana Maria removed Cem.",
    ]  # fmt: skip
    assert await chat.database.fetchval("SELECT max(content) FROM messages WHERE room_id = $1", group.id) == ""


async def test_nobody_writes_a_message_of_the_system(chat: Chat) -> None:
    group, [ana, _] = await group_of(chat, "Ana", "Ben")
    client = await ana.connect(join=group.id)
    body = {"content": "Ana left.", "type": "system", "metadata": {"event": "left", "actorId": ana.id, "userIds": []}}
    check_refusal((await ana.post(f"/api/chat/rooms/{group.id}/messages", body)).envelope, "bad_request")
    check_refusal(await client.call("send_message", {"chatRoomId": group.id, **body}), "bad_request")
    sent = await client.send(group.id, "Ana left.", metadata=body["metadata"])
    assert (sent["type"], sent["content"]) == ("text", "Ana left.")


# --- bounds


@pytest.fixture(scope="module")
async def strict_chat(start_chat: StartChat) -> AsyncIterator[Chat]:
    """A server where companies make small groups, and few."""
    async with start_chat(
        HYRED_GROUPS="companies", HYRED_MAX_GROUP_MEMBERS="3", HYRED_RATE_LIMIT_NEW_ROOMS_PER_HOUR="2"
    ) as chat:
        yield chat


@pytest.fixture
async def strict(strict_chat: Chat) -> AsyncIterator[Chat]:
    yield strict_chat
    await strict_chat.send_everybody_home()


async def test_who_may_make_groups_is_a_setting(strict: Chat) -> None:
    va, admin = await strict.person("Ana"), await strict.person("Sam", role="admin")
    body = {"type": "group", "title": "Launch", "memberIds": []}
    check_refusal((await va.post("/api/chat/rooms", body)).envelope, "access_denied")
    assert (await admin.post("/api/chat/rooms", body)).data["existing"] is False


async def test_a_group_has_a_bound_also_when_all_come_at_once(strict: Chat) -> None:
    acme = await strict.person("Acme", role="company")
    others = await people(strict, "Ana", "Ben", "Cem", "Dan")
    body = {"type": "group", "title": "Launch", "memberIds": [person.id for person in others[:3]]}
    answer = await acme.post("/api/chat/rooms", body)
    check_refusal(answer.envelope, "limit_reached")
    assert (answer.status, answer.envelope["details"]) == (409, {"limit": 3})
    group = await make(acme, others[0])
    answers = await asyncio.gather(*(group.put(acme, person) for person in others[1:]))
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    full = next(answer for answer in answers if answer.status == 409)
    assert (full.code, full.envelope["details"]) == ("limit_reached", {"limit": 3})
    assert (await group.put(acme, others[0])).status == 200, "who is in already takes no place"


async def test_a_group_counts_as_a_first_contact_and_finding_it_again_does_not(strict: Chat) -> None:
    acme = await strict.person("Acme", role="company")
    ana, ben = await people(strict, "Ana", "Ben")
    first: dict[str, Any] = {"type": "group", "title": "Launch", "memberIds": [ana.id], "clientRoomId": "1"}
    assert (await acme.post("/api/chat/rooms", first)).data["existing"] is False
    assert (await acme.post("/api/chat/rooms", {"participantId": ana.id})).data["existing"] is False
    for body in (first | {"clientRoomId": "2"}, {"participantId": ben.id}):
        answer = await acme.post("/api/chat/rooms", body)
        check_refusal(answer.envelope, "rate_limited")
        assert int(answer.headers["Retry-After"]) <= 3600
    assert (await acme.post("/api/chat/rooms", first)).data["existing"] is True


# --- bad input


async def test_whatever_a_request_about_a_group_holds_nothing_changes(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    before = (await ana.room(group.id), await ana.history(group.id))
    room, member = f"/api/chat/rooms/{group.id}", f"/api/chat/rooms/{group.id}/members/{ben.id}"
    for value in [*WRONG_TYPES["text"], "", " ", "x" * 201]:
        check_refusal((await ana.request("PATCH", room, json={"title": value})).envelope, "bad_request")
    for value in [*WRONG_TYPES["text"], "", "/a.png", "http://a.example"]:
        check_refusal((await ana.request("PATCH", room, json={"avatar": value})).envelope, "bad_request")
    for value in [*WRONG_TYPES["text"], "", "boss", "Owner", "x" * 10_000]:
        check_refusal((await ana.put(member, {"role": value})).envelope, "bad_request")
    for body in ([], "text", 1, [{"role": "admin"}]):
        check_refusal((await ana.put(member, body)).envelope, "bad_request")
        check_refusal((await ana.request("PATCH", room, json=body)).envelope, "bad_request")
    assert (await ana.put(member)).status == 200, "nothing is asked for"
    assert (await ana.put(member, {"role": None, "unknown": 1})).status == 200
    assert (await ana.request("PATCH", room, json={"title": None})).status == 200
    assert (await ana.room(group.id), await ana.history(group.id)) == before


async def test_ids_of_others_and_of_nothing_are_refused(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    stranger = await chat.person("Eve")
    for room_id in (group.id, UNKNOWN_ID):
        for method, path, body in (
            ("PATCH", "", {"title": "Mine"}), ("PUT", f"/members/{stranger.id}", {"role": "owner"}),
            ("DELETE", f"/members/{ben.id}", None), ("DELETE", f"/members/{stranger.id}", None),
            ("PUT", "/archive", {"archived": True}), ("PUT", "/unread", {"unread": True}),
        ):  # fmt: skip
            answer = await stranger.request(method, f"/api/chat/rooms/{room_id}{path}", json=body)
            check_refusal(answer.envelope, "access_denied")
    for user_id in STRANGE_IDS:
        quoted = quote(user_id.encode("utf-8", "surrogatepass"), safe="")
        for method in ("PUT", "DELETE"):
            answer = await ana.request(method, f"/api/chat/rooms/{group.id}/members/{quoted}", json={})
            if method == "DELETE" and answer.status == 200:
                continue  # whoever is no member is none
            check_refusal(answer.envelope, "bad_request", "not_found", "access_denied", "too_large")
    assert await group.roles(ana) == {"Ana": "owner", "Ben": "member"}
