"""Files in a store that speaks S3: for people, nothing is different."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest

from hyred_chat.files.uploads import SEGMENT_BYTES
from tests.acceptance.client import PATIENCE_SECONDS
from tests.acceptance.conftest import StartChat
from tests.acceptance.files import Uploader, announce, load, picture, send_file, wait_until_examined
from tests.acceptance.people import Chat
from tests.acceptance.server import start_server
from tests.integration.files.s3 import KEYS, speaking_s3


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """The settings of servers whose files are in it."""
    with speaking_s3() as endpoint:
        yield {"HYRED_FILES_URL": "s3://files/chat", "AWS_ENDPOINT_URL": endpoint, **KEYS}


@pytest.fixture(scope="module")
async def standing_chat(start_chat: StartChat, bucket: dict[str, str]) -> AsyncIterator[Chat]:
    """A server whose files are in a bucket."""
    async with start_chat(**bucket) as chat:
        yield chat


async def test_a_file_goes_in_and_comes_out_in_parts(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    content = bytes(range(256)) * 4000
    created = await announce(va, room_id, len(content))
    uploader = Uploader(chat, va, created["uploadUrl"])
    assert (await uploader.patch(0, content[:700_000])).status_code == 204
    assert await uploader.offset() == 700_000
    assert (await uploader.patch(700_000, content[700_000:])).status_code == 204
    assert (await wait_until_examined(va, created["fileId"]))["state"] == "ready"
    await va.post_message(room_id, "", attachments=[created["fileId"]])
    [message] = await company.history(room_id)
    url = message["attachments"][0]["url"]
    assert (await load(chat, url)).content == content
    part = await load(chat, url, Range="bytes=300000-300099")
    assert (part.status_code, part.content) == (206, content[300_000:300_100])


async def test_a_picture_has_its_previews_and_stops_when_it_is_deleted(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    message = await send_file(chat, va, room_id, picture(2100, 900), "a.jpg")
    [attachment] = message["attachments"]
    addresses = [attachment[name] for name in ("url", "previewUrl", "largePreviewUrl")]
    assert [(await load(chat, address)).status_code for address in addresses] == [200, 200, 200]
    assert (await va.request("DELETE", f"/api/chat/messages/{message['id']}")).status == 200
    assert [(await load(chat, address)).status_code for address in addresses] == [404, 404, 404]


async def test_an_upload_goes_on_at_another_process_when_the_one_that_took_it_is_killed(
    chat: Chat, bucket: dict[str, str]
) -> None:
    va, company, room_id = await chat.pair()
    content = os.urandom(5 * SEGMENT_BYTES)
    created = await announce(va, room_id, len(content))
    async with start_server(chat.server.database_url, **bucket) as second:
        there = Uploader(chat, va, created["uploadUrl"], second.url)
        all_sent = asyncio.Event()

        async def parts() -> AsyncIterator[bytes]:
            yield content[: 3 * SEGMENT_BYTES + 1000]
            all_sent.set()
            await asyncio.Event().wait()  # the rest never comes: the server is killed

        sending = asyncio.create_task(there.patch(0, parts()))
        here = Uploader(chat, va, created["uploadUrl"])
        async with asyncio.timeout(PATIENCE_SECONDS):
            await all_sent.wait()
            while await here.offset() < 3 * SEGMENT_BYTES:  # noqa: ASYNC110  # nobody tells the other process
                await asyncio.sleep(0.02)
        await second.kill()
        sending.cancel()
    offset = await here.offset()
    assert 3 * SEGMENT_BYTES <= offset <= 3 * SEGMENT_BYTES + 1000, "what was written down"
    assert (await here.patch(offset, content[offset:])).status_code == 204
    assert (await wait_until_examined(va, created["fileId"]))["state"] == "ready"
    sent = await va.post_message(room_id, "", attachments=[created["fileId"]])
    [message] = await company.history(room_id)
    async with start_server(chat.server.database_url, **bucket) as third:
        for server in (chat.server, third):
            read = await chat.http.get(server.url + message["attachments"][0]["url"])
            assert read.content == content
            part = await chat.http.get(
                server.url + sent["attachments"][0]["url"], headers={"Range": f"bytes={offset - 2}-{offset + 1}"}
            )
            assert (part.status_code, part.content) == (206, content[offset - 2 : offset + 2])
