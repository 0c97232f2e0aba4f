"""Where files are kept: objects with a name each, in one folder for each file."""

import asyncio
import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol, TypeVar

from hyred_chat.errors import UnavailableError

T = TypeVar("T")

# Of what is read or copied at once.
CHUNK_BYTES: Final = 131_072
# Disks are slow and threads dear: others wait. Who reads does not wait for those who write, which takes a disk longer.
_READERS: Final = 4
_WRITERS: Final = 4
# To make something in a folder that others remove meanwhile.
_ATTEMPTS: Final = 10
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Kept:
    """An object, its size in bytes, and how long ago it was put."""

    name: str
    size: int
    age_seconds: float


class Store(Protocol):
    """Keeps objects by the id of their file and a name. What is put is durable when the call returns.

    Every method raises `UnavailableError` when the store cannot be reached, or is full.
    """

    async def put(self, file_id: str, name: str, data: bytes) -> None:
        """Keep an object, whole or not at all."""

    async def put_file(self, file_id: str, name: str, path: Path) -> None:
        """Likewise of what a local file holds."""

    def read(self, file_id: str, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end`, in parts. Raises `FileNotFoundError`."""

    async def gather(self, file_id: str, parts: Sequence[tuple[str, int]], path: Path) -> None:
        """Write objects, one after another, to a local file.

        Args:
            parts: the name of each object, and the size that it has in bytes.
            path: of the file, which is created.

        Raises:
            FileNotFoundError: an object is not there, or is shorter than that.
        """

    async def delete(self, file_id: str, names: Collection[str] | None = None) -> None:
        """Delete objects of a file, or (None) all of it. What is not there is no error."""

    async def free_bytes(self) -> int | None:
        """How much there is room for; None where that is not known."""

    async def list_ids(self) -> AsyncIterator[str]:
        """The ids of all files of which there is something."""
        yield ""

    async def list_names(self, file_id: str) -> dict[str, int]:
        """The objects of a file, and their sizes."""

    async def list_kept(self, file_id: str) -> list[Kept]:
        """Likewise with their ages, and with what a process has left that was killed while it wrote."""

    async def close(self) -> None:
        """Let go of everything."""


class FolderStore:
    """Files in a folder of this machine, or of one that all nodes have mounted.

    An object is written beside its place, flushed to disk, and then moved there.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._readers = _Threads("files-read", _READERS)
        self._writers = _Threads("files-write", _WRITERS)

    async def put(self, file_id: str, name: str, data: bytes) -> None:
        """See `Store`."""
        await self._writers.run(self._put, file_id, name, data)

    async def put_file(self, file_id: str, name: str, path: Path) -> None:
        """See `Store`."""
        await self._writers.run(self._put_file, file_id, name, path)

    async def read(self, file_id: str, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `Store`."""
        while start < end:
            part = await self._readers.run(self._read, file_id, name, start, min(CHUNK_BYTES, end - start))
            if not part:
                raise FileNotFoundError(file_id)
            start += len(part)
            yield part

    async def gather(self, file_id: str, parts: Sequence[tuple[str, int]], path: Path) -> None:
        """See `Store`."""
        await self._readers.run(self._gather, file_id, parts, path)

    async def delete(self, file_id: str, names: Collection[str] | None = None) -> None:
        """See `Store`."""
        await self._writers.run(self._delete, file_id, names)

    async def free_bytes(self) -> int | None:
        """See `Store`."""
        return await self._readers.run(self._free_bytes)

    async def list_ids(self) -> AsyncIterator[str]:
        """See `Store`."""
        for shard in await self._readers.run(_names_in, self._root):
            for file_id in await self._readers.run(_names_in, self._root / shard):
                yield file_id

    async def list_names(self, file_id: str) -> dict[str, int]:
        """See `Store`."""
        return await self._readers.run(self._list_names, file_id)

    async def list_kept(self, file_id: str) -> list[Kept]:
        """See `Store`."""
        return await self._readers.run(self._list_kept, file_id)

    async def close(self) -> None:
        """See `Store`."""
        self._readers.close()
        self._writers.close()

    def _folder(self, file_id: str) -> Path:
        if not _ID.fullmatch(file_id):
            raise FileNotFoundError(file_id)
        return self._root / file_id[-2:] / file_id

    def _put(self, file_id: str, name: str, data: bytes) -> None:
        with _Placed(self._folder(file_id), name) as file:
            file.write(data)

    def _put_file(self, file_id: str, name: str, path: Path) -> None:
        with path.open("rb") as source, _Placed(self._folder(file_id), name) as file:
            shutil.copyfileobj(source, file, CHUNK_BYTES)

    def _read(self, file_id: str, name: str, start: int, size: int) -> bytes:
        # Opened for each part: nothing is left open by whoever reads no further, or slowly.
        file = os.open(self._folder(file_id) / name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return os.pread(file, size, start)
        finally:
            os.close(file)

    def _gather(self, file_id: str, parts: Sequence[tuple[str, int]], path: Path) -> None:
        folder = self._folder(file_id)
        with path.open("wb") as target:
            for name, size in parts:
                end = target.tell() + size
                with (folder / name).open("rb") as source:
                    shutil.copyfileobj(source, target, CHUNK_BYTES)
                if target.tell() < end:
                    raise FileNotFoundError(file_id)

    def _delete(self, file_id: str, names: Collection[str] | None) -> None:
        folder = self._folder(file_id)
        if names is None:
            shutil.rmtree(folder, ignore_errors=True)
            return
        for name in names:
            (folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # there is something left in it, or it is gone
            folder.rmdir()

    def _free_bytes(self) -> int:
        self._root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self._root).free

    def _list_names(self, file_id: str) -> dict[str, int]:
        folder = self._folder(file_id)
        return {name: (folder / name).stat().st_size for name in _names_in(folder)}

    def _list_kept(self, file_id: str) -> list[Kept]:
        kept, now = [], time.time()
        with suppress(FileNotFoundError), os.scandir(self._folder(file_id)) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # it is being written, and was moved to its place
                    stat = entry.stat()
                    kept.append(Kept(entry.name, stat.st_size, now - stat.st_mtime))
        return sorted(kept, key=lambda each: each.name)


class _Threads:
    """A few threads. Whoever finds none waits for one in turn, and not for a place in their queue.

    So no more answers come to the event loop at once than there are threads, however many want something: between them
    everybody else has their turn.
    """

    def __init__(self, name: str, count: int) -> None:
        self._executor = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._free = asyncio.Semaphore(count)

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """What a function returns. Raises `UnavailableError`, or `FileNotFoundError`."""
        try:
            async with self._free:
                return await asyncio.get_running_loop().run_in_executor(self._executor, function, *args)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise UnavailableError("Files cannot be stored right now. Please try again.") from error

    def close(self) -> None:
        """Begin nothing more."""
        self._executor.shutdown(wait=False)


class _Placed:
    """A file to write an object to, which is in its place, and on disk, when the block ends well."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name

    def __enter__(self) -> BinaryIO:
        file, path = self._make()
        self._path = Path(path)
        self._file = os.fdopen(file, "wb")
        return self._file

    def _make(self) -> tuple[int, str]:
        for _ in range(_ATTEMPTS):
            if not self._folder.exists():
                self._folder.mkdir(parents=True, exist_ok=True)
                _sync(self._folder.parent)
                _sync(self._folder.parent.parent)
            with suppress(FileNotFoundError):  # whoever deletes the last object of a file removes its folder
                return tempfile.mkstemp(prefix=".", dir=self._folder)
        raise OSError(errno.EBUSY, "It is removed again and again.", str(self._folder))

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            with self._file:
                if kind is None:
                    self._file.flush()
                    os.fsync(self._file.fileno())
            if kind is None:
                self._path.replace(self._folder / self._name)
                _sync(self._folder)
        finally:
            self._path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Have on disk which names are in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))
    except FileNotFoundError:
        return []
