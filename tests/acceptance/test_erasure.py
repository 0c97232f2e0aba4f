"""Somebody is erased on request: what they said and who they were is nowhere, and others can still read their own."""

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from hyred_chat.db.people import ERASED_NAME
from hyred_chat.messages.additions import DELETED_CONTENT
from tests.acceptance.bad_input import STRANGE_IDS, check_answer
from tests.acceptance.client import PATIENCE_SECONDS, ConnectError
from tests.acceptance.nodes import TwoNodes
from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.shapes import check_message, check_moment


def path_of(user_id: str) -> str:
    return f"/api/admin/users/{quote(user_id, safe='', errors='surrogatepass')}/data"


async def erase(chat: Chat, person: Person) -> dict[str, Any]:
    """The answer's data, when nothing is left but to look once more later: on a busy machine, that takes repeats."""
    is_done = "SELECT phase = 'late' FROM erasures WHERE user_id = $1"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            erasure: dict[str, Any] = (await chat.admin("DELETE", path_of(person.id))).data
            if await chat.database.fetchval(is_done, person.id):
                break
    assert erasure.keys() == {"userId", "requestedAt", "finishedAt", "messageCount"}
    assert erasure["userId"] == person.id
    check_moment(erasure["requestedAt"])
    return erasure


async def plant(chat: Chat, person: Person, other: Person, room_id: str, marker: str) -> None:
    """Have a marker wherever something of a person may be."""
    picture = f"https://pictures.example/{marker}.png"
    await chat.provision(person, email=f"{marker}@mail.example", name=f"Ana {marker}", avatar=picture, headline=marker)
    person.token = f"dev-token-{marker}@mail.example"
    assert (await other.post("/api/chat/reports", {"userId": person.id, "reason": "spam"})).status == 200
    assert (await person.put("/api/push/devices", {"token": f"phone-{marker}", "platform": "android"})).status == 200
    for number in range(3):
        await person.post_message(room_id, f"{marker} {number}", metadata={"note": marker})
    first, second, third = await person.history(room_id)
    for message, content in ((first, f"Edited: {marker}"), (second, "To be deleted")):
        path = f"/api/chat/messages/{message['id']}"
        assert (await person.request("PATCH", path, json={"content": content})).status == 200
    assert (await person.request("DELETE", f"/api/chat/messages/{second['id']}")).status == 200
    await other.post_message(room_id, "An answer", replyTo=third["id"])
    await person.post_message(room_id, f"{marker} at last")
    async with asyncio.timeout(PATIENCE_SECONDS):  # until the other was told, and what is written can be found
        while not await chat.tables_with(marker) >= PLACES:
            await person.get("/api/users", query=marker)  # folds names, for a second at most


PLACES = {
    "users", "va_profiles", "messages", "message_versions", "deleted_messages", "device_tokens", "reports",
    "notifications", "name_terms", "message_terms",
}  # fmt: skip


