"""`hyred-chat migrate`."""

import asyncio
import signal
import sys

import asyncpg

from hyred_chat.db.migrate import head_revision
from tests.integration.commands import environment, run_command


def test_migrate_says_from_where_to_where_it_went(empty_database_url: str) -> None:
    head = head_revision()
    first = run_command("migrate", HYRED_DATABASE_URL=empty_database_url)
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"The schema blytz_hire went from revision none to {head}.\n"
    second = run_command("migrate", HYRED_DATABASE_URL=empty_database_url)
    assert second.returncode == 0
    assert second.stdout == f"The schema blytz_hire is at revision {head}, which this version needs.\n"


def test_migrate_check_changes_nothing_and_fails_until_the_tables_are_current(empty_database_url: str) -> None:
    for _ in range(2):
        unmigrated = run_command("migrate", "--check", HYRED_DATABASE_URL=empty_database_url)
        assert unmigrated.returncode == 1
        assert "at revision none" in unmigrated.stdout
    run_command("migrate", HYRED_DATABASE_URL=empty_database_url)
    assert run_command("migrate", "--check", HYRED_DATABASE_URL=empty_database_url).returncode == 0


def test_what_the_database_refuses_is_one_line(empty_database_url: str) -> None:
    result = run_command("migrate", HYRED_DATABASE_URL=empty_database_url.replace("postgres@", "nobody@"))
    assert result.returncode == 1
    assert result.stderr == 'The database refuses: role "nobody" does not exist.\n'


async def test_ctrl_c_ends_a_migration_that_waits(empty_database_url: str) -> None:
    other = await asyncpg.connect(empty_database_url)
    await other.execute("SELECT pg_advisory_lock(hashtextextended('hyred-chat blytz_hire', 0))")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hyred_chat",
        "migrate",
        env=environment(HYRED_DATABASE_URL=empty_database_url),
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    async with asyncio.timeout(20):
        while b"waits for it" not in await process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 130
    await other.close()
