"""Files in a store that speaks S3: for people, nothing is different."""

from collections.abc import AsyncIterator

import pytest

from tests.acceptance.conftest import StartChat
from tests.acceptance.files import Uploader, announce, load, picture, send_file, wait_until_examined
from tests.acceptance.people import Chat
from tests.integration.files.s3 import KEYS, speaking_s3


@pytest.fixture(scope="module")
async def standing_chat(start_chat: StartChat) -> AsyncIterator[Chat]:
    """A server whose files are in a bucket."""
    with speaking_s3() as endpoint:
        where = {"HYRED_FILES_URL": "s3://files/chat", "AWS_ENDPOINT_URL": endpoint, **KEYS}
        async with start_chat(**where) as chat:
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
    message = await send_file(chat, va, room_id, picture(1000, 900), "a.jpg")
    [attachment] = message["attachments"]
    addresses = [attachment[name] for name in ("url", "previewUrl", "largePreviewUrl")]
    assert [(await load(chat, address)).status_code for address in addresses] == [200, 200, 200]
    assert (await va.request("DELETE", f"/api/chat/messages/{message['id']}")).status == 200
    assert [(await load(chat, address)).status_code for address in addresses] == [404, 404, 404]
