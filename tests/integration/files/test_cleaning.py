"""What a store keeps and nobody needs is found, listed and deleted; what is missing is listed."""

import os
import time
from pathlib import Path

import pytest

from hyred_chat.db.pool import Database
from hyred_chat.files import cleaning, repository
from hyred_chat.files.cleaning import Leftover, Missing, compare
from hyred_chat.files.opening import open_store_at
from hyred_chat.files.repository import Findings
from hyred_chat.files.stores import FolderStore, Kept, Store
from tests.integration.commands import run_command
from tests.integration.files.s3 import KEYS, speaking_s3
from tests.postgres import SCHEMA

DAYS = 86_400
CONTENTS = {"content": b"12345", "preview": b"123"}


async def ready(database: Database, file_id: str, *, previews: dict[str, int] | None = None) -> None:
    """A file that people may ask for, in the database alone."""
    async with database.connection() as connection:
        await repository.create(
            connection, file_id, owner_id="ana", room_id="r", name="a", size=5, is_voice=False, key=b"k" * 16,
            life_seconds=60,
        )  # fmt: skip
        await connection.execute("UPDATE files SET state = 'processing' WHERE id = $1", file_id)
        file = await repository.claim(connection, seconds=60)
        assert file is not None
        findings = Findings(
            "ready", kind="file", content_type="text/plain", size=5, details={"previews": previews or {}}
        )
        assert await repository.finish(connection, file, findings)


async def put(store: Store, file_id: str, *names: str) -> None:
    for name in names:
        await store.put(file_id, name, CONTENTS.get(name, b"1"))


def grow_old(root: Path, file_id: str, *names: str) -> None:
    """Objects in a folder that have been there for two days."""
    folder = root / file_id[-2:] / file_id
    for name in names or tuple(each.name for each in folder.iterdir()):
        os.utime(folder / name, (time.time() - 2 * DAYS,) * 2)


def names_of(leftovers: list[Leftover]) -> dict[str, list[str]]:
    return {each.file_id: [kept.name for kept in each.objects] for each in leftovers}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def store(root: Path) -> FolderStore:
    return FolderStore(root)


async def test_what_nobody_knows_or_needs_is_found_once_it_is_old(
    database: Database, store: FolderStore, root: Path
) -> None:
    await ready(database, "known1", previews={"preview": 3})
    await put(store, "known1", "content", "preview", "segment")
    (root / "n1" / "known1" / ".killed").write_bytes(b"half")
    grow_old(root, "known1")
    await put(store, "unknown1", "content", "preview")
    grow_old(root, "unknown1")
    await put(store, "unknown2", "content")
    await put(store, "unknown3", "content", "preview")
    grow_old(root, "unknown3", "content")
    found = await compare(database, store, progress=lambda _: None)
    assert names_of(found.leftovers) == {
        "known1": [".killed", "segment"],
        "unknown1": ["content", "preview"],
    }, "what is young may be of an upload that is being written down"
    assert (found.kept, found.known, found.missing, found.is_all) == (4, 1, [], True)
    await cleaning.delete(store, found.leftovers, progress=lambda _: None)
    assert [each async for each in store.list_ids()] == ["known1", "unknown2", "unknown3"]
    assert await store.list_names("known1") == {"content": 5, "preview": 3}
    assert not (root / "n1" / "known1" / ".killed").exists()


async def test_what_comes_is_not_touched(database: Database, store: FolderStore, root: Path) -> None:
    await ready(database, "coming")
    async with database.connection() as connection:
        await connection.execute("UPDATE files SET state = 'uploading' WHERE id = 'coming'")
    await put(store, "coming", "segment")
    grow_old(root, "coming")
    assert (await compare(database, store, progress=lambda _: None)).leftovers == []


async def test_what_was_removed_is_needed_by_nobody_and_missed_by_nobody(
    database: Database, store: FolderStore, root: Path
) -> None:
    for file_id in ("removed1", "removed2"):
        await ready(database, file_id)
        async with database.connection() as connection:
            await repository.remove(connection, file_id, "ana")
    await put(store, "removed1", "content")
    grow_old(root, "removed1")
    found = await compare(database, store, progress=lambda _: None)
    assert (names_of(found.leftovers), found.missing) == ({"removed1": ["content"]}, [])


