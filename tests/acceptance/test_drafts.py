"""Drafts: what somebody has begun to write, on all of their devices, until they send it."""

import asyncio
from typing import Any

import pytest

from tests.acceptance.bad_input import STRANGE_IDS, WRONG_TYPES, check_answer, check_refusal
from tests.acceptance.client import Client
from tests.acceptance.nodes import TwoNodes
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_moment


async def save(client: Client, room_id: str, content: str, **fields: Any) -> dict[str, Any]:
    draft: dict[str, Any] = await client.ask("save_draft", {"chatRoomId": room_id, "content": content, **fields})
    assert draft.keys() == {"chatRoomId", "content", "replyTo", "updatedAt"}
    check_moment(draft["updatedAt"])
    return draft


async def drafts_of(person: Person) -> dict[str, str]:
    """By room."""
    return {draft["chatRoomId"]: draft["content"] for draft in (await person.get("/api/chat/drafts")).data}


async def test_a_draft_is_on_all_devices_of_its_writer_and_nobody_else_s(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    phone, desk, other = await va.connect(), await va.connect(), await company.connect(join=room_id)
    draft = await save(phone, room_id, "Dear all, \n")
    assert draft["content"] == "Dear all, \n", "as it was written"
    assert await desk.wait_for("draft_changed") == draft
    assert (await va.get("/api/chat/drafts")).data == [draft]
    assert (await company.get("/api/chat/drafts")).data == []
    await phone.catch_up()
    await other.catch_up()
    assert phone.received("draft_changed") == other.received("draft_changed") == []
    answer = await va.put(f"/api/chat/rooms/{room_id}/draft", {"content": "By REST"})
    for client in (phone, desk):
        assert await client.wait_for("draft_changed") == answer.data


async def test_what_one_answers_is_part_of_a_draft(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await company.post_message(room_id, "Are you free?")
    client = await va.connect()
    assert (await save(client, room_id, "", replyTo=message["id"]))["replyTo"] == message["id"]
    [draft] = (await va.get("/api/chat/drafts")).data
    assert (draft["content"], draft["replyTo"]) == ("", message["id"])
    await save(client, room_id, "")
    assert (await va.get("/api/chat/drafts")).data == []


async def test_whoever_wrote_last_has_written_it_whenever_it_arrives(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    phone, desk = await va.connect(), await va.connect()
    newest = await save(desk, room_id, "Written a second ago", ageMs=1_000)
    assert await save(phone, room_id, "Written an hour ago", ageMs=3_600_000) == newest
    assert await drafts_of(va) == {room_id: "Written a second ago"}
    await phone.wait_for("draft_changed")
    assert desk.received("draft_changed") == [], "nothing has changed"
    assert (await save(phone, room_id, "Written now"))["content"] == "Written now"
    assert (await desk.wait_for("draft_changed"))["content"] == "Written now"


async def test_saving_the_same_again_says_nothing(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    phone, desk = await va.connect(), await va.connect()
    first = await save(phone, room_id, "The same")
    assert await save(phone, room_id, "The same") == first
    await save(phone, room_id, "Another")
    assert (await desk.wait_for("draft_changed"))["content"] == "The same"
    assert (await desk.wait_for("draft_changed"))["content"] == "Another"


@pytest.mark.parametrize("way", ["socket", "rest"])
async def test_sending_ends_a_draft_and_what_was_written_before_does_not_bring_it_back(chat: Chat, way: str) -> None:
    va, company, room_id = await chat.pair()
    client, theirs = await va.connect(), await company.connect()
    await save(client, room_id, "Hello")
    await save(theirs, room_id, "Theirs")
    if way == "socket":
        await client.send(room_id, "Hello")
    else:
        await va.post_message(room_id, "Hello")
    assert await drafts_of(va) == {}
    assert await drafts_of(company) == {room_id: "Theirs"}, "what others send ends nothing"
    assert (await save(client, room_id, "Hel", ageMs=60_000))["content"] == ""
    assert (await save(client, room_id, "And now"))["content"] == "And now"
    assert await drafts_of(va) == {room_id: "And now"}


async def test_drafts_are_listed_in_pages_the_newest_first(chat: Chat) -> None:
    va = await chat.person()
    rooms = [await chat.room(va, await chat.person()) for _ in range(3)]
    client = await va.connect()
    for age, room_id in enumerate(rooms):
        await save(client, room_id, f"Number {age}", ageMs=1_000 * age)
    page = await va.get("/api/chat/drafts", limit=2)
    rest = await va.get("/api/chat/drafts", limit=2, cursor=page.next_cursor)
    assert [draft["chatRoomId"] for draft in (*page.data, *rest.data)] == rooms
    assert rest.next_cursor is None


async def test_a_draft_goes_with_the_membership_and_with_an_erasure(chat: Chat) -> None:
    va, company, third = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
    room_id = await chat.room(va, company, third, title="Launch")
    for person in (company, third):
        await save(await person.connect(), room_id, "marker-1742")
    await chat.save_room([va, third], id=room_id, type="group")
    assert await drafts_of(company) == {}
    assert (await chat.admin("DELETE", f"/api/admin/users/{third.id}/data")).status == 200
    rows = await chat.database.fetch("SELECT m::text FROM chat_members m WHERE room_id = $1", room_id)
    assert "marker-1742" not in str(rows)


async def test_of_many_devices_at_once_the_newest_draft_stays_and_all_are_told(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    clients = [await va.connect() for _ in range(4)]
    watcher = await va.connect()
    saves = [save(client, room_id, f"{turn} of {place}") for turn in range(10) for place, client in enumerate(clients)]
    await asyncio.gather(*saves)
    [draft] = (await va.get("/api/chat/drafts")).data
    await watcher.wait_until(lambda: len(watcher.received("draft_changed")) == len(saves))
    told = {each["updatedAt"]: each for each in watcher.received("draft_changed")}
    assert len(told) == len(saves), "each has a time of its own"
    assert told[max(told)] == draft


async def test_what_makes_no_sense_is_refused(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    _, _, room_of_others = await chat.pair()
    client, path = await va.connect(), f"/api/chat/rooms/{room_id}/draft"
    good = {"content": "Hello"}
    bodies: list[Any] = [None, [], "text", {}, {"content": None}, {"content": "x" * 1001}, {"content": "a\0"}]
    bodies += [{"content": value} for value in WRONG_TYPES["text"]]
    bodies += [good | {"replyTo": value} for value in (*WRONG_TYPES["text"], "", "x" * 129, "\0")]
    bodies += [good | {"ageMs": value} for value in (*WRONG_TYPES["number"], None)]
    for body in bodies:
        check_answer(await va.put(path, body), "bad_request")
        payload = body | {"chatRoomId": room_id} if isinstance(body, dict) else body
        check_refusal(await client.call("save_draft", payload), "bad_request")
    for count in (20_000, 100_000):
        answer = await va.put(path, {"content": "a" + "\u0301" * count})
        check_refusal(answer.envelope, "bad_request", "too_large")
    for strange in (*STRANGE_IDS, room_of_others):
        refused = await client.call("save_draft", good | {"chatRoomId": strange})
        check_refusal(refused, "access_denied", "bad_request")
    theirs = await va.put(f"/api/chat/rooms/{room_of_others}/draft", good)
    check_answer(theirs, "access_denied")
    assert theirs.envelope == (await va.put(f"/api/chat/rooms/{'0' * 32}/draft", good)).envelope
    for query in ("limit=0", "limit=101", "cursor=x"):
        check_answer(await va.get(f"/api/chat/drafts?{query}"), "bad_request")
    assert await drafts_of(va) == {}
    assert (await va.put(path, {"content": "An age beyond all ages", "ageMs": 2**53 - 1})).status == 200


@pytest.mark.parametrize("standing_nodes", ["told by the broker"], indirect=True)
async def test_the_other_process_s_devices_are_told_and_know(nodes: TwoNodes) -> None:
    va, _, room_id = await nodes.chat.pair()
    here, there = await va.connect(), await nodes.connect(va, join=room_id)
    await here.send(room_id, "Here")
    await there.wait_for("new_message")  # by now the second process hears what is said to its sockets
    draft = await save(here, room_id, "On the way")
    assert await there.wait_for("draft_changed") == draft
    assert await nodes.get(va, "/api/chat/drafts") == [draft]
    await save(there, room_id, "At the desk")
    assert (await here.wait_for("draft_changed"))["content"] == "At the desk"
