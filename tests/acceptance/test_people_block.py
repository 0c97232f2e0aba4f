"""One person blocks another: the two are kept apart wherever they meet in rooms of two, and only the one knows who."""

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from hyred_chat.blocks import service
from tests.acceptance.bad_input import STRANGE_IDS, WRONG_TYPES, check_answer, check_refusal
from tests.acceptance.client import Client
from tests.acceptance.groups import Group, make
from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.shapes import check_moment

SEND_WAYS = ["socket", "rest"]


async def block(one: Person, other: Person, *, blocked: bool = True) -> Answer:
    """Block, or end it."""
    answer = await one.put(f"/api/users/{quote(other.id, safe='')}/block", {"blocked": blocked})
    assert answer.data == {"userId": other.id, "blocked": blocked}
    return answer


async def list_blocked(person: Person, **params: Any) -> list[str]:
    """The ids of those whom somebody has blocked."""
    return [each["id"] for each in (await person.get("/api/users/blocked", **params)).data]


async def send(way: str, person: Person, room_id: str) -> dict[str, Any]:
    """The envelope."""
    if way == "rest":
        return (await person.post(f"/api/chat/rooms/{room_id}/messages", {"content": "Hello"})).envelope
    return await (await person.connect()).call("send_message", {"chatRoomId": room_id, "content": "Hello"})


async def seen(person: Person, room_id: str) -> tuple[str, str | None]:
    """Status and `blockedBy` of a room, which its list shows likewise."""
    room = await person.room(room_id)
    [listed] = [each for each in (await person.get("/api/chat/rooms")).data if each["id"] == room_id]
    assert room == listed
    return room["status"], room["blockedBy"]


@pytest.mark.parametrize("way", SEND_WAYS)
async def test_neither_writes_until_the_block_ends_and_only_one_knows_by_whom(chat: Chat, way: str) -> None:
    va, company, room_id = await chat.pair()
    for _ in range(2):
        await block(va, company)
        for person in (va, company):
            check_refusal(await send(way, person, room_id), "room_blocked")
        assert await seen(va, room_id) == ("blocked", "me")
        assert await seen(company, room_id) == ("blocked", None)
    for _ in range(2):
        await block(va, company, blocked=False)
        for person in (va, company):
            assert (await send(way, person, room_id))["success"] is True
            assert await seen(person, room_id) == ("active", None)


async def test_the_block_holds_in_all_rooms_of_the_two_and_in_those_that_come(chat: Chat) -> None:
    va, company, direct = await chat.pair()
    support = await chat.room(va, company, type="support")
    group = await chat.room(va, company)
    await block(va, company)
    later = await chat.room(company, va, type="support")
    for room_id in (direct, support, later):
        check_refusal(await send("rest", company, room_id), "room_blocked")
        assert await seen(va, room_id) == ("blocked", "me")
    assert (await send("rest", company, group))["success"] is True
    assert await seen(va, group) == ("active", None)


