"""From one store to another: everything that is there, also while servers run."""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from hyred_chat.files.opening import open_store_at
from hyred_chat.files.stores import Store


@dataclass(slots=True)
class Moved:
    """How many files there were, and how many objects were copied."""

    files: int = 0
    copied: int = 0


async def move_files(source_url: str, target_url: str, *, keep: bool) -> Moved:
    """Copy what the target does not have in the same size, and then (unless it is kept) delete it at the source.

    It may be done again: what is there already is not copied once more.

    Raises:
        ConfigurationError: one of the addresses is none, or needs a package.
        UnavailableError: a store cannot be used.
    """
    moved = Moved()
    async with _opened(source_url) as source, _opened(target_url) as target:
        with tempfile.TemporaryDirectory() as folder:
            async for file_id in source.list_ids():
                moved.files += 1
                moved.copied += await _copy(source, target, file_id, Path(folder) / "object")
                if not keep:
                    await source.delete(file_id)
    return moved


async def _copy(source: Store, target: Store, file_id: str, buffer: Path) -> int:
    there = await target.list_names(file_id)
    copied = 0
    for name, size in (await source.list_names(file_id)).items():
        if there.get(name) == size:
            continue
        with buffer.open("wb") as file:  # nothing else happens meanwhile
            async for part in source.read(file_id, name, 0, size):
                file.write(part)
        await target.put_file(file_id, name, buffer)
        copied += 1
    return copied


@asynccontextmanager
async def _opened(url: str) -> AsyncGenerator[Store]:
    store = open_store_at(url)
    try:
        yield store
    finally:
        await store.close()
