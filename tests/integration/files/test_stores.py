"""A store: what is put is there whole or not at all, is read in parts, and goes when it is deleted."""

import asyncio
import os
import tempfile
import threading
from pathlib import Path

import psutil
import pytest

from hyred_chat.errors import UnavailableError
from hyred_chat.files import s3_store
from hyred_chat.files.opening import open_store_at
from hyred_chat.files.stores import CHUNK_BYTES, FolderStore, Store
from tests.integration.files.s3 import KEYS


@pytest.fixture(params=["folder", "S3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "files")
    return open_store_at(f"{request.getfixturevalue('bucket')}/{tmp_path.name}")


async def read(store: Store, file_id: str, name: str, start: int, end: int) -> bytes:
    return b"".join([part async for part in store.read(file_id, name, start, end)])


async def test_what_was_put_is_read_in_parts(store: Store, tmp_path: Path) -> None:
    data = os.urandom(3 * CHUNK_BYTES + 5)
    await store.put("a1", "content", data)
    assert await read(store, "a1", "content", 0, len(data)) == data
    assert await read(store, "a1", "content", 7, CHUNK_BYTES + 9) == data[7 : CHUNK_BYTES + 9]
    source = tmp_path / "local"
    source.write_bytes(data[:100])
    await store.put_file("a1", "content", source)
    assert await read(store, "a1", "content", 0, 100) == data[:100], "the newest is there"
    assert await store.list_names("a1") == {"content": 100}


async def test_objects_are_put_together_in_one_local_file(store: Store, tmp_path: Path) -> None:
    data = os.urandom(3 * CHUNK_BYTES + 5)
    await store.put("a1", "one", data[: CHUNK_BYTES + 5])
    await store.put("a1", "two", data[CHUNK_BYTES + 5 :])
    target = tmp_path / "whole"
    await store.gather("a1", [("one", CHUNK_BYTES + 5), ("two", 2 * CHUNK_BYTES)], target)
    assert target.read_bytes() == data
    for name, size in (("one", CHUNK_BYTES + 6), ("three", 1)):
        with pytest.raises(FileNotFoundError):
            await store.gather("a1", [(name, size)], target)


async def test_what_is_not_there_is_said_so(store: Store) -> None:
    await store.put("a1", "content", b"12345")
    for file_id, name, end in (
        ("a1", "preview", 5),
        ("b2", "content", 5),
        ("a1", "content", 6),
        ("../a", "content", 5),
    ):
        with pytest.raises(FileNotFoundError):
            await read(store, file_id, name, 0, end)


async def test_a_file_of_which_nothing_is_left_is_not_there_any_more(store: Store) -> None:
    for name in ("one", "two"):
        await store.put("a1", name, b"x")
    await store.delete("a1", ["one"])
    assert [each async for each in store.list_ids()] == ["a1"]
    await store.delete("a1", ["two"])
    assert [each async for each in store.list_ids()] == []
    await store.put("a1", "one", b"again")
    assert await read(store, "a1", "one", 0, 5) == b"again"


async def test_an_object_is_kept_whose_folder_is_removed_at_that_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, made = tempfile.mkstemp, []

    def make_late(*, prefix: str, dir: Path) -> tuple[int, str]:  # noqa: A002  # its name there
        made.append(dir)
        if len(made) == 1:
            dir.rmdir()
        return make(prefix=prefix, dir=dir)

    monkeypatch.setattr(tempfile, "mkstemp", make_late)
    store = FolderStore(tmp_path / "files")
    await store.put("a1", "one", b"x")
    assert (await read(store, "a1", "one", 0, 1), len(made)) == (b"x", 2)


async def test_what_was_deleted_is_gone_and_deleting_it_again_is_no_error(store: Store) -> None:
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


async def test_nothing_is_left_of_what_could_not_be_put(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    with pytest.raises(FileNotFoundError):
        await store.put_file("a1", "content", tmp_path / "none")
    await store.put("a1", "other", b"x")
    assert [each.name for each in (tmp_path / "files").rglob("*") if each.is_file()] == ["other"]


async def test_there_is_room(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    free = await store.free_bytes()
    assert free is not None
    assert free > 0


async def test_a_bucket_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(s3_store, "_MAX_RETRIES", 0)
    with pytest.raises(UnavailableError):
        await open_store_at("s3://files").put("a1", "content", b"x")


async def test_a_large_file_is_put_in_parts(bucket: str, tmp_path: Path) -> None:
    store = open_store_at(bucket)
    source = tmp_path / "large"
    source.write_bytes(os.urandom(9 * 2**20))
    await store.put_file("large1", "content", source)
    assert await read(store, "large1", "content", 0, 9 * 2**20) == source.read_bytes()


async def test_who_reads_does_not_wait_for_those_who_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path)
    await store.put("a1", "content", b"12345")
    may_go_on = threading.Event()
    monkeypatch.setattr(store, "_put", lambda *_: may_go_on.wait(30))
    writing = [asyncio.create_task(store.put(f"b{number}", "content", b"x")) for number in range(50)]
    try:
        async with asyncio.timeout(5):
            assert await read(store, "a1", "content", 0, 5) == b"12345"
    finally:
        may_go_on.set()
        await asyncio.gather(*writing)
    await store.close()


async def test_however_many_write_nobody_stands_in_a_queue_of_the_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came out of it would come to the event loop at once, before everybody else."""
    store = FolderStore(tmp_path)
    waiting: list[int] = []
    monkeypatch.setattr(store, "_put", lambda *_: waiting.append(store._writers._executor._work_queue.qsize()))
    await asyncio.gather(*(store.put(f"b{number}", "content", b"x") for number in range(200)))
    assert (len(waiting), max(waiting) <= 4) == (200, True)
    await store.close()


async def test_whoever_reads_slowly_holds_nothing_open(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    await store.put("a1", "content", bytes(3 * CHUNK_BYTES))
    reading = [store.read("a1", "content", 0, 3 * CHUNK_BYTES) for _ in range(20)]
    for each in reading:
        assert len(await anext(each)) == CHUNK_BYTES
    assert [each.path for each in psutil.Process().open_files() if each.path.startswith(str(tmp_path))] == []
    await store.delete("a1")
    with pytest.raises(FileNotFoundError):  # what is gone is read no further
        await anext(reading[0])
    await store.close()
