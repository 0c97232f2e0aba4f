"""Whatever is uploaded: a running server lives on within its bounds, says why, and keeps nothing of what it refuses."""

import io
import re
import unicodedata
import zipfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from PIL import Image

from tests.acceptance.bad_input import check_refusal
from tests.acceptance.conftest import StartChat
from tests.acceptance.files import Uploader, announce, load, send_file, upload, wait_until_examined
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import files_url_of
from tests.acceptance.test_file_addresses import HTML, SVG, check_harmless
from tests.unit.files.corpus import SECRET, document, nested_archive, photograph, picture, refused

# What the server may take more than before, at any moment, and the process that looks, when it has looked.
MAX_MORE_BYTES = 96 * 2**20
MAX_EXAMINER_BYTES = 200 * 2**20
OCTETS = "application/octet-stream"


class Watched:
    """A server's processes and folders, past the server."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._process = psutil.Process(chat.server.process.pid)
        self._folder = Path(files_url_of(chat.server.database_url).removeprefix("file:"))
        self._peak_before = self._peak_bytes()

    async def check(self) -> None:
        """The server answers, is no larger than it may be, and has nothing left of what it has looked at."""
        assert (await self._chat.http.get("/api/health/ready")).status_code == 200
        assert self._peak_bytes() < self._peak_before + MAX_MORE_BYTES
        examiners = [each for each in self._process.children() if "hyred_chat.files.examiner" in each.cmdline()]
        assert len(examiners) <= 1
        for each in examiners:
            assert each.memory_info().rss < MAX_EXAMINER_BYTES
            assert len(each.children()) <= 1, "who waits for the next file"
        assert list((self._folder / ".work").iterdir()) == []

    def kept(self) -> dict[str, list[str]]:
        """The objects in the store, by the ids of their files."""
        kept: dict[str, list[str]] = {}
        for path in self._paths():
            kept.setdefault(path.parent.name, []).append(path.name)
        return kept

    def holds(self, text: bytes) -> bool:
        """Whether any object has it."""
        return any(text in path.read_bytes() for path in self._paths())

    def _paths(self) -> list[Path]:
        return [path for path in self._folder.rglob("*") if path.is_file()]

    def _peak_bytes(self) -> int:
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


@pytest.fixture(scope="module")
async def standing_chat(start_chat: StartChat) -> AsyncIterator[Chat]:
    """A server whose store nobody else uses."""
    async with start_chat() as chat:
        yield chat


@pytest.fixture
async def watched(chat: Chat) -> Watched:
    va, _, room_id = await chat.pair()
    await send_file(chat, va, room_id, picture(), "first.jpg")  # by now everything is loaded
    return Watched(chat)


async def test_bombs_and_broken_files_are_refused_with_a_reason_and_leave_nothing(chat: Chat, watched: Watched) -> None:
    va, _, room_id = await chat.pair()
    client, before = await va.connect(), watched.kept()
    for number, (content, reason) in enumerate(refused()):
        file_id = await upload(chat, va, room_id, content, f"{number}.jpg")
        sent = await client.send(room_id, f"Beside number {number}")
        assert sent["content"] == f"Beside number {number}"
        assert await wait_until_examined(va, file_id) == {"fileId": file_id, "state": "refused", "reason": reason}
        answer = await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": "", "attachments": [file_id]})
        assert (answer.status, answer.code, answer.envelope["details"]) == (409, "file_refused", {"reason": reason})
        await watched.check()
    assert watched.kept() == before


def archive_of(count: int) -> bytes:
    """An archive of so many empty files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for number in range(count):
            file.writestr(f"{number}", b"")
    return archive.getvalue()


