"""`hyred-chat backup` and `hyred-chat restore`: what they refuse, and what they leave behind when they fail."""

from pathlib import Path

import pytest

from hyred_chat.db.backups import back_up
from tests.integration.commands import run_command
from tests.postgres import SCHEMA, copy_cluster


@pytest.fixture
async def backup(database_url: str, tmp_path: Path) -> Path:
    """A backup of a chat without people."""
    file = tmp_path / "chat.backup"
    await back_up(database_url, SCHEMA, file)
    return file


def refusal(*arguments: str, database_url: str) -> str:
    """The one line in which a command refuses."""
    result = run_command(*arguments, HYRED_DATABASE_URL=database_url)
    assert (result.returncode, result.stdout) == (1, "")
    return result.stderr.removesuffix("\n")


def test_a_backup_never_replaces_another_one(database_url: str, backup: Path) -> None:
    before = backup.read_bytes()
    assert refusal("backup", str(backup), database_url=database_url) == (
        f"The backup was not written: {backup}: File exists. Give another file."
    )
    assert backup.read_bytes() == before


def test_a_backup_that_fails_leaves_no_file(empty_database_url: str, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "chat.backup"
    no_tables = refusal("backup", str(file), database_url=empty_database_url)
    assert no_tables.startswith(f"There are no tables in {SCHEMA}: ")
    assert "Set HYRED_DATABASE_URL" in no_tables
    nowhere = tmp_path / "nowhere" / "chat.backup"
    assert refusal("backup", str(nowhere), database_url=database_url) == (
        f"The backup was not written: {nowhere}: No such file or directory. Give another file."
    )
    assert not list(tmp_path.iterdir())


def test_a_restore_changes_no_chat_that_is_there(database_url: str, backup: Path) -> None:
    assert refusal("restore", str(backup), database_url=database_url) == (
        f"{SCHEMA} holds tables already, and a restore replaces none. Create a new database and set HYRED_DATABASE_URL "
        "to it; for the embedded one, set HYRED_DATA_DIR to a new folder."
    )


def test_a_restore_brings_back_all_or_nothing(empty_database_url: str, backup: Path, tmp_path: Path) -> None:
    half, text = tmp_path / "half", tmp_path / "text"
    content = backup.read_bytes()
    half.write_bytes(content[: len(content) * 9 // 10])
    text.write_text("Hello!")
    for file in (half, text):
        refused = refusal("restore", str(file), database_url=empty_database_url)
        assert refused.startswith(f"{file} was not restored, and the database is as it was: ")
        assert refused.endswith("is none that hyred-chat backup wrote: restore another one.")
    assert "revision none" in run_command("migrate", "--check", HYRED_DATABASE_URL=empty_database_url).stdout
    result = run_command("restore", str(backup), HYRED_DATABASE_URL=empty_database_url)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Restored 0 people, 0 rooms and 0 messages, at revision ")
    assert "Start the servers" in result.stdout
    assert run_command("migrate", "--check", HYRED_DATABASE_URL=empty_database_url).returncode == 0


def test_a_backup_of_another_schema_is_refused(empty_database_url: str, backup: Path) -> None:
    result = run_command("restore", str(backup), HYRED_DATABASE_URL=empty_database_url, HYRED_DATABASE_SCHEMA="another")
    assert (result.returncode, result.stderr) == (
        1,
        f"{backup} is a backup of the schema {SCHEMA}, not of another. Set HYRED_DATABASE_SCHEMA={SCHEMA}.\n",
    )


def test_the_embedded_database_is_started_for_a_backup_and_for_a_restore(
    pristine_cluster: Path, tmp_path: Path
) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "chat.backup"
    for folder in (old, new):
        copy_cluster(pristine_cluster, folder / "postgres")
    assert run_command("migrate", HYRED_DATA_DIR=str(old)).returncode == 0
    result = run_command("backup", str(file), HYRED_DATA_DIR=str(old))
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"The backup {file} has {file.stat().st_size:,} bytes.\n"
    assert run_command("restore", str(file), HYRED_DATA_DIR=str(new)).returncode == 0
