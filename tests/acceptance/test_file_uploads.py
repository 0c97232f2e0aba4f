"""Uploads: tus 1.0 by its rules, whatever becomes of a connection or of the server."""

import asyncio
import base64
import hashlib
import os
import random
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest

from hyred_chat.files.uploads import SEGMENT_BYTES
from tests.acceptance.bad_input import STRANGE_IDS, WRONG_TYPES, check_answer
from tests.acceptance.client import PATIENCE_SECONDS
from tests.acceptance.conftest import StartChat
from tests.acceptance.failures import chat_on
from tests.acceptance.files import (
    STREAM,
    TUS,
    Uploader,
    announce,
    load,
    ready_file,
    send_file,
    upload,
    wait_until_examined,
)
from tests.acceptance.people import Chat
from tests.acceptance.server import start_server
from tests.acceptance.shapes import check_moment


async def test_what_was_uploaded_is_what_is_downloaded(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    content = os.urandom(1_000_000)
    created = await announce(va, room_id, len(content), "portfolio.bin", contentType="image/png")
    assert created.keys() == {"fileId", "uploadUrl", "expiresAt"}
    check_moment(created["expiresAt"])
    response = await Uploader(chat, va, created["uploadUrl"]).patch(0, content)
    assert (response.status_code, response.headers["Upload-Offset"]) == (204, "1000000")
    assert (await wait_until_examined(va, created["fileId"]))["state"] == "ready"
    await va.post_message(room_id, "My work", attachments=[created["fileId"]])
    [message] = await company.history(room_id)
    [attachment] = message["attachments"]
    assert (attachment["name"], attachment["size"], attachment["kind"]) == ("portfolio.bin", 1_000_000, "file")
    assert attachment["contentType"] == "application/octet-stream", "what it is, and not what was said"
    assert (await load(chat, attachment["url"])).content == content


async def test_an_upload_that_is_cut_ten_times_arrives_whole(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    content = os.urandom(25 * 2**20)  # as many as a file may have
    created = await announce(va, room_id, len(content))
    uploader = Uploader(chat, va, created["uploadUrl"])
    cuts = sorted(random.sample(range(1, len(content)), 10))
    offset = 0
    for cut in cuts:

        async def until_cut(start: int = offset, end: int = cut) -> AsyncIterator[bytes]:
            for at in range(start, end, 65_536):
                yield content[at : min(at + 65_536, end)]
            raise ConnectionError("in the lift")

        # Or what came before is written down meanwhile: then this is a conflict, and the connection ends before all is
        # sent. Whatever it was, a client asks how far the upload is.
        with suppress(ConnectionError, httpx.TransportError):
            await uploader.patch(offset, until_cut(), Content_Length=str(len(content) - offset))
        had, offset = offset, await uploader.offset()
        assert had <= offset <= cut
    while offset < len(content):
        with suppress(httpx.TransportError):
            await uploader.patch(offset, content[offset:])
        offset = await uploader.offset()
    assert (await wait_until_examined(va, created["fileId"]))["state"] == "ready"
    message = await va.post_message(room_id, "", attachments=[created["fileId"]])
    assert (await load(chat, message["attachments"][0]["url"])).content == content
    assert company.id


async def test_a_killed_server_goes_on_from_the_byte_it_had(database_url: str) -> None:
    content = os.urandom(1_500_000)
    async with start_server(database_url) as server, chat_on(server) as chat:
        va, _, room_id = await chat.pair()
        created = await announce(va, room_id, len(content))
        uploader = Uploader(chat, va, created["uploadUrl"])
        assert (await uploader.patch(0, content[:1_000_000])).headers["Upload-Offset"] == "1000000"
        await server.kill()
        async with start_server(database_url, PORT=server.port):
            assert await uploader.offset() == 1_000_000
            assert (await uploader.patch(1_000_000, content[1_000_000:])).status_code == 204
            assert (await wait_until_examined(va, created["fileId"]))["state"] == "ready"
            message = await va.post_message(room_id, "", attachments=[created["fileId"]])
            assert (await load(chat, message["attachments"][0]["url"])).content == content


async def test_the_protocol_says_what_it_speaks_to_whoever_asks(chat: Chat) -> None:
    response = await chat.http.options("/api/chat/files/any/upload")
    assert response.status_code == 204
    assert response.headers["Tus-Resumable"] == response.headers["Tus-Version"] == "1.0.0"
    assert response.headers["Tus-Extension"] == "expiration,checksum,termination"
    assert response.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
    assert int(response.headers["Tus-Max-Size"]) == 25 * 2**20


async def test_head_says_how_far_an_upload_is(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    uploader = Uploader(chat, va, (await announce(va, room_id, 10))["uploadUrl"])
    await uploader.patch(0, b"1234")
    response = await uploader.head()
    assert (response.status_code, response.content) == (200, b"")
    assert (response.headers["Upload-Offset"], response.headers["Upload-Length"]) == ("4", "10")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Tus-Resumable"] == "1.0.0"
    assert response.headers["Upload-Expires"].endswith(" GMT")


async def test_why_an_upload_is_refused_can_be_read_when_all_of_it_was_sent(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    content = bytes(8 * 2**20)
    created = await announce(va, room_id, len(content))
    fields = STREAM | {
        "Host": "localhost",
        "Authorization": f"Bearer {va.token}",
        "Upload-Offset": "1000",
        "Content-Length": str(len(content)),
    }
    head = f"PATCH {created['uploadUrl']} HTTP/1.1\r\n" + "".join(f"{name}: {fields[name]}\r\n" for name in fields)

    def send_and_then_read() -> bytes:
        with socket.create_connection(("127.0.0.1", int(chat.server.port)), timeout=PATIENCE_SECONDS) as connection:
            connection.sendall(f"{head}\r\n".encode() + content)
            answer = b""
            while part := connection.recv(65_536):
                answer += part
            return answer

    answer = await asyncio.to_thread(send_and_then_read)
    assert answer.startswith(b"HTTP/1.1 409 ")
    assert b'"code":"conflict"' in answer


async def test_bytes_that_do_not_follow_are_a_conflict_and_change_nothing(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    uploader = Uploader(chat, va, (await announce(va, room_id, 10))["uploadUrl"])
    await uploader.patch(0, b"1234")
    for offset in (0, 3, 5, 10):
        response = await uploader.patch(offset, b"x")
        assert (response.status_code, response.json()["code"]) == (409, "conflict")
        assert response.headers["Tus-Resumable"] == "1.0.0"
    assert await uploader.offset() == 4


async def test_more_than_was_announced_is_refused(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    uploader = Uploader(chat, va, (await announce(va, room_id, 10))["uploadUrl"])
    assert (await uploader.patch(0, b"x" * 11)).status_code == 413

    async def in_parts() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"12345"

    assert (await uploader.patch(0, in_parts())).status_code == 413
    assert await uploader.offset() == 0


async def test_a_file_may_become_smaller_than_it_was_announced(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    content = os.urandom(600_000)
    created = await announce(va, room_id, 3_000_000)
    uploader = Uploader(chat, va, created["uploadUrl"])
    assert (await uploader.patch(0, content[:300_000], Upload_Length="600000")).headers["Upload-Length"] == "600000"
    assert (await uploader.head()).headers["Upload-Length"] == "600000"
    assert (await uploader.patch(300_000, content[300_000:])).status_code == 204, "it need not be said again"
    assert (await wait_until_examined(va, created["fileId"]))["state"] == "ready"
    message = await va.post_message(room_id, "", attachments=[created["fileId"]])
    assert message["attachments"][0]["size"] == 600_000
    assert (await load(chat, message["attachments"][0]["url"])).content == content
    assert company.id


async def test_a_file_ends_where_it_is_said_to_when_all_of_it_has_come_already(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    created = await announce(va, room_id, 100)
    uploader = Uploader(chat, va, created["uploadUrl"])
    assert (await uploader.patch(0, b"1234")).status_code == 204
    assert (await va.get(f"/api/chat/files/{created['fileId']}/state")).data["state"] == "uploading"
    for _ in range(2):  # also when the answer is lost
        assert (await uploader.patch(4, b"", Upload_Length="4")).headers["Upload-Offset"] == "4"
    assert (await wait_until_examined(va, created["fileId"]))["state"] == "ready"


async def test_a_file_becomes_no_larger_and_never_nothing(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    uploader = Uploader(chat, va, (await announce(va, room_id, 10))["uploadUrl"])
    for size in ("0", "", "-1", "1.5", "ten", "9" * 40):
        assert (await uploader.patch(0, b"", Upload_Length=size)).status_code == 400
    assert (await uploader.patch(0, b"12", Upload_Length="11")).status_code == 413
    assert (await uploader.patch(0, b"1234", Upload_Length="3")).status_code == 413
    assert await uploader.offset() == 0
    assert (await uploader.patch(0, b"1234", Upload_Length="6")).status_code == 204
    assert (await uploader.patch(4, b"5", Upload_Length="3")).status_code == 400
    assert (await uploader.patch(4, b"5", Upload_Length="7")).status_code == 413, "it was to be 6"
    assert (await uploader.head()).headers["Upload-Length"] == "6"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_a_checksum_that_does_not_fit_has_nothing_kept(chat: Chat, algorithm: str) -> None:
    va, _, room_id = await chat.pair()
    content = os.urandom(600_000)
    uploader = Uploader(chat, va, (await announce(va, room_id, len(content)))["uploadUrl"])

    def checksum(of: bytes) -> str:
        return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, of).digest()).decode()}"

    response = await uploader.patch(0, content, Upload_Checksum=checksum(b"something else"))
    assert (response.status_code, response.json()["code"]) == (460, "checksum_mismatch")
    assert await uploader.offset() == 0
    assert (await uploader.patch(0, content, Upload_Checksum=checksum(content))).status_code == 204


@pytest.mark.parametrize("header", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1", "sha1 !", "", b"sha1 \xff"])
async def test_a_checksum_that_is_none_is_refused(chat: Chat, header: str | bytes) -> None:
    va, _, room_id = await chat.pair()
    uploader = Uploader(chat, va, (await announce(va, room_id, 10))["uploadUrl"])
    assert (await uploader.patch(0, b"1234", Upload_Checksum=header)).status_code in (400, 460)
    assert await uploader.offset() == 0


async def test_an_upload_that_was_ended_is_gone(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    created = await announce(va, room_id, 10)
    uploader = Uploader(chat, va, created["uploadUrl"])
    await uploader.patch(0, b"1234")
    assert (await uploader.delete()).status_code == 204
    assert (await uploader.head()).status_code == 410
    assert (await uploader.patch(4, b"5")).status_code == 410
    assert (await uploader.delete()).status_code == 410
    assert (await va.get(f"/api/chat/files/{created['fileId']}/state")).code == "not_found"


async def test_what_the_protocol_forbids_is_refused_by_its_numbers(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    uploader = Uploader(chat, va, (await announce(va, room_id, 10))["uploadUrl"])
    assert (await uploader.patch(0, b"1", Content_Type="application/json")).status_code == 415
    response = await uploader.patch(0, b"1", Tus_Resumable="0.2.2")
    assert (response.status_code, response.headers["Tus-Version"]) == (412, "1.0.0")
    for offset in ("", "-1", "1.5", "one", "9" * 40):
        assert (await uploader.patch(0, b"1", Upload_Offset=offset)).status_code == 400
    assert await uploader.offset() == 0


async def test_a_method_may_be_said_in_a_header(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    uploader = Uploader(chat, va, (await announce(va, room_id, 4))["uploadUrl"])
    headers = {"Authorization": f"Bearer {va.token}", "X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    assert (await chat.http.post(uploader.url, content=b"1234", headers=headers | STREAM)).status_code == 204
    assert await uploader.offset() == 4
    headers["X-HTTP-Method-Override"] = "TRACE"
    assert (await chat.http.post(uploader.url, headers=headers | TUS)).status_code == 400


async def test_an_upload_is_its_owner_s_alone(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    created = await announce(va, room_id, 10)
    other = Uploader(chat, company, created["uploadUrl"])
    assert (await other.head()).status_code == 404
    assert (await other.patch(0, b"1")).status_code == 404
    assert (await other.delete()).status_code == 404
    assert (await company.get(f"/api/chat/files/{created['fileId']}/state")).code == "not_found"
    stranger = await chat.http.patch(created["uploadUrl"], content=b"1", headers=STREAM | {"Upload-Offset": "0"})
    assert stranger.status_code == 401
    assert await Uploader(chat, va, created["uploadUrl"]).offset() == 0


async def test_its_owner_is_told_how_far_a_file_is(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client, other = await va.connect(), await company.connect()
    file_id = await upload(chat, va, room_id, b"some text")
    for state in ("processing", "ready"):
        assert await client.wait_for("file_updated") == {"fileId": file_id, "state": state, "reason": None}
    await other.catch_up()
    assert other.received("file_updated") == []


async def test_who_is_no_member_or_may_not_send_announces_nothing(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    stranger = await chat.person("Eve")
    body = {"name": "x", "size": 1}
    check_answer(await stranger.post(f"/api/chat/rooms/{room_id}/files", body), "access_denied")
    assert (await company.put(f"/api/users/{va.id}/block", {"blocked": True})).status == 200
    check_answer(await va.post(f"/api/chat/rooms/{room_id}/files", body), "room_blocked")


async def test_bad_announcements_are_refused(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    path = f"/api/chat/rooms/{room_id}/files"
    for value in [*WRONG_TYPES["text"], "", None, "x" * 1001]:
        check_answer(await va.post(path, {"name": value, "size": 1}), "bad_request")
    for value in [*WRONG_TYPES["number"], 0]:
        check_answer(await va.post(path, {"name": "x", "size": value}), "bad_request")
    answer = await va.post(path, {"name": "x", "size": 25 * 2**20 + 1})
    assert (answer.status, answer.code, answer.envelope["details"]) == (413, "too_large", {"maxBytes": 25 * 2**20})
    for strange in STRANGE_IDS:
        if strange.isprintable() and len(strange) < 1000 and "/" not in strange and strange not in ("", "%"):
            check_answer(await va.get(f"/api/chat/files/{strange}/state"), "bad_request", "not_found")


async def test_names_are_made_harmless(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    names = {
        "../../etc/passwd": "_.._etc_passwd",
        "two\r\nlines.txt": "two lines.txt",
        "\u202egpj.exe": "gpj.exe",
        "C:\\temp\\a.txt": "C__temp_a.txt",
        "...": "file",
    }
    for name, kept in names.items():
        message = await send_file(chat, va, room_id, b"text", name)
        assert message["attachments"][0]["name"] == kept


async def test_a_person_s_day_has_an_end(start_chat: StartChat) -> None:
    async with start_chat(HYRED_MAX_FILE_BYTES_PER_DAY="100", HYRED_MAX_FILE_BYTES="60") as chat:
        va, company, room_id = await chat.pair()
        path = f"/api/chat/rooms/{room_id}/files"
        created = await announce(va, room_id, 60)
        assert (await Uploader(chat, va, created["uploadUrl"]).delete()).status_code == 204
        answer = await va.post(path, {"name": "x", "size": 41})
        assert (answer.status, answer.code) == (429, "rate_limited")
        assert 86_000 < int(answer.headers["Retry-After"]) <= 86_400
        assert (await va.post(path, {"name": "x", "size": 40})).status == 200
        assert (await company.post(path, {"name": "x", "size": 60})).status == 200


async def test_a_file_that_became_smaller_counts_as_what_it_is(start_chat: StartChat) -> None:
    async with start_chat(HYRED_MAX_FILE_BYTES_PER_DAY="100", HYRED_MAX_FILE_BYTES="60") as chat:
        va, _, room_id = await chat.pair()
        path = f"/api/chat/rooms/{room_id}/files"
        uploader = Uploader(chat, va, (await announce(va, room_id, 60))["uploadUrl"])
        assert (await va.post(path, {"name": "x", "size": 41})).code == "rate_limited"
        assert (await uploader.patch(0, b"x", Upload_Length="59")).status_code == 204
        assert (await va.post(path, {"name": "x", "size": 42})).code == "rate_limited"
        assert (await va.post(path, {"name": "x", "size": 41})).status == 200


async def test_what_is_never_sent_is_removed(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    file_id = await ready_file(chat, va, room_id, b"text")
    await chat.database.execute("UPDATE files SET expires_at = now() - interval '1 s' WHERE id = $1", file_id)
    assert (await Uploader(chat, va, f"/api/chat/files/{file_id}/upload").head()).status_code == 410
    answer = await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": "", "attachments": [file_id]})
    assert answer.code == "not_found"


async def test_a_server_that_stops_ends_transfers_in_order_and_keeps_what_came(database_url: str) -> None:
    content = os.urandom(20_000_000)  # more than the kernel takes of what nobody reads
    async with start_server(database_url) as server, chat_on(server) as chat:
        va, _, room_id = await chat.pair()
        message = await send_file(chat, va, room_id, content)
        uploader = Uploader(chat, va, (await announce(va, room_id, len(content)))["uploadUrl"])
        is_under_way = asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            yield content[:SEGMENT_BYTES]
            is_under_way.set()
            await asyncio.Event().wait()

        uploading = asyncio.create_task(uploader.patch(0, slowly(), Content_Length=str(len(content))))
        await is_under_way.wait()
        async with chat.http.stream("GET", message["attachments"][0]["url"]) as download:
            parts = download.aiter_raw(1000)
            await anext(parts)
            assert await server.stop() == 0
        uploading.cancel()
        await asyncio.wait([uploading])
        assert not server.faults(), "\n".join(server.log)
        async with start_server(database_url, PORT=server.port):
            offset = await uploader.offset()
            assert offset <= SEGMENT_BYTES
            assert (await uploader.patch(offset, content[offset:])).status_code == 204
            assert (await load(chat, message["attachments"][0]["url"])).content == content