async def test_what_people_may_ask_for_and_is_not_kept_is_found(database: Database, store: FolderStore) -> None:
    await ready(database, "whole", previews={"preview": 3})
    await put(store, "whole", "content", "preview")
    await ready(database, "lacking", previews={"large": 9, "preview": 3})
    await put(store, "lacking", "content")
    await ready(database, "gone")
    found = await compare(database, store, progress=lambda _: None)
    assert found.missing == [Missing("gone", ["content"]), Missing("lacking", ["large", "preview"])]


async def test_one_run_has_an_end_and_the_next_goes_on(
    database: Database, store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "MAX_FILES", 2)
    monkeypatch.setattr(cleaning, "_PAGE", 2)
    for number in range(5):
        await put(store, f"unknown{number}", "content")
        grow_old(root, f"unknown{number}")
    looked: list[int] = []
    left = 5
    while left:
        found = await compare(database, store, progress=looked.append)
        await cleaning.delete(store, found.leftovers, progress=lambda _: None)
        left -= len(found.leftovers)
        assert found.is_all == (left == 0)
    assert looked == [2, 2, 1]


async def test_in_s3_it_is_the_same(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking_s3() as endpoint:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": endpoint}.items():
            monkeypatch.setenv(name, value)
        store = open_store_at("s3://files/chat")
        await ready(database, "known1")
        await put(store, "known1", "content", "segment")
        await put(store, "unknown1", "content", "preview")
        kept = await store.list_kept("unknown1")
        assert [(each.name, each.size) for each in kept] == [("content", 5), ("preview", 3)]
        assert all(-5 < each.age_seconds < 60 for each in kept)
        assert (await compare(database, store, progress=lambda _: None)).leftovers == []
        monkeypatch.setattr(cleaning, "OLD_SECONDS", -60)
        found = await compare(database, store, progress=lambda _: None)
        assert names_of(found.leftovers) == {"known1": ["segment"], "unknown1": ["content", "preview"]}
        await cleaning.delete(store, found.leftovers, progress=lambda _: None)
        assert [each async for each in store.list_ids()] == ["known1"]
        assert await store.list_names("known1") == {"content": 5}


async def test_the_command_lists_and_deletes_when_it_is_told_to(
    database: Database, database_url: str, store: FolderStore, root: Path
) -> None:
    settings = {"HYRED_DATABASE_URL": database_url, "HYRED_DATABASE_SCHEMA": SCHEMA, "HYRED_FILES_URL": f"file:{root}"}
    await put(store, "unknown1", "content", "preview")
    grow_old(root, "unknown1")
    refused = run_command("files", "clean", "--delete", **settings)
    assert (refused.returncode, "another one's" in refused.stderr) == (1, True)
    await ready(database, "known1")
    await put(store, "known1", "content")
    listed = run_command("files", "clean", **settings)
    assert (listed.returncode, listed.stdout.splitlines()) == (
        0,
        [
            "unknown   unknown1: 2 objects, 8 bytes",
            "2 files are kept, and 1 of them are known. 0 are missing.",
            "Nobody needs 2 objects of 1 files, 8 bytes.",
            "Nothing was deleted. Add --delete to delete them.",
        ],
    )
    deleted = run_command("files", "clean", "--delete", **settings)
    assert (deleted.returncode, deleted.stdout.splitlines()[-1]) == (0, "They were deleted.")
    await store.delete("known1")
    lacking = run_command("files", "clean", **settings)
    assert (lacking.returncode, lacking.stdout.splitlines()[0]) == (1, "missing   known1: content")


async def test_an_object_that_goes_meanwhile_is_passed_over(store: FolderStore) -> None:
    assert await store.list_kept("nothing") == []
    await put(store, "a1", "content")
    [kept] = await store.list_kept("a1")
    assert (kept.name, kept.size) == ("content", 5)
    assert isinstance(kept, Kept)
    assert 0 <= kept.age_seconds < 60
