"""Whatever is asked of files: the error with its code, in the protocol of uploads too, and nothing comes of it."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx
import pytest

from tests.acceptance.bad_input import COMBINING, STRANGE_IDS, UNKNOWN_ID, check_answer, check_refusal, snapshot
from tests.acceptance.files import STREAM, TUS, Uploader, announce, load, ready_file, send_file
from tests.acceptance.people import Answer, Chat, Person

# Those that are the id of a path, and not another path.
PATH_IDS = [quote(each, safe="", errors="surrogatepass") for each in STRANGE_IDS if each not in {"", "../.."}]
SIZE = 1000
METHODS = ("HEAD", "PATCH", "DELETE")


class World:
    """Somebody with a file that was sent, one that is ready, and one of which half has come."""

    def __init__(self, chat: Chat, person: Person, other: Person, room_id: str) -> None:
        self.chat, self.person, self.other, self.room_id = chat, person, other, room_id
        self.sent: dict[str, Any] = {}
        self.ready_id = self.upload_url = ""
        self._before: list[Any] = []

    async def prepare(self) -> None:
        message = await send_file(self.chat, self.person, self.room_id, b"text", "a.txt")
        self.sent = message["attachments"][0]
        self.ready_id = await ready_file(self.chat, self.person, self.room_id, b"text", "b.txt")
        self.upload_url = (await announce(self.person, self.room_id, SIZE))["uploadUrl"]
        assert (await self.uploader.patch(0, bytes(SIZE // 2))).status_code == 204
        self._before = await snapshot(self.chat)

    @property
    def uploader(self) -> Uploader:
        return Uploader(self.chat, self.person, self.upload_url)

    async def tus(self, method: str, path: str, **headers: Any) -> httpx.Response:
        """A good request of the protocol, with other headers."""
        given = {"Authorization": f"Bearer {self.person.token}", **STREAM, "Upload-Offset": str(SIZE // 2)} | headers
        sent = {name: value for name, value in given.items() if value is not None}
        return await self.chat.http.request(method, path, headers=sent, content=b"x" if method == "PATCH" else None)

    async def check_untouched(self) -> None:
        assert await snapshot(self.chat) == self._before
        assert await self.uploader.offset() == SIZE // 2
        assert (await self.uploader.patch(SIZE // 2, bytes(SIZE // 2))).status_code == 204
        assert (await load(self.chat, self.sent["url"])).content == b"text"


@pytest.fixture
async def world(chat: Chat) -> AsyncIterator[World]:
    world = World(chat, *await chat.pair())
    await world.prepare()
    yield world
    await world.check_untouched()


def check_tus(response: httpx.Response, *codes: str) -> None:
    """A refusal, which says which version of the protocol is spoken."""
    assert response.headers["Tus-Resumable"] == "1.0.0"
    if response.request.method == "HEAD":
        assert 400 <= response.status_code < 500
    else:
        check_answer(Answer(response), *codes)


@pytest.mark.parametrize("method", METHODS)
async def test_an_upload_that_there_is_not_looks_like_one_of_others(world: World, method: str) -> None:
    theirs = (await announce(world.other, world.room_id, SIZE))["uploadUrl"]
    world._before = await snapshot(world.chat)
    refused = await world.tus(method, theirs)
    check_tus(refused, "not_found")
    unknown = await world.tus(method, f"/api/chat/files/{UNKNOWN_ID}/upload")
    assert (unknown.status_code, unknown.content) == (refused.status_code, refused.content)
    for strange in PATH_IDS:
        if len(strange) < 1000:
            response = await world.tus(method, f"/api/chat/files/{strange}/upload")
            check_tus(response, "not_found", "bad_request")


# Of each header of a part, values that it should not have, and what they are answered with; None: it is not there.
WRONG_HEADERS: dict[str, list[tuple[set[str], list[str | bytes | None]]]] = {
    "Upload-Offset": [
        ({"bad_request"}, [None, "", "-1", "+500", "500.0", "five", "5e2", "0x1f4", "500,500", "500 500", "9" * 17,
                           "9" * 5000, "\u0663".encode(), b"\xff"]),
        ({"conflict"}, ["0", "499", "501", "1000", "1001", "9" * 15]),
    ],
    "Upload-Length": [
        ({"bad_request"}, ["", "-1", "+500", "1000.0", "five", "9" * 17, "\u0663".encode(), b"\xff", "0", "499"]),
        ({"too_large"}, ["1001", "9" * 15]),
    ],
    "Tus-Resumable": [({"unsupported_version"}, [None, "", "0.2.2", "1.0", "2.0.0", b"\xff"])],
    "Content-Type": [
        ({"unsupported_type"}, [None, "", "application/json", "application/offset+octet-stream; charset=utf-8", "x/y"]),
    ],
    "Upload-Checksum": [
        ({"bad_request", "checksum_mismatch"}, ["", "sha1", "sha1 !", "md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1" * 1000,
                                                "sha512 eA==", b"sha1 \xff"]),
    ],
    "Authorization": [({"unauthenticated"}, [None, "", "Bearer x", b"Bearer \xff"])],
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_HEADERS)
async def test_a_part_with_a_wrong_header_is_refused(world: World, name: str) -> None:
    for codes, values in WRONG_HEADERS[name]:
        for value in values:
            check_tus(await world.tus("PATCH", world.upload_url, **{name: value}), *codes)


async def test_a_method_that_is_none_of_the_protocol_is_refused(world: World) -> None:
    for override in ("", "GET", "POST", "TRACE", "x" * 1000, "PATCH,DELETE", b"\xff"):
        headers: Any = {"Authorization": f"Bearer {world.person.token}", "X-HTTP-Method-Override": override}
        response = await world.chat.http.post(world.upload_url, headers=headers | TUS | {"Upload-Offset": "0"})
        check_tus(response, "bad_request")


async def test_what_was_sent_ended_or_has_expired_takes_nothing_more(world: World) -> None:
    sent = f"/api/chat/files/{world.sent['id']}/upload"
    for method, codes in (("PATCH", ("conflict", "gone")), ("DELETE", ("conflict",))):
        check_tus(await world.tus(method, sent), *codes)
    ended, expired = [(await announce(world.person, world.room_id, SIZE))["uploadUrl"] for _ in range(2)]
    assert (await world.tus("DELETE", ended)).status_code == 204
    await world.chat.database.execute(
        "UPDATE files SET expires_at = now() - interval '1 s' WHERE id = $1", expired.split("/")[-2]
    )
    world._before = await snapshot(world.chat)
    for path in (ended, expired):
        check_tus(await world.tus("HEAD", path))
        check_tus(await world.tus("PATCH", path), "gone")
    check_tus(await world.tus("DELETE", ended), "gone")


async def test_the_state_of_a_file_is_its_owner_s_alone(world: World) -> None:
    for file_id in (world.sent["id"], world.ready_id):
        theirs = await world.other.get(f"/api/chat/files/{file_id}/state")
        check_answer(theirs, "not_found")
        assert theirs.envelope == (await world.other.get(f"/api/chat/files/{UNKNOWN_ID}/state")).envelope
    for strange in PATH_IDS:
        if len(strange) < 1000:
            check_answer(await world.person.get(f"/api/chat/files/{strange}/state"), "not_found", "bad_request")


ODD = ["", "\0", "a\0b", "x" * 129, "-1", "9" * 30, "1e3", "\u0663", "'", "%", "\ufffd"]


async def test_an_address_with_anything_else_in_it_leads_nowhere(world: World) -> None:
    parts = urlsplit(world.sent["url"])
    query = dict(parse_qsl(parts.query))
    for field in query:
        for value in ODD:
            response = await load(world.chat, f"{parts.path}?{urlencode(query | {field: value})}")
            check_answer(Answer(response), "bad_request", "not_found")
        without = urlencode({name: value for name, value in query.items() if name != field})
        check_answer(Answer(await load(world.chat, f"{parts.path}?{without}")), "bad_request")


async def test_an_address_of_another_file_or_variant_leads_nowhere(world: World) -> None:
    query = urlsplit(world.sent["url"]).query
    for strange in (*PATH_IDS, world.ready_id, UNKNOWN_ID):
        if len(strange) < 1000:
            response = await load(world.chat, f"/api/chat/files/{strange}/content?{query}")
            check_answer(Answer(response), "not_found", "bad_request")
    for variant in ("preview", "large", "source", "Content", "%00", "x" * 500, "..", "content%2f.."):
        response = await load(world.chat, f"/api/chat/files/{world.sent['id']}/{variant}?{query}")
        assert response.status_code in {400, 404}


QUERIES = [
    *(f"limit={limit}" for limit in ("0", "-1", "101", "", "ten", "1.5", "%00", "9" * 30)),
    *(f"cursor={cursor}" for cursor in ("", "x", ":", "1", "1:", "x:y", "1:%00", "-1:a", "9" * 30 + ":a", "x" * 201)),
    *(f"kind={kind}" for kind in ("", "movie", "IMAGE", "%00", "x" * 1000)),
]


async def test_a_list_of_files_out_of_bounds_is_refused(world: World) -> None:
    for query in QUERIES:
        check_answer(await world.person.get(f"/api/chat/rooms/{world.room_id}/files?{query}"), "bad_request")


async def test_words_for_a_file_of_a_hundred_thousand_combining_characters_are_refused(world: World) -> None:
    client = await world.person.connect()
    for text in (*COMBINING, "x" * 501, "\u200b", ""):
        body = {"content": "", "attachments": [{"id": world.ready_id, "alt": text}]}
        answer = await world.person.post(f"/api/chat/rooms/{world.room_id}/messages", body)
        check_answer(answer, "bad_request", "too_large")
        if len(text) < 1000:  # a socket with more in one packet is closed
            check_refusal(await client.call("send_message", {"chatRoomId": world.room_id, **body}), "bad_request")


async def test_a_file_that_there_is_not_is_sent_by_nobody(world: World) -> None:
    client = await world.person.connect()
    for value in STRANGE_IDS:
        for attachment in (value, {"id": value, "alt": "A fence"}):
            payload = {"chatRoomId": world.room_id, "content": "Look", "attachments": [attachment]}
            check_refusal(await client.call("send_message", payload), "bad_request", "not_found")
