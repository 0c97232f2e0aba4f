"""Uploads with tus-js-client, which most clients use: as it is, and cut off again and again."""

import asyncio
import json
import os
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.files import announce, load, wait_until_examined
from tests.acceptance.people import Chat, Person
from tests.faulty_proxy import tunnel

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).parent / "js" / "upload.mjs"
PATIENCE_SECONDS = 30.0
MOST_CUTS = 5


async def upload(
    person: Person, url: str, content: bytes, *, chunk_bytes: int = 0, is_deferred: bool = False
) -> list[dict[str, Any]]:
    """What the client says. `is_deferred`: it says how long the file is where it ends."""
    missing = shutil.which("node") is None or not (ROOT / "node_modules" / "tus-js-client").is_dir()
    if missing and os.environ.get("CI") != "true":
        pytest.skip("node, or the official client of tus, is not installed: run `npm ci`")
    process = await asyncio.create_subprocess_exec(
        "node",
        str(SCRIPT),
        url,
        person.token,
        str(chunk_bytes),
        "deferred" if is_deferred else "",
        stdin=PIPE,
        stdout=PIPE,
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        said, _ = await process.communicate(content)
    return [json.loads(line) for line in said.splitlines()]


async def check(chat: Chat, person: Person, room_id: str, file_id: str, content: bytes) -> None:
    """The file is what was uploaded."""
    assert (await wait_until_examined(person, file_id))["state"] == "ready"
    message = await person.post_message(room_id, "", attachments=[file_id])
    assert (await load(chat, message["attachments"][0]["url"])).content == content


@pytest.mark.parametrize("chunk_bytes", [0, 300_000], ids=["whole", "in chunks"])
async def test_the_official_client_uploads_as_it_is(chat: Chat, chunk_bytes: int) -> None:
    va, _, room_id = await chat.pair()
    content = os.urandom(1_000_000)
    created = await announce(va, room_id, len(content))
    said = await upload(va, chat.server.url + created["uploadUrl"], content, chunk_bytes=chunk_bytes)
    assert said == [{"event": "success"}]
    await check(chat, va, room_id, created["fileId"], content)


@pytest.mark.parametrize("chunk_bytes", [0, 250_000], ids=["whole", "in chunks"])
async def test_the_official_client_says_at_the_end_how_long_a_file_is(chat: Chat, chunk_bytes: int) -> None:
    va, _, room_id = await chat.pair()
    content = os.urandom(1_000_000)
    created = await announce(va, room_id, 3_000_000)
    url = chat.server.url + created["uploadUrl"]
    assert await upload(va, url, content, chunk_bytes=chunk_bytes, is_deferred=True) == [{"event": "success"}]
    await check(chat, va, room_id, created["fileId"], content)


async def test_the_official_client_goes_on_by_itself_when_it_is_cut_off(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    content = os.urandom(12_000_000)
    created = await announce(va, room_id, len(content))
    cuts = 0
    async with tunnel(chat.server.url) as proxy:
        uploading = asyncio.create_task(upload(va, proxy.url + created["uploadUrl"], content))
        received = 0
        while not uploading.done() and cuts < MOST_CUTS:
            now = await chat.database.fetchval("SELECT received FROM files WHERE id = $1", created["fileId"])
            if now > received:
                received = now
                cuts += 1
                proxy.cut()
        assert await uploading == [{"event": "success"}]
    assert cuts > 1
    await check(chat, va, room_id, created["fileId"], content)


async def test_the_official_client_is_told_that_an_upload_is_somebody_else_s(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    created = await announce(va, room_id, 10)
    said = await upload(company, chat.server.url + created["uploadUrl"], bytes(10))
    assert said[-1]["event"] == "error"
