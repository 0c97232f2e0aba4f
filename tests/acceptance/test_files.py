"""Files with messages: sent once, by their owner, in their room, and shown wherever messages are."""

import asyncio
from typing import Any

import pytest

from tests.acceptance.bad_input import WRONG_TYPES, check_answer
from tests.acceptance.client import PATIENCE_SECONDS
from tests.acceptance.files import (
    Uploader,
    announce,
    files_of,
    load,
    picture,
    ready_file,
    send_file,
    upload,
    wait_until_examined,
)
from tests.acceptance.nodes import TwoNodes
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_message
from tests.unit.files.corpus import recording

ATTACHMENT = {
    "id", "name", "size", "contentType", "kind", "width", "height", "durationMs", "waveform", "placeholder", "alt",
    "url", "previewUrl", "largePreviewUrl",
}  # fmt: skip


def without_addresses(message: dict[str, Any]) -> dict[str, Any]:
    """What is the same for all readers."""
    attachments = [
        {name: value for name, value in each.items() if not name.lower().endswith("url")}
        for each in message["attachments"]
    ]
    return message | {"attachments": attachments, "isOwn": None, "status": None}


async def test_a_message_shows_its_files_wherever_it_is_shown(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    writer, reader = await va.connect(join=room_id), await company.connect(join=room_id)
    file_ids = [
        await ready_file(chat, va, room_id, picture(), "me.jpg"),
        await ready_file(chat, va, room_id, b"text", "notes.txt"),
    ]
    sent = await writer.send(room_id, "My portfolio", attachments=file_ids, clientMessageId="1")
    check_message(sent)
    assert [each["id"] for each in sent["attachments"]] == file_ids
    assert all(each.keys() == ATTACHMENT for each in sent["attachments"])
    assert (sent["type"], sent["content"]) == ("file", "My portfolio")
    live = await reader.wait_for("new_message")
    own = await writer.wait_for("new_message")
    [read] = await company.history(room_id)
    [synced] = (await company.post("/api/chat/sync", {"rooms": {room_id: 0}})).data["rooms"][0]["messages"]
    [joined] = (await (await company.connect()).join(room_id)).history
    for shown in (live, own, read, synced, joined):
        assert without_addresses(shown) == without_addresses(sent)
    assert live["attachments"] == read["attachments"], "addresses of one reader are the same for a while"
    assert own["attachments"] == sent["attachments"]
    assert {each["url"] for each in live["attachments"]}.isdisjoint(each["url"] for each in own["attachments"])
    for each in live["attachments"]:
        assert (await load(chat, each["url"])).status_code == 200
    repeated = await writer.send(room_id, "My portfolio", attachments=file_ids, clientMessageId="1")
    assert repeated["id"] == sent["id"]
    assert repeated["attachments"] == sent["attachments"]


async def test_a_notification_says_what_files_were_sent(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    elsewhere = await company.connect()
    said = []
    for content, name, words in (
        (picture(), "me.jpg", ""),
        (b"text", "notes.txt", ""),
        (b"text", "b.txt", "As agreed"),
    ):
        file_id = await ready_file(chat, va, room_id, content, name)
        await va.post_message(room_id, words, attachments=[file_id])
        told = await elsewhere.wait_for("notification")
        said.append((told["body"], *(told["data"][each] for each in ("attachments", "attachmentKind", "hasCaption"))))
    assert said == [("Photo", 1, "image", False), ("notes.txt", 1, "file", False), ("As agreed", 1, "file", True)]
    await va.post_message(room_id, "Words alone")
    assert "attachments" not in (await elsewhere.wait_for("notification"))["data"]


async def test_a_message_of_pictures_alone_is_an_image_and_says_their_names(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    file_ids = [await ready_file(chat, va, room_id, picture(width), f"{width}.jpg") for width in (30, 40)]
    message = await va.post_message(room_id, "", attachments=file_ids, type="text", clientMessageId="1")
    assert (message["type"], message["content"]) == ("image", "30.jpg, 40.jpg")
    assert (await va.post_message(room_id, "", attachments=file_ids, clientMessageId="1"))["id"] == message["id"]
    answer = await va.post(
        f"/api/chat/rooms/{room_id}/messages", {"content": "A caption", "attachments": file_ids, "clientMessageId": "1"}
    )
    assert answer.code == "conflict"
    assert (await company.room(room_id))["lastMessage"]["content"] == "30.jpg, 40.jpg"


async def test_a_voice_message_is_one_in_every_browser(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    file_id = await upload(chat, va, room_id, recording("webm", "libopus", seconds=2), "voice.webm", voice=True)
    assert (await wait_until_examined(va, file_id))["state"] == "ready"
    await va.post_message(room_id, "", attachments=[file_id])
    [message] = await company.history(room_id)
    [attachment] = message["attachments"]
    assert (message["type"], attachment["kind"], attachment["contentType"]) == ("file", "voice", "audio/mp4")
    assert (attachment["name"], len(attachment["waveform"])) == ("voice.m4a", 64)
    assert abs(attachment["durationMs"] - 2000) < 100
    response = await load(chat, attachment["url"], Range="bytes=0-99")
    assert (response.status_code, response.headers["Content-Type"]) == (206, "audio/mp4")


async def test_a_message_is_found_by_the_names_of_its_files_whatever_it_says(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    names = ["Curriculum-Marisol.txt", "rates 2026.txt"]
    file_ids = [await ready_file(chat, va, room_id, b"text", name) for name in names]
    message = await va.post_message(room_id, "Here you are", attachments=file_ids)

    async def found(query: str, **params: str) -> list[str]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (hits := (await company.get("/api/chat/search", q=query, roomId=room_id, **params)).data):  # noqa: ASYNC110  # nobody is told that the index has followed
                await asyncio.sleep(0.05)
        return [hit["message"]["id"] for hit in hits]

    for query in ("marisol", "curriculum", "rates", "2026", "here"):
        assert await found(query) == [message["id"]]
    assert await found("marisol", has="file") == [message["id"]]
    assert (await company.get("/api/chat/search", q="marisol", has="image")).data == []
    await va.request("DELETE", f"/api/chat/messages/{message['id']}")
    assert (await company.get("/api/chat/search", q="marisol", roomId=room_id)).data == []


async def test_a_message_of_several_files_is_found_by_each_kind_that_it_has(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    photo, note = (picture(), "me.jpg"), (b"text", "notes.txt")
    sent = {}
    for said, files in (("both", (note, photo)), ("picture", (photo,)), ("note", (note,))):
        ids = [await ready_file(chat, va, room_id, *file) for file in files]
        sent[said] = (await va.post_message(room_id, f"Portfolio {said}", attachments=ids))["id"]

    async def found(**params: str) -> set[str]:
        hits = (await company.get("/api/chat/search", q="portfolio", roomId=room_id, **params)).data
        return {hit["message"]["id"] for hit in hits}

    async with asyncio.timeout(PATIENCE_SECONDS):
        while await found() != set(sent.values()):  # noqa: ASYNC110  # nobody is told that the index has followed
            await asyncio.sleep(0.05)
    assert await found(has="image") == {sent["both"], sent["picture"]}
    assert await found(has="file") == {sent["both"], sent["note"]}
    assert await found(has="link") == set()
    await va.request("PATCH", f"/api/chat/messages/{sent['both']}", json={"content": "Portfolio, edited"})
    async with asyncio.timeout(PATIENCE_SECONDS):
        while sent["both"] not in await found(has="image"):  # noqa: ASYNC110  # likewise
            await asyncio.sleep(0.05)


async def test_what_a_file_shows_is_said_for_those_who_cannot_see_it(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    writer, reader = await va.connect(join=room_id), await company.connect(join=room_id)
    file_ids = [await ready_file(chat, va, room_id, b"text", name) for name in ("a.txt", "b.txt", "c.txt")]
    attachments = [{"id": file_ids[0], "alt": " A red\n fence\x07 "}, file_ids[1], {"id": file_ids[2]}]
    sent = await writer.send(room_id, "", attachments=attachments, clientMessageId="1")
    assert [each["alt"] for each in sent["attachments"]] == ["A red fence", None, None]
    [read] = await company.history(room_id)
    live = await reader.wait_for("new_message")
    assert read["attachments"] == live["attachments"]
    assert without_addresses(read) == without_addresses(sent)
    listed = {each["name"]: each["alt"] for each in await files_of(company, room_id)}
    assert listed == {"a.txt": "A red fence", "b.txt": None, "c.txt": None}
    evidence = (await chat.admin("GET", f"/api/admin/messages/{sent['id']}")).data
    assert [each["alt"] for each in evidence["message"]["attachments"]] == ["A red fence", None, None]
    again = [{"id": file_ids[0], "alt": "A red fence"}, *file_ids[1:]]
    body = {"content": "", "clientMessageId": "1"}
    assert (await va.post_message(room_id, "", attachments=again, clientMessageId="1"))["id"] == sent["id"]
    for other in (file_ids, [*attachments[:2], {"id": file_ids[2], "alt": "Another"}]):
        answer = await va.post(f"/api/chat/rooms/{room_id}/messages", body | {"attachments": other})
        assert answer.code == "conflict"


@pytest.mark.parametrize(
    ("attachments", "message"),
    [
        (["x", {"id": "x"}], "attachments: must not have a file twice."),
        ([{"id": "x", "alt": ""}], "attachments.0.alt: must have at least 1 characters."),
        ([{"id": "x", "alt": "\u200b "}], "attachments.0.alt: must not be empty."),
        (["x", {"id": "y", "alt": "a" * 501}], "attachments.1.alt: must have at most 500 characters."),
        ([{"id": "x", "alt": 1}], "attachments.0.alt: must be text."),
        ([{"alt": "x"}], "attachments.0.id: is required."),
        ([["x"]], "attachments.0: must be an id or an object."),
        ("x", "attachments: must be a list."),
    ],
)
async def test_attachments_that_are_malformed_are_refused_with_a_reason(
    chat: Chat, attachments: Any, message: str
) -> None:
    va, _, room_id = await chat.pair()
    body = {"content": "x", "attachments": attachments}
    answer = await va.post(f"/api/chat/rooms/{room_id}/messages", body)
    assert (answer.code, answer.envelope["error"]) == ("bad_request", message)
    envelope = await (await va.connect()).call("send_message", {"chatRoomId": room_id, **body})
    assert (envelope["code"], envelope["error"]) == ("bad_request", message)


async def test_previews_say_what_the_files_of_a_message_are(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await company.connect()

    def short(preview: dict[str, Any]) -> tuple[int, str | None, bool]:
        return preview["attachments"], preview["attachmentKind"], preview["hasCaption"]

    async def previews(content: str, *files: tuple[bytes, str]) -> tuple[tuple[int, str | None, bool], str]:
        """What the list says of a message, and the body of its notification."""
        ids = [await ready_file(chat, va, room_id, *file) for file in files]
        sent = await va.post_message(room_id, content, attachments=ids)
        last = (await company.room(room_id))["lastMessage"]
        answer = await company.post_message(room_id, "Yes", replyTo=sent["id"])
        assert short(answer["replyTo"]) == short(last)
        assert (await company.history(room_id))[-1]["replyTo"] == answer["replyTo"]
        return short(last), (await client.wait_for("notification"))["body"]

    photo, note = (picture(), "me.jpg"), (b"text", "notes.txt")
    assert await previews("", photo) == ((1, "image", False), "Photo")
    assert await previews("Me", photo) == ((1, "image", True), "Me")
    assert await previews("", photo, note) == ((2, "file", False), "2 files")
    long = [(b"text", letter * 190 + ".txt") for letter in "ab"]
    assert await previews("", *long) == ((2, "file", False), "2 files")
    assert await previews("Hello") == ((0, None, True), "Hello")


async def test_without_files_a_message_must_say_something(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    for fields in ({}, {"content": ""}, {"content": " \n"}, {"content": "", "attachments": []}):
        check_answer(await va.post(f"/api/chat/rooms/{room_id}/messages", fields), "bad_request")
        envelope = await client.call("send_message", {"chatRoomId": room_id, **fields})
        assert envelope["code"] == "bad_request"


async def test_a_file_is_sent_once_by_its_owner_in_its_room_when_it_is_ready(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    other_room = await chat.room(va, company)
    file_id = await ready_file(chat, va, room_id, b"text")

    async def refusal(person: Person, where: str, *file_ids: str) -> str:
        body = {"content": "Look", "attachments": list(file_ids)}
        return (await person.post(f"/api/chat/rooms/{where}/messages", body)).code

    assert await refusal(company, room_id, file_id) == "not_found"
    assert await refusal(va, other_room, file_id) == "not_found"
    assert await refusal(va, room_id, file_id, "0" * 32) == "not_found"
    begun = await announce(va, room_id, 10)
    assert await refusal(va, room_id, begun["fileId"]) == "file_not_ready"
    await va.post_message(room_id, "Look", attachments=[file_id])
    assert await refusal(va, room_id, file_id) == "conflict"
    assert (await Uploader(chat, va, f"/api/chat/files/{file_id}/upload").delete()).status_code == 409
    stranger = await chat.person("Eve")
    assert await refusal(stranger, room_id, file_id) == "access_denied"


async def test_a_refused_file_cannot_be_sent(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    file_id = await upload(chat, va, room_id, picture()[:200], "broken.jpg")
    assert await wait_until_examined(va, file_id) == {"fileId": file_id, "state": "refused", "reason": "broken"}
    answer = await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": "x", "attachments": [file_id]})
    assert (answer.status, answer.code, answer.envelope["details"]) == (409, "file_refused", {"reason": "broken"})


async def test_of_two_sends_of_one_file_one_is_stored(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    file_id = await ready_file(chat, va, room_id, b"text")
    payload = {"chatRoomId": room_id, "content": "Look", "attachments": [file_id]}
    envelopes = await asyncio.gather(*(client.call("send_message", payload) for _ in range(5)))
    assert sorted(each.get("code", "") for each in envelopes) == ["", *["conflict"] * 4]
    assert await chat.count_messages(room_id) == 1


@pytest.mark.parametrize("value", [*WRONG_TYPES["list"], ["x"] * 11])
async def test_attachments_that_are_none_are_refused(chat: Chat, value: Any) -> None:
    va, _, room_id = await chat.pair()
    answer = await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": "x", "attachments": value})
    assert answer.code in {"bad_request", "not_found"}
    assert await chat.count_messages(room_id) == 0


async def test_what_changes_of_a_message_leaves_its_files(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    reader = await company.connect(join=room_id)
    message = await send_file(chat, va, room_id, b"text", "notes.txt")
    path = f"/api/chat/messages/{message['id']}"
    await va.request("PATCH", path, json={"content": "My notes"})
    changed = (await reader.wait_for("message_changed"))["message"]
    assert changed["content"] == "My notes"
    assert [each["id"] for each in changed["attachments"]] == [message["attachments"][0]["id"]]
    assert (await load(chat, changed["attachments"][0]["url"])).status_code == 200
    await company.put(f"{path}/reactions/👍")
    own = (await reader.wait_for("message_changed"))["message"]
    assert own["reactions"][0]["isOwn"] is True
    [read] = await company.history(room_id)
    assert read == own


async def test_an_answer_to_a_picture_and_the_room_s_files(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    first = await send_file(chat, va, room_id, picture(), "a.jpg")
    second = await send_file(chat, company, room_id, b"text", "b.txt")
    answer = await va.post_message(room_id, "Nice", replyTo=first["id"])
    assert answer["replyTo"]["type"] == "image"
    assert [each["name"] for each in await files_of(va, room_id)] == ["b.txt", "a.jpg"]
    assert [each["name"] for each in await files_of(va, room_id, kind="image")] == ["a.jpg"]
    page = await va.get(f"/api/chat/rooms/{room_id}/files", limit=1)
    assert page.data[0]["message"]["id"] == second["id"]
    rest = await va.get(f"/api/chat/rooms/{room_id}/files", limit=1, cursor=page.next_cursor)
    assert (rest.data[0]["message"]["id"], rest.next_cursor) == (first["id"], None)
    stranger = await chat.person("Eve")
    check_answer(await stranger.get(f"/api/chat/rooms/{room_id}/files"), "access_denied")
    for cursor in ("", "x", "1", "-1:x", "9" * 30 + ":x"):
        assert (await va.get(f"/api/chat/rooms/{room_id}/files", cursor=cursor)).code == "bad_request"


async def test_a_file_crosses_to_people_at_another_process(nodes: TwoNodes) -> None:
    chat = nodes.chat
    va, company, room_id = await chat.pair()
    reader = await nodes.connect(company, join=room_id)
    content = b"some text"
    created = await announce(va, room_id, len(content))
    # Begun at one, and gone on with at the other.
    await Uploader(chat, va, created["uploadUrl"]).patch(0, content[:4])
    elsewhere = Uploader(chat, va, created["uploadUrl"], nodes.second.url)
    assert await elsewhere.offset() == 4
    assert (await elsewhere.patch(4, content[4:])).status_code == 204
    await wait_until_examined(va, created["fileId"], nodes.second.url)
    sent = await va.post_message(room_id, "", attachments=[created["fileId"]])
    live = await reader.wait_for("new_message")
    assert without_addresses(live) == without_addresses(sent)
    response = await chat.http.get(nodes.second.url + live["attachments"][0]["url"])
    assert response.content == content
    await va.request("PATCH", f"/api/chat/messages/{sent['id']}", json={"content": "Edited"})
    changed = (await reader.wait_for("message_changed"))["message"]
    assert changed["attachments"] == live["attachments"]
