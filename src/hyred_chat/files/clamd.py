"""A virus scanner that speaks clamd's protocol: what is in a file is sent to it, and it says what it is.

Nothing passes that it has not seen: where it cannot be asked, files wait.
"""

import asyncio
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
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
                connection = await self._connect()
            with connection:
                async with asyncio.timeout(_SCAN_SECONDS):
                    # It reads no further than it takes, says so, and closes: what it has said can still be read.
                    with suppress(BrokenPipeError, ConnectionResetError):
                        await _send(command, path, connection)
                    answer = await _read_answer(connection)
        except (OSError, EOFError) as error:  # a time-out is an OSError
            raise UnavailableError("The virus scanner does not answer.") from error
        return answer.rstrip(b"\0\n").decode(errors="replace")

    async def _connect(self) -> socket.socket:
        if self._url.startswith("unix:"):
            return await _connected(socket.AF_UNIX, self._url.removeprefix("unix:"))
        parts = urlsplit(self._url)
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
        failure: OSError | None = None
        for family, *_, address in found:
            try:
                return await _connected(family, address)
            except OSError as error:
                failure = error
        raise failure or OSError("The virus scanner has no address.")


async def _connected(family: int, address: Any) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


async def _send(command: bytes, path: Path | None, connection: socket.socket) -> None:
    """A command, and what is in a file, each part behind its length, with an empty one at the end."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, command)
    if path is None:
        return
    with await asyncio.to_thread(path.open, "rb") as file:
        while part := await asyncio.to_thread(file.read, _CHUNK_BYTES):
            await loop.sock_sendall(connection, struct.pack(">I", len(part)) + part)
    await loop.sock_sendall(connection, struct.pack(">I", 0))


async def _read_answer(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\0"):
        part = await asyncio.get_running_loop().sock_recv(connection, _MAX_ANSWER_BYTES)
        answer += part
        if not part or len(answer) > _MAX_ANSWER_BYTES:
            raise EOFError
    return answer