async def test_no_room_of_the_two_is_opened(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme", role="company")
    await block(va, company)
    for one, two in ((va, company), (company, va)):
        check_answer(await one.post("/api/chat/rooms", {"participantId": two.id}), "room_blocked")
    await block(va, company, blocked=False)
    assert (await company.post("/api/chat/rooms", {"participantId": va.id})).status == 200


async def test_neither_brings_the_other_into_a_group(chat: Chat) -> None:
    va, company, friend = [await chat.person(name) for name in ("Ana", "Acme", "Fay")]
    await block(va, company)
    for maker, other in ((company, va), (va, company)):
        body = {"type": "group", "title": "Launch", "memberIds": [friend.id, other.id]}
        answer = await maker.post("/api/chat/rooms", body)
        check_answer(answer, "room_blocked")
        assert answer.envelope["details"] == {"blockedMemberIds": [other.id]}
        group = await make(maker, friend)
        answer = await group.put(maker, other)
        check_answer(answer, "room_blocked")
        assert answer.envelope["details"] == {"blockedMemberIds": [other.id]}
        assert set(await group.roles(maker)) == {maker.name, friend.name}
        assert [event["event"] for event in await group.events(maker)] == ["created"]
    await block(va, company, blocked=False)
    assert (await group.put(va, company)).status == 200


async def test_a_group_of_both_goes_on_and_somebody_else_may_bring_them_together(chat: Chat) -> None:
    va, company, friend = [await chat.person(name) for name in ("Ana", "Acme", "Fay")]
    body = {"type": "group", "title": "Launch", "memberIds": [va.id], "clientRoomId": "launch"}
    room_id = (await company.post("/api/chat/rooms", body)).data["roomId"]
    await block(va, company)
    assert (await company.post("/api/chat/rooms", body)).data == {"roomId": room_id, "existing": True}
    assert (await Group(room_id).put(company, va, "admin")).status == 200
    assert (await send("rest", company, room_id))["success"] is True
    assert set(await (await make(friend, va, company)).roles(va)) == {va.name, company.name, friend.name}


async def test_a_pair_is_apart_until_the_last_of_all_blocks_ends(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await block(va, company)
    await block(company, va)
    await chat.save_room([va, company], id=room_id, type="direct", status="blocked")
    assert await seen(va, room_id) == await seen(company, room_id) == ("blocked", "me")
    await block(va, company, blocked=False)
    assert await seen(va, room_id) == ("blocked", None)
    await chat.save_room([va, company], id=room_id, type="direct", status="active")
    assert await seen(company, room_id) == ("blocked", "me")
    check_refusal(await send("rest", va, room_id), "room_blocked")
    await block(company, va, blocked=False)
    assert (await send("rest", va, room_id))["success"] is True


async def wait_for_room(client: Client, room_id: str, status: str, blocked_by: str | None) -> None:
    def is_so(room: dict[str, Any]) -> bool:
        return (room["id"], room["status"], room["blockedBy"]) == (room_id, status, blocked_by)

    async with asyncio.timeout(1):  # what the contract says
        await client.wait_for("room_updated", is_so)


async def test_both_are_told_at_once_on_all_sockets(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Hello")
    mine, theirs = [await va.connect(), await va.connect(join=room_id)], await company.connect()
    await block(va, company)
    for client in mine:
        await wait_for_room(client, room_id, "blocked", "me")
    await wait_for_room(theirs, room_id, "blocked", None)
    await block(va, company, blocked=False)
    for client in (*mine, theirs):
        await wait_for_room(client, room_id, "active", None)


async def test_who_is_blocked_already_is_not_told_of_a_block_in_return(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    await block(va, company)
    await wait_for_room(mine, room_id, "blocked", "me")
    await wait_for_room(theirs, room_id, "blocked", None)
    await mine.wait_for("presence_changed", lambda each: not each["online"])
    known = len(mine.events)
    await block(company, va)
    await wait_for_room(theirs, room_id, "blocked", "me")
    await mine.catch_up()
    assert mine.events[known:] == []


async def test_neither_sees_that_the_other_is_here_writes_or_reads(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await va.post_message(room_id, "Before")
    mine, theirs = await va.connect(join=room_id), await company.connect()
    await mine.wait_for("presence_changed", lambda each: each["userId"] == company.id)
    await block(va, company)
    await mine.wait_for("presence_changed", lambda each: not each["online"])
    await theirs.wait_for("presence_changed", lambda each: not each["online"])
    assert (await company.get("/api/chat/presence", userIds=va.id)).data == []
    known = len(mine.events)
    await theirs.join(room_id)
    await theirs.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await theirs.ask("mark_read", {"chatRoomId": room_id, "seq": message["seq"]})
    await mine.catch_up()
    told = {"presence_changed", "user_joined", "user_typing", "message_read", "message_delivered"}
    assert not told & {event.event for event in mine.events[known:]}
    assert (await va.history(room_id))[-1]["status"] == "sent"


async def test_an_admin_is_never_blocked_and_may_block(chat: Chat) -> None:
    va, admin = await chat.person("Ana"), await chat.person("Sam", role="admin")
    room_id = await chat.room(va, admin, type="direct")
    answer = await va.put(f"/api/users/{admin.id}/block", {"blocked": True})
    check_answer(answer, "access_denied")
    assert (await send("rest", va, room_id))["success"] is True
    await block(va, admin, blocked=False)
    await block(admin, va)
    check_refusal(await send("rest", va, room_id), "room_blocked")


async def test_whoever_becomes_an_admin_is_not_blocked_any_more(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await va.connect()
    await block(va, company)
    await wait_for_room(client, room_id, "blocked", "me")
    await chat.provision(company, role="admin")
    await wait_for_room(client, room_id, "active", None)
    assert await list_blocked(va) == []
    assert (await send("rest", company, room_id))["success"] is True


async def test_the_list_is_one_s_own_newest_first_and_comes_in_pages(chat: Chat) -> None:
    va, others = await chat.person("Ana"), [await chat.person(f"Person {number}") for number in range(3)]
    for other in others:
        await block(va, other)
        await block(va, other)
    assert await list_blocked(va) == [other.id for other in reversed(others)]
    assert await list_blocked(others[0]) == []
    first = await va.get("/api/users/blocked", limit=2)
    assert first.data[0].keys() == {"id", "name", "avatar", "role", "blockedAt"}
    check_moment(first.data[0]["blockedAt"])
    second = await va.get("/api/users/blocked", limit=2, cursor=first.next_cursor)
    assert [each["id"] for each in second.data] == [others[0].id]
    assert second.next_cursor is None
    await block(va, others[1], blocked=False)
    assert await list_blocked(va) == [others[2].id, others[0].id]


async def test_blocking_and_unblocking_at_once_ends_as_one_of_them_says(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await asyncio.gather(
        *(block(one, two, blocked=blocked) for blocked in (True, False) for one, two in ((va, company), (company, va)))
    )
    is_blocked = bool(await list_blocked(va) or await list_blocked(company))
    assert (await va.room(room_id))["status"] == ("blocked" if is_blocked else "active")


async def test_there_is_a_bound_on_how_many_one_person_blocks(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    await chat.database.execute(
        """
        WITH made AS (
            INSERT INTO users (id, email, role) SELECT $1 || '-' || n, $1 || '-' || n || '@mail.example', 'va'
            FROM generate_series(1, $2::int) n RETURNING id
        )
        INSERT INTO user_blocks (blocker_id, blocked_id) SELECT $1, id FROM made
        """,
        va.id,
        service.MAX_BLOCKS,
    )
    answer = await va.put(f"/api/users/{company.id}/block", {"blocked": True})
    assert (answer.status, answer.code) == (409, "limit_reached")
    assert answer.envelope["details"] == {"limit": service.MAX_BLOCKS}
    await chat.database.execute("DELETE FROM users WHERE id LIKE $1 || '-%'", va.id)


async def test_what_makes_no_sense_is_refused(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    path = f"/api/users/{company.id}/block"
    bodies: list[Any] = [None, [], "text", {}, {"blocked": None}, {"blocked": "a\u0301" * 20_000}]
    for body in bodies:
        check_answer(await va.put(path, body), "bad_request")
    for value in WRONG_TYPES["boolean"]:
        check_answer(await va.put(path, {"blocked": value}), "bad_request")
    check_answer(await va.put(f"/api/users/{va.id}/block", {"blocked": True}), "bad_request")
    for user_id in STRANGE_IDS:
        if user_id and user_id != "../.." and len(user_id) < 1000:
            quoted = quote(user_id, safe="", errors="surrogatepass")
            check_answer(await va.put(f"/api/users/{quoted}/block", {"blocked": True}), "bad_request", "not_found")
    for query in ("limit=0", "limit=101", "limit=x", "cursor=x", "cursor="):
        check_answer(await va.get(f"/api/users/blocked?{query}"), "bad_request")
    for method, route in (("PUT", path), ("GET", "/api/users/blocked")):
        check_answer(await va.request(method, route, headers={"Authorization": ""}), "unauthenticated")
    assert await seen(va, room_id) == ("active", None)
