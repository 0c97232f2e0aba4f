"""Uploads that go on from the byte they had: the core of tus 1.0, with expiration, checksums and termination.

What comes is gathered into segments of `SEGMENT_BYTES`. A segment is durable in the store, and then written down in the
database, before the next one is gathered: so an upload takes a known amount of memory, whatever its size, and what has
come is known to every process whatever became of the one that took it. Of two requests that send the same part at once,
one is written down, and the other is refused.
"""

import asyncio
import base64
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, cast

from starlette.requests import ClientDisconnect

from hyred_chat.db.pool import Database
from hyred_chat.errors import (
    BadRequestError,
    ChecksumMismatchError,
    ConflictError,
    GoneError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from hyred_chat.files import repository
from hyred_chat.files.repository import FileRow, Segment
from hyred_chat.files.schemas import FileState
from hyred_chat.files.stores import Store

SEGMENT_BYTES: Final = 262_144
# Of this process. Each takes two segments of memory at most.
MAX_AT_ONCE: Final = 256
ALGORITHMS: Final = ("sha1", "sha256")

_OTHER_OFFSET: Final = "The upload has another offset by now. Please ask for it, and go on from there."
_TOO_LARGE: Final = "This is more than the size that was announced."


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request must amount to."""

    algorithm: str
    digest: bytes

    @classmethod
    def parse(cls, header: str | None) -> "Checksum | None":
        """Of the header `Upload-Checksum`; None without one. Raises `BadRequestError`."""
        if header is None:
            return None
        algorithm, _, encoded = header.strip().partition(" ")
        try:
            digest = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise BadRequestError("Upload-Checksum: must be an algorithm and a checksum in base64.") from None
        if algorithm not in ALGORITHMS:
            raise BadRequestError(f"Upload-Checksum: must be made with one of {', '.join(ALGORITHMS)}.")
        return cls(algorithm, digest)


class Tell(Protocol):
    """Tells somebody how far a file of theirs is."""

    def __call__(self, owner_id: str, state: FileState, /) -> None:
        """Tell them."""


class Uploads:
    """Takes what comes of files.

    Args:
        tell: see `Files.tell`.
        on_whole: called when the last byte of a file has come.

    Attributes:
        received_bytes: what was written down, since the process was started.
    """

    def __init__(self, database: Database, store: Store, *, tell: Tell, on_whole: Callable[[], None]) -> None:
        self._database = database
        self._store = store
        self._tell = tell
        self._on_whole = on_whole
        self.received_bytes = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_stopping = False

    @property
    def under_way(self) -> int:
        """How many requests bring parts right now."""
        return len(self._tasks)

    def stop(self) -> None:
        """End what is under way: what has come is kept, and clients go on elsewhere."""
        self._is_stopping = True
        for task in self._tasks:
            task.cancel()

    async def get(self, owner_id: str, file_id: str) -> FileRow:
        """An upload of somebody's, how far it is. Raises `NotFoundError`, or `GoneError` when it was ended."""
        async with self._database.connection() as connection:
            file = await repository.find(connection, file_id, owner_id)
        if file is None:
            raise NotFoundError("There is no such upload.")
        if file.removed_at is not None or file.is_expired:
            raise GoneError("This upload was ended, or has expired.")
        return file

    async def append(
        self,
        owner_id: str,
        file_id: str,
        *,
        offset: int,
        length: int | None,
        size: int | None,
        checksum: Checksum | None,
        parts: AsyncIterator[bytes],
    ) -> FileRow:
        """Take the bytes from `offset` on. When the client is cut off, what has come by then is kept.

        With a checksum, all of it is taken or nothing.

        Args:
            length: of the body, where it is known before.
            size: of the whole file, where it is said: what was announced, or less. It holds from the first byte on that
                is written down with it.

        Returns:
            How far the upload is then.

        Raises:
            NotFoundError: there is no such upload.
            GoneError: it was ended, or has expired.
            ConflictError: it has another offset, by now.
            BadRequestError: the file is said to be empty, or smaller than what has come.
            TooLargeError: more came than was announced, or the file is said to be larger.
            ChecksumMismatchError: what came is not what was sent.
            UnavailableError: it cannot be stored.
        """
        file = await self.get(owner_id, file_id)
        if offset != file.received:
            raise ConflictError(_OTHER_OFFSET)
        if size is not None:
            file = _with_size(file, size)
        if length is not None and offset + length > file.declared_size:
            raise TooLargeError(_TOO_LARGE)
        if self.under_way >= MAX_AT_ONCE:
            raise UnavailableError("Too many files are being uploaded right now. Please try again.")
        if await self._take(file, checksum, parts):
            self._tell(owner_id, FileState(file_id=file_id, state="processing", reason=None))
            self._on_whole()
        return await self.get(owner_id, file_id)

    async def _take(self, file: FileRow, checksum: Checksum | None, parts: AsyncIterator[bytes]) -> bool:
        """Whether the file is whole now."""
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._tasks.add(task)
        append = _Append(self._database, self._store, file, checksum)
        try:
            self.received_bytes += await append.take(parts)
        except asyncio.CancelledError:
            if not self._is_stopping:
                raise
            task.uncancel()
            raise UnavailableError("The server is restarting. Please try again.") from None
        finally:
            self._tasks.discard(task)
        return append.is_whole

    async def end(self, owner_id: str, file_id: str) -> None:
        """Take an upload back. Raises as `get` does, and `ConflictError` when it is used."""
        await self.get(owner_id, file_id)
        async with self._database.connection(writes=f"files {owner_id}") as connection:
            if not await repository.remove(connection, file_id, owner_id):
                raise ConflictError("This file is used. Delete its message instead, or give the group another picture.")


def _with_size(file: FileRow, size: int) -> FileRow:
    """An upload whose size is known now. Raises as `Uploads.append` does."""
    if size < max(1, file.received):
        raise BadRequestError("Upload-Length: is less than what has come.")
    if size > file.declared_size:
        raise TooLargeError(_TOO_LARGE)
    return replace(file, declared_size=size)


class _Append:
    """What one request adds to an upload.

    Attributes:
        is_whole: whether the last byte of the file is written down.
    """

    def __init__(self, database: Database, store: Store, file: FileRow, checksum: Checksum | None) -> None:
        self._database = database
        self._store = store
        self._file = file
        self._checksum = checksum
        self._hash = None if checksum is None else hashlib.new(checksum.algorithm, usedforsecurity=False)
        self.is_whole = False
        self._received = file.received  # as far as it is written down
        self._segments: list[Segment] = []  # in the store, and not written down yet
        self._objects: list[str] = []  # their names, and that of one on its way there
        self._end = file.received
        self._buffer: list[bytes] = []
        self._buffered = 0

    async def take(self, parts: AsyncIterator[bytes]) -> int:
        """Take what comes until its end, or until the client is gone, and write it down; how many bytes that was."""
        try:
            try:
                async for part in parts:
                    await self._take(part)
            except ClientDisconnect:
                if self._checksum is not None:
                    return 0
            except asyncio.CancelledError:  # the server stops
                if self._checksum is None:
                    await self._store_buffer()
                    await self._write_down()
                raise
            await self._store_buffer()
            if self._hash is not None and self._checksum is not None and self._hash.digest() != self._checksum.digest:
                raise ChecksumMismatchError("What came is not what was sent. Please send it again.")
            await self._write_down()
            return self._received - self._file.received
        finally:
            await self._drop(self._objects)

    async def _take(self, part: bytes) -> None:
        if self._end + self._buffered + len(part) > self._file.declared_size:
            raise TooLargeError(_TOO_LARGE)
        if self._hash is not None:
            self._hash.update(part)
        self._buffer.append(part)
        self._buffered += len(part)
        if self._buffered >= SEGMENT_BYTES:
            await self._store_buffer()
            if self._checksum is None:
                await self._write_down()

    async def _store_buffer(self) -> None:
        if not self._buffered:
            return
        # No two requests write the same object, whatever they believe.
        name = f"part-{self._end:016}-{os.urandom(6).hex()}"
        data = b"".join(self._buffer)
        # It stays in the buffer until it is kept: a server that stops interrupts this, and then keeps it.
        self._buffer = [data]
        self._objects.append(name)
        await self._store.put(self._file.id, name, data)
        self._segments.append(Segment(self._end, len(data), name))
        self._end += len(data)
        self._buffer.clear()
        self._buffered = 0

    async def _write_down(self) -> None:
        # All of a file may have come before it was known that this is all.
        is_at_end = self._file.state == "uploading" and self._received == self._file.declared_size
        if not self._segments and (self.is_whole or not is_at_end):
            return
        # Whatever becomes of the statement: if nobody knows, the objects stay, and go with the file.
        segments, self._segments = self._segments, []
        names = {segment.name for segment in segments}
        self._objects = [name for name in self._objects if name not in names]
        async with self._database.connection(writes=f"file {self._file.id}") as connection:
            state = await repository.add_segments(
                connection,
                self._file.id,
                received=self._received,
                segments=segments,
                size=self._file.declared_size,
            )
        if state is None:
            await self._drop(names)
            raise ConflictError(_OTHER_OFFSET)
        self._received = self._end
        self.is_whole = state == "processing"

    async def _drop(self, names: Collection[str]) -> None:
        if names:
            await self._store.delete(self._file.id, list(names))
