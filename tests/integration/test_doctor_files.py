"""What `hyred-chat doctor` says of files: what is missing, what nobody knows, how much room there is, who scans."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TypeAlias

import pytest

from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.doctor.files import LITTLE_BYTES, check_files
from hyred_chat.files.stores import FolderStore
from tests.integration.files.test_clamd import scanning
from tests.integration.files.test_cleaning import ready

PLENTY = ("ok", "Files can be kept, and are where they should be.")
# The level and the sentence of each finding.
Found: TypeAlias = list[tuple[str, str]]
Examine: TypeAlias = Callable[..., Awaitable[Found]]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


@pytest.fixture(autouse=True)
def set_free_bytes(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Have the disk say how much room it has: enough, at first."""

    def set_free_bytes(free_bytes: int) -> None:
        monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=free_bytes))

    set_free_bytes(LITTLE_BYTES)
    return set_free_bytes


@pytest.fixture
def examine(database_url: str, tmp_path: Path) -> Examine:
    """Look at the folder and the database of the test."""

    async def examine(**settings: object) -> Found:
        given = Settings.model_validate({"files_url": f"file:{tmp_path}/files", **settings})
        findings = await asyncio.to_thread(lambda: list(check_files(given, database_url)))  # it has loops of its own
        return [(finding.level.value, finding.sentence) for finding in findings]

    return examine


async def test_files_that_are_on_both_sides_are_as_they_should_be(
    database: Database, store: FolderStore, examine: Examine
) -> None:
    assert await examine() == [PLENTY]
    await ready(database, "f1")
    await store.put("f1", "content", b"12345")
    assert await examine() == [PLENTY]


async def test_files_whose_bytes_are_missing_are_a_problem(
    database: Database, store: FolderStore, examine: Examine
) -> None:
    for file_id in ("f1", "f2", "f3", "f4"):
        await ready(database, file_id)
    await store.put("f1", "content", b"12345")
    async with database.connection() as connection:  # of what was removed, the bytes are gone rightly
        await connection.execute("UPDATE files SET removed_at = now() WHERE id = 'f4'")
    [(level, sentence)] = await examine()
    assert level == "problem"
    assert sentence.startswith("2 of the newest 1000 files are not where HYRED_FILES_URL says")
    assert sentence.endswith("hyred-chat files move")


async def test_what_is_kept_for_reports_alone_is_told(database: Database, store: FolderStore, examine: Examine) -> None:
    for file_id in ("f1", "f2"):
        await ready(database, file_id)
        await store.put(file_id, "content", b"12345")
    async with database.connection() as connection:
        await connection.execute("INSERT INTO held_files (report_id, file_id) VALUES ('r1', 'f1'), ('r2', 'f1')")
        await connection.execute("UPDATE files SET removed_at = now() WHERE id = 'f1'")
    assert await examine() == [PLENTY, ("ok", "Files of deleted messages that open reports hold: 1, with 5 bytes.")]


async def test_bytes_that_belong_to_no_file_are_worth_knowing_of(
    database: Database, store: FolderStore, examine: Examine
) -> None:
    await ready(database, "f1")
    for file_id in ("f1", "f2", "f3", "f4"):
        await store.put(file_id, "content", b"12345")
    [(level, sentence)] = await examine()
    assert level == "warning"
    assert sentence.startswith("3 of the first 1000 files that are kept are known to nobody.")
    assert sentence.endswith("hyred-chat files clean")


async def test_what_one_side_lacks_does_not_hide_what_the_other_lacks(
    database: Database, store: FolderStore, examine: Examine
) -> None:
    await ready(database, "f1")
    await store.put("f2", "content", b"12345")
    assert [level for level, _ in await examine()] == ["problem", "warning"]


async def test_little_room_is_worth_knowing_of(set_free_bytes: Callable[[int], None], examine: Examine) -> None:
    set_free_bytes(LITTLE_BYTES - 1)
    assert await examine() == [("warning", "There is room for 1,073,741,823 bytes only where files are kept.")]


async def test_a_folder_that_cannot_be_written_to_is_a_problem(tmp_path: Path, examine: Examine) -> None:
    (tmp_path / "files").write_text("no folder")
    [(level, sentence)] = await examine()
    assert level == "problem"
    assert sentence.startswith("Files cannot be kept:")
    assert sentence.endswith("Check HYRED_FILES_URL.")


async def test_a_scanner_that_cannot_be_reached_is_a_problem(tmp_path: Path, examine: Examine) -> None:
    settings = {"clamd_url": f"unix:{tmp_path}/clamd"}
    (level, sentence), files = await examine(**settings)
    assert (level, files) == ("problem", PLENTY)
    assert sentence.endswith("Files wait until it does. Check HYRED_CLAMD_URL.")
    async with scanning(tmp_path / "clamd"):
        found = await examine(**settings)
    assert found == [("ok", "The virus scanner answers."), PLENTY]
