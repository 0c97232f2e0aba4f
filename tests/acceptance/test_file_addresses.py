"""Addresses of files: for one person, for an hour, while they may read the message."""

import io
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from PIL import Image

from hyred_chat.files.attachments import LIFE_SECONDS, address_of, sign
from tests.acceptance.conftest import StartChat
from tests.acceptance.files import files_of, load, picture, ready_file, send_file
from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.test_erasure import erase
from tests.acceptance.test_limits import check_rate_limited

HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'


async def addresses_of(people: list[Person], room_id: str) -> list[str]:
    """All addresses of a room that these people are given."""
    addresses = []
    for person in people:
        for attachment in await files_of(person, room_id):
            addresses += [attachment[name] for name in ("url", "previewUrl", "largePreviewUrl") if attachment[name]]
    return addresses


async def test_whoever_leaves_gets_nothing_more_by_any_address(chat: Chat) -> None:
    people = [await chat.person(name) for name in ("Ana", "Ben", "Cleo")]
    room_id = await chat.room(*people)
    await send_file(chat, people[0], room_id, picture(2100, 900), "a.jpg")
    await send_file(chat, people[1], room_id, b"text", "b.txt")
    by_person = {person.id: await addresses_of([person], room_id) for person in people}
    assert all(len(addresses) == 4 for addresses in by_person.values())
    assert len(set().union(*by_person.values())) == 12, "each has addresses of their own"
    for addresses in by_person.values():
        assert [(await load(chat, address)).status_code for address in addresses] == [200] * 4
    await chat.save_room(people[:2], id=room_id, type="group")
    for person, status in zip(people, (200, 200, 404), strict=True):
        assert {(await load(chat, address)).status_code for address in by_person[person.id]} == {status}
    await chat.save_room(people, id=room_id, type="group")
    assert {(await load(chat, address)).status_code for address in by_person[people[2].id]} == {200}
    await chat.provision(people[1], disabled=True)
    assert {(await load(chat, address)).status_code for address in by_person[people[1].id]} == {404}


