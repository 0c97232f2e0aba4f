"""A store: what is put is there whole or not at all, is read in parts, and goes when it is deleted."""

import os
from pathlib import Path

import pytest

from hyred_chat.errors import UnavailableError
from hyred_chat.files.stores import CHUNK_BYTES, FolderStore


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


async def read(store: FolderStore, file_id: str, name: str, start: int, end: int) -> bytes:
    return b"".join([part async for part in store.read(file_id, name, start, end)])


async def test_what_was_put_is_read_in_parts(store: FolderStore, tmp_path: Path) -> None:
    data = os.urandom(3 * CHUNK_BYTES + 5)
    await store.put("a1", "content", data)
    assert await read(store, "a1", "content", 0, len(data)) == data
    assert await read(store, "a1", "content", 7, CHUNK_BYTES + 9) == data[7 : CHUNK_BYTES + 9]
    source = tmp_path / "local"
    source.write_bytes(data[:100])
    await store.put_file("a1", "content", source)
    assert await read(store, "a1", "content", 0, 100) == data[:100], "the newest is there"
    assert await store.list_names("a1") == {"content": 100}


async def test_what_is_not_there_is_said_so(store: FolderStore) -> None:
    await store.put("a1", "content", b"12345")
    for file_id, name, end in (
        ("a1", "preview", 5),
        ("b2", "content", 5),
        ("a1", "content", 6),
        ("../a", "content", 5),
    ):
        with pytest.raises(FileNotFoundError):
            await read(store, file_id, name, 0, end)


async def test_what_was_deleted_is_gone_and_deleting_it_again_is_no_error(store: FolderStore) -> None:
    for name in ("one", "two", "three"):
        await store.put("a1", name, b"x")
    await store.put("b1", "one", b"x")
    await store.delete("a1", ["one", "none"])
    assert await store.list_names("a1") == {"three": 1, "two": 1}
    assert [each async for each in store.list_ids()] == ["a1", "b1"]
    for _ in range(2):
        await store.delete("a1")
    assert await store.list_names("a1") == {}
    assert [each async for each in store.list_ids()] == ["b1"]


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    store = FolderStore(tmp_path / "files")
    with pytest.raises(UnavailableError):
        await store.put("a1", "content", b"x")
    with pytest.raises(UnavailableError):
        await store.free_bytes()


async def test_nothing_is_left_of_what_could_not_be_put(store: FolderStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await store.put_file("a1", "content", tmp_path / "none")
    await store.put("a1", "other", b"x")
    assert [each.name for each in (tmp_path / "files").rglob("*") if each.is_file()] == ["other"]


async def test_there_is_room(store: FolderStore) -> None:
    free = await store.free_bytes()
    assert free is not None
    assert free > 0