async def test_nothing_of_somebody_is_left_in_any_table(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    marker = f"marker{va.id.replace('-', '')}"
    await plant(chat, va, company, room_id, marker)
    erasure = await erase(chat, va)
    assert erasure["messageCount"] == 4
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await chat.tables_with(marker) == {"name_terms"}:
            await company.get("/api/users", query=marker)
    assert await chat.tables_with(marker) == set()
    [listed] = (await company.get("/api/notifications")).data
    assert (listed["title"], listed["body"]) == (ERASED_NAME, DELETED_CONTENT)
    answer = (await company.history(room_id))[3]
    assert (answer["content"], answer["replyTo"]["content"]) == ("An answer", DELETED_CONTENT)
    assert answer["replyTo"]["senderName"] == ERASED_NAME


async def test_the_other_side_s_record_stays_readable_and_the_places_stay(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    for number in range(3):
        await va.post_message(room_id, f"Mine {number}")
        await company.post_message(room_id, f"Theirs {number}")
    await va.post_message(room_id, "The newest")
    await erase(chat, va)
    history = await company.history(room_id)
    for message in history:
        check_message(message)
    assert [message["seq"] for message in history] == list(range(1, 8))
    expected = [DELETED_CONTENT, "Theirs 0", DELETED_CONTENT, "Theirs 1", DELETED_CONTENT, "Theirs 2", DELETED_CONTENT]
    assert [message["content"] for message in history] == expected
    assert {message["sender"]["name"] for message in history} == {ERASED_NAME, company.name}
    room = await company.room(room_id)
    assert room["otherParticipant"] == {"id": va.id, "name": ERASED_NAME, "avatar": None, "role": "va"}
    assert room["lastMessage"]["content"] == DELETED_CONTENT
    assert [each["id"] for each in (await company.get("/api/chat/rooms")).data] == [room_id]


async def test_each_erased_message_has_a_change_of_its_own_and_the_room_counts_them(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    for person in (va, company, va, va):
        await person.post_message(room_id, "Hello")
    await erase(chat, va)
    rows = await chat.database.fetch("SELECT seq, change FROM messages WHERE room_id = $1 ORDER BY seq", room_id)
    assert [tuple(row) for row in rows] == [(1, 1), (2, None), (3, 2), (4, 3)]
    assert (await company.room(room_id))["lastChange"] == 3


async def test_clients_follow_without_a_reload_and_find_it_when_they_sync(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    for person in (va, company, va):
        await person.post_message(room_id, "Hello")
    joined, listing = await company.connect(join=room_id), await company.connect()
    await erase(chat, va)
    for _ in range(2):
        changed = await joined.wait_for("message_changed", lambda each: each["message"]["seq"] in {1, 3})
        assert (changed["message"]["content"], changed["message"]["sender"]["name"]) == (DELETED_CONTENT, ERASED_NAME)
    await listing.wait_for("room_updated", lambda room: room["lastMessage"]["content"] == DELETED_CONTENT)
    [synced] = (await listing.ask("sync", {"rooms": {room_id: {"seq": 3, "change": 0}}}))["rooms"]
    assert [(each["seq"], each["content"]) for each in synced["changed"]] == [
        (1, DELETED_CONTENT),
        (3, DELETED_CONTENT),
    ]


async def test_they_are_out_within_a_second_and_cannot_come_back(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    await erase(chat, va)
    async with asyncio.timeout(1):
        await mine.wait_until_disconnected()
    await theirs.wait_for("room_updated", lambda room: room["otherParticipant"]["name"] == ERASED_NAME)
    for token in (va.token, f"dev-token-{va.id}"):
        va.token = token
        assert (await va.get("/api/users/me")).code == "user_not_found"
        with pytest.raises(ConnectError):
            await va.connect()
    assert (await company.get("/api/users", query="Deleted")).data == []
    answer = await chat.admin("PUT", f"/api/admin/users/{va.id}", json={"email": va.email, "role": "va", "name": "Ana"})
    check_answer(answer, "conflict")
    assert (await company.room(room_id))["otherParticipant"]["name"] == ERASED_NAME
    other = await chat.person("Ana", email=va.email)  # their address is free
    assert other.id != va.id


async def test_what_they_said_in_rooms_that_they_left_is_erased_too(chat: Chat) -> None:
    ana, bea, cem = [await chat.person(name) for name in ("Ana", "Bea", "Cem")]
    room_id = await chat.room(ana, bea, cem)
    await ana.post_message(room_id, "Goodbye")
    await chat.save_room([bea, cem], id=room_id, type="group")
    reader = await bea.connect(join=room_id)
    [message] = await bea.history(room_id)
    assert message["sender"]["name"] == "Ana"
    await erase(chat, ana)
    [message] = await bea.history(room_id)
    assert (message["content"], message["sender"]["name"]) == (DELETED_CONTENT, ERASED_NAME)
    await reader.catch_up()
    assert reader.connected


async def test_an_erasure_that_was_cut_short_goes_on_and_repeating_it_changes_nothing(chat: Chat) -> None:
    va, _, room_id = await chat.filled_pair(1_000)
    await chat.database.execute("UPDATE messages SET sender_id = $2 WHERE room_id = $1 AND seq % 2 = 0", room_id, va.id)
    await chat.database.execute("INSERT INTO erasures (user_id) VALUES ($1)", va.id)
    assert (await erase(chat, va))["messageCount"] == 500
    erasure = await erase(chat, va)
    assert (erasure["messageCount"], erasure["finishedAt"]) == (500, None)
    statement = "SELECT count(*), max(change), count(DISTINCT change) FROM messages WHERE room_id = $1 AND content = $2"
    assert tuple(await chat.database.fetchrow(statement, room_id, DELETED_CONTENT) or ()) == (500, 500, 500)


async def test_what_was_being_sent_at_that_moment_is_erased_later(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await va.post_message(room_id, "Before")
    assert (await erase(chat, va))["finishedAt"] is None
    await chat.database.execute(
        """
        WITH room AS (UPDATE chat_rooms SET last_seq = 2 WHERE id = $1 RETURNING last_message_at)
        INSERT INTO messages (room_id, seq, id, sender_id, content, created_at)
        SELECT $1, 2, $1 || '-late', $2, 'Late', last_message_at + interval '1 ms' FROM room
        """,
        room_id,
        va.id,
    )
    await chat.database.execute(
        "UPDATE erasures SET requested_at = requested_at - interval '2 minutes' WHERE user_id = $1", va.id
    )
    erasure = await erase(chat, va)
    check_moment(erasure["finishedAt"])
    assert erasure["messageCount"] == 2
    assert await erase(chat, va) == erasure
    assert [message["content"] for message in await company.history(room_id)] == [DELETED_CONTENT] * 2


async def test_it_is_in_the_audit_log_once_and_evidence_of_reports_stays(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    admin = await chat.person("Sam", role="admin")
    message = await va.post_message(room_id, "Pay me first.")
    body = {"messageId": message["id"], "reason": "fraud"}
    report_id = (await company.post("/api/chat/reports", body)).data["reportId"]
    for _ in range(2):
        assert (await admin.request("DELETE", path_of(va.id))).status == 200
    entries = [
        entry
        for entry in (await admin.get("/api/admin/audit", limit=20)).data
        if entry["subject"] == {"kind": "user", "id": va.id}
    ]
    assert [(entry["action"], entry["actor"]["id"]) for entry in entries] == [("data_erased", admin.id)]
    report = (await admin.get(f"/api/admin/reports/{report_id}")).data
    assert report["user"]["name"] == report["evidence"]["message"]["sender"]["name"] == ERASED_NAME
    assert report["evidence"]["message"]["content"] == "Pay me first."
    assert report["evidence"]["profile"] is None


async def test_only_moderators_erase_and_only_who_is_there(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await va.post_message(room_id, "Mine")
    for person in (va, company):
        check_answer(await person.request("DELETE", path_of(va.id)), "access_denied")
    check_answer(Answer(await chat.http.request("DELETE", path_of(va.id))), "unauthenticated")
    for strange in STRANGE_IDS:
        if strange and strange != "../.." and len(strange) < 1000:
            check_answer(await chat.admin("DELETE", path_of(strange)), "not_found", "bad_request")
    assert [message["content"] for message in await company.history(room_id)] == ["Mine"]


async def test_the_other_process_knows_at_once(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    await nodes.post_message(va, room_id, "Mine")
    mine, theirs = await nodes.connect(va), await nodes.connect(company, join=room_id)
    await erase(nodes.chat, va)
    await mine.wait_until_disconnected()
    await theirs.wait_for("room_updated", lambda room: room["otherParticipant"]["name"] == ERASED_NAME)
    [message] = await nodes.get(company, f"/api/chat/rooms/{room_id}/messages")
    assert (message["content"], message["sender"]["name"]) == (DELETED_CONTENT, ERASED_NAME)