async def test_what_was_deleted_is_out_of_reach_at_once_and_its_bytes_go(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await send_file(chat, va, room_id, picture(), "a.jpg")
    addresses = await addresses_of([va, company], room_id)
    answer = await va.request("DELETE", f"/api/chat/messages/{message['id']}")
    assert answer.data["attachments"] == []
    assert {(await load(chat, address)).status_code for address in addresses} == {404}
    assert await files_of(va, room_id) == []
    [read] = await company.history(room_id)
    assert read["attachments"] == []
    row: Any = await chat.database.fetchrow(
        "SELECT name, removed_at FROM files WHERE id = $1", message["attachments"][0]["id"]
    )
    assert (row["name"], row["removed_at"] is None) == ("", False)
    assert await chat.database.fetchval("SELECT attachments FROM messages WHERE id = $1", message["id"]) is None


async def test_an_erasure_takes_the_files_of_a_person_along(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await send_file(chat, va, room_id, picture(), "a.jpg")
    kept = await send_file(chat, company, room_id, b"text", "b.txt")
    unsent = await ready_file(chat, va, room_id, b"text", "never sent.txt")
    addresses = await addresses_of([company], room_id)
    await erase(chat, va)
    assert [each["id"] for each in await files_of(company, room_id)] == [kept["attachments"][0]["id"]]
    assert sorted([(await load(chat, address)).status_code for address in addresses]) == [200, 404, 404]
    left = "SELECT count(*) FROM files WHERE owner_id = $1 AND (removed_at IS NULL OR name <> '')"
    assert await chat.database.fetchval(left, va.id) == 0
    assert unsent


async def test_an_address_that_was_altered_prolonged_or_recombined_is_none(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await send_file(chat, va, room_id, picture(2100, 900), "a.jpg")
    other = await send_file(chat, va, room_id, picture(), "b.jpg")
    [mine] = message["attachments"]
    [theirs] = (await company.history(room_id))[0]["attachments"]
    parts = urlsplit(mine["url"])
    query = dict(parse_qsl(parts.query))
    stolen = dict(parse_qsl(urlsplit(theirs["url"]).query))
    wrong = [
        query | {"user": company.id},
        query | {"until": str(int(query["until"]) + 1)},
        query | {"until": str(int(query["until"]) - 1)},
        query | {"signature": stolen["signature"]},
        query | {"signature": query["signature"][:-1]},
        query | {"signature": ""},
        query | {"user": "somebody"},
    ]
    for fields in wrong:
        assert (await load(chat, f"{parts.path}?{urlencode(fields)}")).status_code == 404
    for path in (urlsplit(mine["previewUrl"]).path, urlsplit(other["attachments"][0]["url"]).path):
        assert (await load(chat, f"{path}?{parts.query}")).status_code == 404
    for query_text in ("", "user=x", "user=x&until=1", "user=x&until=a&signature=b", "user=&until=1&signature=b"):
        assert (await load(chat, f"{parts.path}?{query_text}")).status_code == 400
    assert (await load(chat, mine["url"])).status_code == 200


async def test_an_address_ends_after_an_hour(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    message = await send_file(chat, va, room_id, b"text")
    file_id = message["attachments"][0]["id"]
    key = await chat.database.fetchval("SELECT key FROM files WHERE id = $1", file_id)
    now = int(time.time())
    for now_was, status in ((now - LIFE_SECONDS - 900, 404), (now, 200), (now + 1800, 404)):
        address = address_of(file_id, key, "content", va.id, now=now_was)
        assert (await load(chat, address)).status_code == status
    until = now + 2 * LIFE_SECONDS
    forged = f"/api/chat/files/{file_id}/content?user={va.id}&until={until}"
    signature = sign(file_id, key, "content", va.id, until)
    assert (await load(chat, f"{forged}&signature={signature}")).status_code == 404


async def test_downloads_over_the_rate_are_refused_and_others_download_on(start_chat: StartChat) -> None:
    async with start_chat(HYRED_RATE_LIMIT_DOWNLOADS_BURST="3", HYRED_RATE_LIMIT_DOWNLOADS_PER_MINUTE="1") as chat:
        va, company, room_id = await chat.pair()
        await send_file(chat, va, room_id, b"text")
        [mine], [theirs] = await addresses_of([va], room_id), await addresses_of([company], room_id)
        for _ in range(3):
            assert (await load(chat, mine)).content == b"text"
        for _ in range(2):
            check_rate_limited(Answer(await load(chat, mine)))
        for _ in range(3):
            assert (await load(chat, theirs)).content == b"text"
        assert (await va.post_message(room_id, "It has a rate of its own."))["seq"] == 2


async def test_ranges_and_conditions_are_answered(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    content = bytes(range(256)) * 2000
    [attachment] = (await send_file(chat, va, room_id, content))["attachments"]
    size, url = len(content), attachment["url"]
    whole = await load(chat, url)
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    assert int(whole.headers["Content-Length"]) == size
    tag = whole.headers["ETag"]
    ranges = {
        "bytes=0-0": (0, 1),
        "bytes=5-9": (5, 10),
        "bytes=300000-": (300_000, size),
        "bytes=-7": (size - 7, size),
        f"bytes=10-{size * 2}": (10, size),
        f"bytes=-{size * 2}": (0, size),
    }
    for asked, (start, end) in ranges.items():
        part = await load(chat, url, Range=asked)
        assert (part.status_code, part.content) == (206, content[start:end])
        assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
    for asked in ("bytes=5-4", "bytes=0-1,3-4", "bytes=-", "lines=1-2", "bytes=a-b"):
        assert (await load(chat, url, Range=asked)).status_code == 200
    for asked in (f"bytes={size}-", "bytes=-0"):
        refused = await load(chat, url, Range=asked)
        assert (refused.status_code, refused.headers["Content-Range"]) == (416, f"bytes */{size}")
    for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        unchanged = await load(chat, url, If_None_Match=condition)
        assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", tag)
    assert (await load(chat, url, If_None_Match='"other"')).status_code == 200
    assert (await load(chat, url, Range="bytes=0-4", If_Range=tag)).status_code == 206
    assert (await load(chat, url, Range="bytes=0-4", If_Range='"other"')).status_code == 200
    head = await chat.http.head(url)
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, str(size), b"")


@pytest.mark.parametrize(
    ("content", "name"),
    [(HTML, "page.html"), (HTML, "photo.png"), (SVG, "drawing.svg"), (b"alert(1)", "a.js"), (b"%!PS", "a.pdf")],
    ids=["html", "html called png", "svg", "script", "no pdf"],
)
async def test_what_a_browser_could_run_is_downloaded_as_bytes(chat: Chat, content: bytes, name: str) -> None:
    va, _, room_id = await chat.pair()
    [attachment] = (await send_file(chat, va, room_id, content, name))["attachments"]
    assert (attachment["kind"], attachment["contentType"]) == ("file", "application/octet-stream")
    response = await load(chat, attachment["url"])
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    check_harmless(response.headers)


def check_harmless(headers: Mapping[str, str]) -> None:
    """What every file is sent with."""
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; frame-ancestors 'self'")
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Referrer-Policy"] == "no-referrer"


async def test_a_picture_is_shown_and_its_previews_are_smaller(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    [attachment] = (await send_file(chat, va, room_id, picture(3000, 2000, quality=95), "höhle.jpg"))["attachments"]
    assert (attachment["width"], attachment["height"], attachment["kind"]) == (3000, 2000, "image")
    sizes = {}
    for name in ("url", "previewUrl", "largePreviewUrl"):
        response = await load(chat, attachment[name])
        check_harmless(response.headers)
        assert response.headers["Content-Disposition"].startswith("inline;")
        with Image.open(io.BytesIO(response.content)) as shown:
            sizes[name] = (shown.format, *shown.size)
    assert sizes == {
        "url": ("JPEG", 3000, 2000),
        "previewUrl": ("WEBP", 800, 533),
        "largePreviewUrl": ("WEBP", 2000, 1333),
    }
    disposition = (await load(chat, attachment["url"])).headers["Content-Disposition"]
    assert disposition == "inline; filename=\"h_hle.jpg\"; filename*=UTF-8''h%C3%B6hle.jpg"
    assert attachment["size"] == len((await load(chat, attachment["url"])).content)
