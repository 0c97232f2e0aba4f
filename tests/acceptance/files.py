"""Files in tests: made, uploaded by the protocol's own rules, and sent."""

import asyncio
import io
import time
from typing import Any, Final
from urllib.parse import urljoin

import httpx
from PIL import Image

from tests.acceptance.client import PATIENCE_SECONDS
from tests.acceptance.people import Chat, Person

TUS: Final = {"Tus-Resumable": "1.0.0"}
STREAM: Final = TUS | {"Content-Type": "application/offset+octet-stream"}


def picture(width: int = 60, height: int = 40, kind: str = "JPEG", **options: Any) -> bytes:
    """A picture whose upper left quarter is red, and the rest blue."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height // 2))
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


async def announce(person: Person, room_id: str, size: int, name: str = "file.bin", **fields: Any) -> dict[str, Any]:
    """`{fileId, uploadUrl, expiresAt}`."""
    created: dict[str, Any] = (
        await person.post(f"/api/chat/rooms/{room_id}/files", {"name": name, "size": size, **fields})
    ).data
    return created


class Uploader:
    """What somebody sends by tus, as it is answered.

    Args:
        url: of another server than the one that the person is on.
    """

    def __init__(self, chat: Chat, person: Person, upload_url: str, url: str | None = None) -> None:
        self._http = chat.http
        self._token = {"Authorization": f"Bearer {person.token}"}
        self.url = urljoin(url or chat.server.url, upload_url)

    async def head(self) -> httpx.Response:
        return await self._http.head(self.url, headers=self._token | TUS)

    async def offset(self) -> int:
        response = await self.head()
        assert response.status_code == 200, response.text
        return int(response.headers["Upload-Offset"])

    async def patch(self, offset: int, body: Any, **headers: str | bytes) -> httpx.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent: Any = {**self._token, **STREAM, "Upload-Offset": str(offset), **given}
        return await self._http.patch(self.url, content=body, headers=sent)

    async def delete(self) -> httpx.Response:
        return await self._http.delete(self.url, headers=self._token | TUS)


async def upload(
    chat: Chat, person: Person, room_id: str, content: bytes, name: str = "file.bin", **fields: Any
) -> str:
    """The id of a file that is there whole, and being examined."""
    created = await announce(person, room_id, len(content), name, **fields)
    response = await Uploader(chat, person, created["uploadUrl"]).patch(0, content)
    assert response.status_code == 204, response.text
    file_id: str = created["fileId"]
    return file_id


async def wait_until_examined(person: Person, file_id: str, path: str = "") -> dict[str, Any]:
    """Its state, when it is `ready` or `refused`."""
    deadline = time.monotonic() + 3 * PATIENCE_SECONDS
    while True:
        state: dict[str, Any] = (await person.get(f"{path}/api/chat/files/{file_id}/state")).data
        if state["state"] not in ("uploading", "processing"):
            return state
        assert time.monotonic() < deadline, state
        await asyncio.sleep(0.02)  # between two questions; nothing tells over REST


async def ready_file(chat: Chat, person: Person, room_id: str, content: bytes, name: str = "file.bin") -> str:
    """The id of a file that can be sent."""
    file_id = await upload(chat, person, room_id, content, name)
    state = await wait_until_examined(person, file_id)
    assert state == {"fileId": file_id, "state": "ready", "reason": None}
    return file_id


async def send_file(chat: Chat, person: Person, room_id: str, content: bytes, name: str = "file.bin") -> dict[str, Any]:
    """The Message of a file."""
    file_id = await ready_file(chat, person, room_id, content, name)
    return await person.post_message(room_id, "", attachments=[file_id])


async def load(chat: Chat, url: str, **headers: str) -> httpx.Response:
    """What an address leads to, without any token."""
    return await chat.http.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def files_of(person: Person, room_id: str, **params: Any) -> list[dict[str, Any]]:
    """The attachments of a conversation, the newest first."""
    listed = (await person.get(f"/api/chat/rooms/{room_id}/files", **params)).data
    return [each["attachment"] for each in listed]
