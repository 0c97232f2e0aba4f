"""Somebody gets all that is kept of them, on request: what they could see and wrote, without what was deleted."""

import io
import json
import zipfile
from typing import Any
from urllib.parse import quote

import httpx

from tests.acceptance.bad_input import STRANGE_IDS, check_answer
from tests.acceptance.files import ready_file, send_file
from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.server import API_KEY
from tests.acceptance.shapes import check_moment

FILES = {
    "about.txt", "profile.json", "devices.json", "notification-preferences.json", "drafts.json", "blocked-people.json",
    "reports.json", "notices.json", "rooms.json", "messages-elsewhere.json",
}  # fmt: skip


def path_of(user_id: str) -> str:
    return f"/api/admin/users/{quote(user_id, safe='', errors='surrogatepass')}/data"


async def export(chat: Chat, person: Person) -> dict[str, Any]:
    """The files by name: JSON as it is, and the text."""
    response = await chat.http.get(path_of(person.id), headers={"X-API-Key": API_KEY})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/zip")
    assert response.headers["Content-Disposition"] == 'attachment; filename="export.zip"'
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        return {
            name: json.loads(archive.read(name)) if name.endswith(".json") else archive.read(name).decode()
            for name in archive.namelist()
        }


async def test_an_export_has_what_was_attached(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    file = {"id": await ready_file(chat, company, room_id, b"our terms", "terms.txt"), "alt": "Three paragraphs"}
    sent = await company.post_message(room_id, "", attachments=[file])
    deleted = await send_file(chat, va, room_id, b"a mistake", "mistake.txt")
    assert (await va.request("DELETE", f"/api/chat/messages/{deleted['id']}")).status == 200
    await ready_file(chat, va, room_id, b"never sent")
    files = await export(chat, va)
    file_id = sent["attachments"][0]["id"]
    assert [name for name in files if name.startswith("files/")] == [f"files/{file_id}/terms.txt"]
    assert files[f"files/{file_id}/terms.txt"] == "our terms"
    [message] = files["rooms/00001.json"]
    assert (message["attachments"][0]["name"], message["attachments"][0]["alt"]) == ("terms.txt", "Three paragraphs")
    assert "key" not in message["attachments"][0]


async def test_an_export_has_what_somebody_could_see_and_wrote(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    hours = {"from": "09:00", "until": "17:00", "days": [1, 2]}
    await chat.provision(va, headline="Calms inboxes", timeZone="Asia/Manila", workingHours=hours)
    stranger = await chat.person("Eve")
    others = await chat.room(company, stranger)
    await stranger.post_message(others, "Not for Ana")
    await va.post_message(room_id, "Mine 🙂", metadata={"key": [1]}, clientMessageId="1")
    await company.post_message(room_id, "Theirs")
    assert (await va.put("/api/push/devices", {"token": f"phone-{va.id}", "platform": "ios"})).status == 200
    assert (await va.put(f"/api/users/{stranger.id}/block", {"blocked": True})).status == 200
    report = {"userId": company.id, "reason": "spam", "note": "Too many offers"}
    assert (await va.post("/api/chat/reports", report)).status == 200
    files = await export(chat, va)
    assert files.keys() == FILES | {"rooms/00001.json"}
    [profile] = files["profile.json"]
    assert (profile["id"], profile["email"], profile["name"], profile["role"]) == (va.id, va.email, "Ana", "va")
    assert (profile["headline"], profile["timeZone"], profile["workingHours"]) == (
        "Calms inboxes",
        "Asia/Manila",
        hours,
    )
    [room] = files["rooms.json"]
    assert (room["id"], room["file"], room["lastSeq"]) == (room_id, "rooms/00001.json", 2)
    assert {member["id"]: member["name"] for member in room["members"]} == {va.id: "Ana", company.id: "Acme"}
    mine, theirs = files["rooms/00001.json"]
    assert (mine["content"], mine["senderId"], mine["senderName"]) == ("Mine 🙂", va.id, "Ana")
    assert mine["metadata"] == {"key": [1]}
    check_moment(mine["createdAt"])
    assert (theirs["content"], theirs["senderName"], theirs["seq"]) == ("Theirs", "Acme", 2)
    assert [device["platform"] for device in files["devices.json"]] == ["ios"]
    assert [block["userId"] for block in files["blocked-people.json"]] == [stranger.id]
    [reported] = files["reports.json"]
    assert (reported["reason"], reported["note"]) == ("spam", "Too many offers")
    assert files["messages-elsewhere.json"] == files["notices.json"] == files["notification-preferences.json"] == []
    assert "Not for Ana" not in json.dumps(files)
    assert company.email not in json.dumps(files)


async def test_what_was_deleted_is_not_there_and_what_was_written_in_rooms_left_is(chat: Chat) -> None:
    ana, bea, cem = [await chat.person(name) for name in ("Ana", "Bea", "Cem")]
    room_id = await chat.room(ana, bea, cem)
    await ana.post_message(room_id, "Still here")
    deleted = await ana.post_message(room_id, "Deleted")
    await bea.post_message(room_id, "Of Bea's")
    assert (await ana.request("DELETE", f"/api/chat/messages/{deleted['id']}")).status == 200
    assert [message["content"] for message in (await export(chat, ana))["rooms/00001.json"]] == [
        "Still here",
        "Of Bea's",
    ]
    await chat.save_room([bea, cem], id=room_id, type="group")
    files = await export(chat, ana)
    assert files["rooms.json"] == []
    assert [message["content"] for message in files["messages-elsewhere.json"]] == ["Still here"]


async def test_a_long_conversation_is_whole_and_in_order(chat: Chat) -> None:
    va, _, room_id = await chat.filled_pair(12_000)
    messages = (await export(chat, va))["rooms/00001.json"]
    assert [message["seq"] for message in messages] == list(range(1, 12_001))
    assert {message["roomId"] for message in messages} == {room_id}


async def test_an_export_is_in_the_audit_log_and_for_moderators_only(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    admin = await chat.person("Sam", role="admin")
    for person in (va, company):
        check_answer(await person.get(path_of(va.id)), "access_denied")
    check_answer(Answer(await chat.http.get(path_of(va.id))), "unauthenticated")
    for strange in STRANGE_IDS:
        if strange and strange != "../.." and len(strange) < 1000:
            check_answer(await chat.admin("GET", path_of(strange)), "not_found", "bad_request")
    headers = {"Authorization": f"Bearer {admin.token}"}
    assert (await chat.http.get(path_of(va.id), headers=headers)).status_code == 200
    entries = [
        (entry["action"], entry["actor"]["id"])
        for entry in (await admin.get("/api/admin/audit", limit=20)).data
        if entry["subject"] == {"kind": "user", "id": va.id}
    ]
    assert entries == [("data_exported", admin.id)]


async def test_who_stops_reading_an_export_leaves_room_for_others(chat: Chat) -> None:
    va, _, _ = await chat.filled_pair(12_000)
    async with httpx.AsyncClient(base_url=chat.server.url, timeout=20) as client:
        for _ in range(4):
            async with client.stream("GET", path_of(va.id), headers={"X-API-Key": API_KEY}) as response:
                assert response.status_code == 200
                await anext(response.aiter_raw())
    assert len((await export(chat, va))["rooms/00001.json"]) == 12_000
