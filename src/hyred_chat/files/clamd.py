"""A virus scanner that speaks clamd's protocol: what is in a file is sent to it, and it says what it is.

Nothing passes that it has not seen: where it cannot be asked, files wait.
"""

import asyncio
import struct
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hyred_chat.errors import UnavailableError

_CHUNK_BYTES: Final = 131_072
_CONNECT_SECONDS: Final = 5.0
_SCAN_SECONDS: Final = 120.0
_MAX_ANSWER_BYTES: Final = 4096


class ScanFailedError(Exception):
    """The scanner has looked, and could not say what it is."""


class Clamd:
    """A scanner, at `tcp://host:port` or `unix:/socket`."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def find_virus(self, path: Path) -> str | None:
        """The name of what was found in a file; None: nothing.

        Raises:
            UnavailableError: the scanner cannot be asked.
            ScanFailedError: it cannot say, as of a file that is larger than it takes (`StreamMaxLength`).
        """
        answer = await self._ask(b"zINSTREAM\0", path)
        _, _, said = answer.partition(": ")
        if said == "OK":
            return None
        if said.endswith(" FOUND"):
            return said.removesuffix(" FOUND")
        raise ScanFailedError(answer)

    async def check(self) -> None:
        """Raises `UnavailableError` when the scanner does not answer."""
        if await self._ask(b"zPING\0") != "PONG":
            raise UnavailableError("The virus scanner answers something else than clamd does.")

    async def _ask(self, command: bytes, path: Path | None = None) -> str:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                reader, writer = await self._connect()
            try:
                async with asyncio.timeout(_SCAN_SECONDS):
                    writer.write(command)
                    if path is not None:
                        await _send(path, writer)
                    await writer.drain()
                    answer = await reader.readuntil(b"\0")
            except ConnectionResetError:
                # It has said why, and read no further.
                answer = await reader.read(_MAX_ANSWER_BYTES)
            finally:
                writer.transport.abort()
        except (OSError, EOFError, asyncio.LimitOverrunError) as error:  # a time-out is an OSError
            raise UnavailableError("The virus scanner does not answer.") from error
        return answer.rstrip(b"\0\n").decode(errors="replace")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._url.startswith("unix:"):
            return await asyncio.open_unix_connection(self._url.removeprefix("unix:"), limit=_MAX_ANSWER_BYTES)
        parts = urlsplit(self._url)
        return await asyncio.open_connection(parts.hostname, parts.port, limit=_MAX_ANSWER_BYTES)


async def _send(path: Path, writer: asyncio.StreamWriter) -> None:
    """What is in a file, each part behind its length, and an empty one at the end."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while part := await asyncio.to_thread(file.read, _CHUNK_BYTES):
            writer.write(struct.pack(">I", len(part)) + part)
            await writer.drain()
    writer.write(struct.pack(">I", 0))