# What each is called and said to be, what it is, and what is kept of it: its name, its kind and its type.
LIES: dict[str, tuple[str, str, bytes, tuple[str, str, str]]] = {
    "HTML called a picture": ("photo.jpg", "image/jpeg", HTML, ("photo.jpg", "file", OCTETS)),
    "SVG called a picture": ("photo.png", "image/png", SVG, ("photo.png", "file", OCTETS)),
    "SVG with a mark": ("drawing.svg", "image/svg+xml", b"\xef\xbb\xbf" + SVG, ("drawing.svg", "file", OCTETS)),
    "HTML called a document": ("cv.pdf", "application/pdf", HTML, ("cv.pdf", "file", OCTETS)),
    "HTML behind spaces": ("a.txt", "text/plain", b" \n" * 300 + HTML, ("a.txt", "file", OCTETS)),
    "a picture called a page": ("page.html", "text/html", picture("PNG"), ("page.png", "image", "image/png")),
    "a document called a picture": ("cv.jpg", "image/jpeg", document(), ("cv.pdf", "pdf", "application/pdf")),
    "a program called a song": ("a.mp3", "audio/mpeg", b"MZ\x90\0" + bytes(200), ("a.mp3", "file", OCTETS)),
    "a picture and an archive": (
        "a.jpg", "image/jpeg", picture() + nested_archive(1000) + HTML, ("a.jpg", "image", "image/jpeg"),
    ),
    "a document and a page": ("a.pdf", "application/pdf", document() + HTML, ("a.pdf", "pdf", "application/pdf")),
    "archives in archives": (
        "a.zip", "application/zip", nested_archive(50 * 2**20), ("a.zip", "file", "application/zip"),
    ),
    "an archive of very many files": ("a.zip", "", archive_of(20_000), ("a.zip", "file", "application/zip")),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
async def test_a_file_is_what_its_bytes_are_and_runs_nowhere(
    chat: Chat, watched: Watched, lie: tuple[str, str, bytes, tuple[str, str, str]]
) -> None:
    name, said, content, kept = lie
    va, company, room_id = await chat.pair()
    attachment = await send(chat, va, room_id, content, name, contentType=said)
    assert (attachment["name"], attachment["kind"], attachment["contentType"]) == kept
    [message] = await company.history(room_id)
    for address in addresses_of(message["attachments"][0]):
        response = await load(chat, address)
        check_harmless(response.headers)
        if attachment["kind"] == "image":
            assert b"<script" not in response.content
        if attachment["kind"] == "file":
            assert response.content == content
            assert response.headers["Content-Disposition"].startswith("attachment;")
            assert not response.headers["Content-Type"].startswith(("text/", "image/"))
    await watched.check()


async def send(chat: Chat, person: Person, room_id: str, content: bytes, name: str, **fields: Any) -> dict[str, Any]:
    """The Attachment of what was sent with a message."""
    file_id = await upload(chat, person, room_id, content, name, **fields)
    assert await wait_until_examined(person, file_id) == {"fileId": file_id, "state": "ready", "reason": None}
    attachment: dict[str, Any] = (await person.post_message(room_id, "", attachments=[file_id]))["attachments"][0]
    return attachment


def addresses_of(attachment: dict[str, Any]) -> list[str]:
    return [attachment[name] for name in ("url", "previewUrl", "largePreviewUrl") if attachment[name]]


NAMES = [
    "two\r\nSet-Cookie: a=b\r\n\r\n<script>.txt", "a\nb", "a\u2028b\u2029c\u0085d.txt", "\u202ecod.exe",
    "a\u2066b\u2069.txt", "\u061ca\u200f.txt",
    "../../../etc/passwd", "..\\..\\windows\\system.ini", "/etc/passwd", "C:\\a.txt", "a/../../b", "....//a", "..", ".",
    "nul\0l.txt", "\x1b[31mred.txt", 'quo"te; filename=evil.exe', "per%2fcent%0d%0a.txt", "'; rm -rf /", "\u200b\u200b",
    ".htaccess", "\ufeffa.txt", "a" * 1000, "é" * 400 + ".txt", "a" + "\u0301" * 900, "😀" * 300, "con", "a\tb.txt",
]  # fmt: skip
# Nothing ends what is in quotation marks, and the rest is a token (RFC 8187).
DISPOSITION = re.compile(r"""attachment; filename="[ -!#-$&-\[\]-~]+"; filename\*=UTF-8''[A-Za-z0-9%._~-]+""")


async def test_no_name_leads_anywhere_or_breaks_a_header(chat: Chat, watched: Watched) -> None:
    va, _, room_id = await chat.pair()
    for name in NAMES:
        attachment = await send(chat, va, room_id, b"text", name)
        kept = attachment["name"]
        assert 1 <= len(kept) <= 200, ascii(name)
        assert not set(kept) & set('/\\:*?"<>|'), ascii(kept)
        assert kept.strip(" .") == kept, ascii(kept)
        assert not [each for each in kept if unicodedata.category(each) in {"Cc", "Zl", "Zp"}], ascii(kept)
        assert not [each for each in kept if unicodedata.category(each) == "Cf" and each != "\u200d"], ascii(kept)
        headers = (await load(chat, attachment["url"])).headers
        assert "Set-Cookie" not in headers
        assert DISPOSITION.fullmatch(headers["Content-Disposition"]), ascii(name)
        check_harmless(headers)
    await watched.check()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
async def test_nothing_that_a_photograph_says_besides_is_told_or_kept(chat: Chat, watched: Watched, kind: str) -> None:
    va, _, room_id = await chat.pair()
    content = photograph(kind)
    assert SECRET.encode() in content
    attachment = await send(chat, va, room_id, content, "photo")
    for address in addresses_of(attachment):
        response = await load(chat, address)
        assert SECRET.encode() not in response.content
        with Image.open(io.BytesIO(response.content)) as shown:
            assert dict(shown.getexif()) == {}
    assert not watched.holds(SECRET.encode())
    await watched.check()


async def test_lies_about_a_size_are_refused_and_keep_nothing(chat: Chat, watched: Watched) -> None:
    va, _, room_id = await chat.pair()
    before = watched.kept()
    uploader = Uploader(chat, va, (await announce(va, room_id, 1_000))["uploadUrl"])

    async def pour(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield bytes(1_000)

    for body in (bytes(1_001), bytes(500_000), pour(2), pour(500)):
        response = await uploader.patch(0, body)
        assert response.status_code == 413
        check_refusal(response.json(), "too_large")
        assert await uploader.offset() == 0
    for body in (bytes(5_000_000), pour(5_000)):
        with suppress(httpx.TransportError):  # so much more is not waited for: the connection is cut
            await uploader.patch(0, body)
        assert await uploader.offset() == 0
    assert (await uploader.delete()).status_code == 204
    await watched.check()
    assert watched.kept() == before
