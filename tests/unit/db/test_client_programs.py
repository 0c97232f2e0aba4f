"""Which pg_dump is run, and what it is told."""

from pathlib import Path

import pytest

from hyred_chat.db.client_programs import ProgramError, Target, run_program

URL = "postgresql://chat:s%40cret@db.example:5433/chat?sslmode=require"


@pytest.fixture
def system_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's pg_dump, of version 16. It prints its arguments and what it finds in the environment."""
    program = tmp_path / "pg_dump"
    program.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 16.9 (Debian)" && exit\n'
        'echo "$@ $PGPASSWORD $PGTARGETSESSIONATTRS"\n'
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return program


@pytest.fixture
def no_system_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("system_program")
async def test_the_password_is_in_the_environment_and_not_among_the_arguments() -> None:
    assert await run_program(Target(URL, 16, is_encrypted=True), "pg_dump", "--schema=x") == (
        "--schema=x --dbname=postgresql://chat@db.example:5433/chat?sslmode=require s@cret read-write\n"
    )


@pytest.mark.usefixtures("system_program")
async def test_a_program_older_than_the_server_is_not_run() -> None:
    with pytest.raises(ProgramError, match="no pg_dump of version 17 or newer on the PATH"):
        await run_program(Target(URL, 17, is_encrypted=True), "pg_dump")


@pytest.mark.usefixtures("no_system_program")
async def test_ours_is_run_only_where_connections_are_not_encrypted() -> None:
    assert "(PostgreSQL) 18" in await run_program(
        Target("postgresql:///chat", 17, is_encrypted=False), "pg_dump", "--version"
    )
    with pytest.raises(ProgramError, match="apt install postgresql-client-17"):
        await run_program(Target(URL, 17, is_encrypted=True), "pg_dump", "--version")


async def test_what_a_program_says_is_the_reason() -> None:
    nowhere = Target("postgresql://chat@/chat?host=/nowhere", 18, is_encrypted=False)
    with pytest.raises(ProgramError, match=r"^connection to server on socket .*: No such file or directory$"):
        await run_program(nowhere, "pg_dump")
