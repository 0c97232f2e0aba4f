"""The embedded PostgreSQL: who starts it, who stops it, and what it says when it cannot run."""

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from hyred_chat.db import cluster
from hyred_chat.db.cluster import Cluster
from hyred_chat.db.embedded import PostgresStartError, start_embedded
from hyred_chat.db.system_account import find_account
from tests.postgres import copy_cluster, new_home

# Starts it, says so, and stays until its input ends.
USE = """
import sys
from pathlib import Path
from hyred_chat.db.embedded import start_embedded
start_embedded(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends PostgreSQL an account")
Launch = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def fresh_dir() -> Iterator[Path]:
    """A place for a data directory, where there is none yet."""
    home = new_home()
    yield home / "data"
    Cluster(home / "data" / "postgres").stop(immediate=True)
    shutil.rmtree(home)


@pytest.fixture
def data_dir(fresh_dir: Path, pristine_cluster: Path) -> Path:
    """A data directory that has been used before."""
    copy_cluster(pristine_cluster, fresh_dir / "postgres")
    return fresh_dir


@pytest.fixture
def launch(fresh_dir: Path) -> Iterator[Launch]:
    """Launch a process that uses the server; it leaves when its input is closed."""
    processes: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", USE, str(fresh_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"  # and nothing before it
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def leave(process: "subprocess.Popen[str]") -> None:
    output, _ = process.communicate("", timeout=20)
    assert (process.returncode, output) == (0, "")


def read_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split("\n")[0])


def test_the_first_start_makes_the_directory_prints_nothing_and_stops_at_exit(fresh_dir: Path, launch: Launch) -> None:
    leave(launch())
    assert (fresh_dir / "postgres" / "PG_VERSION").exists()
    assert not Cluster(fresh_dir / "postgres").is_running()


def test_processes_share_one_server_and_the_last_to_leave_stops_it(data_dir: Path, launch: Launch) -> None:
    first, second = launch(), launch()
    pid = read_pid(data_dir)
    leave(first)
    assert read_pid(data_dir) == pid
    assert Cluster(data_dir / "postgres").is_running()
    leave(second)
    assert not Cluster(data_dir / "postgres").is_running()


def test_a_killed_process_leaves_a_server_that_the_next_start_joins_and_stops(data_dir: Path, launch: Launch) -> None:
    killed = launch()
    pid = read_pid(data_dir)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert Cluster(data_dir / "postgres").is_running()
    server = start_embedded(data_dir)
    assert read_pid(data_dir) == pid
    server.stop()
    assert not Cluster(data_dir / "postgres").is_running()


def test_stopping_twice_does_not_take_away_somebody_elses_server(data_dir: Path) -> None:
    first, second = start_embedded(data_dir), start_embedded(data_dir)
    first.stop()
    first.stop()
    assert Cluster(data_dir / "postgres").is_running()
    second.stop()
    assert not Cluster(data_dir / "postgres").is_running()


@as_root
def test_started_by_root_it_opens_the_way_to_its_data_for_its_own_account_alone(data_dir: Path) -> None:
    private = data_dir.parent
    private.chmod(0o700)
    start_embedded(data_dir).stop()
    assert not private.stat().st_mode & (stat.S_IRWXO | stat.S_IRGRP | stat.S_IWGRP)
    account = find_account(data_dir / "postgres")
    assert account is not None
    look = ["ls", str(data_dir / "postgres")]
    stranger = account.pw_uid + 1
    assert subprocess.run(look, check=False, user=account.pw_uid, extra_groups=[], capture_output=True).returncode == 0
    for group in (stranger, 0):
        refused = subprocess.run(look, check=False, user=stranger, group=group, extra_groups=[], capture_output=True)
        assert refused.returncode != 0
    mode = private.stat().st_mode
    start_embedded(data_dir).stop()
    assert private.stat().st_mode == mode


@as_root
def test_where_the_way_cannot_be_opened_for_one_account_it_is_not_opened_for_all(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    private = data_dir.parent
    private.chmod(0o700)
    with monkeypatch.context() as patch:
        patch.setattr(os, "setxattr", refuse)
        with pytest.raises(PostgresStartError, match=f"may not pass through {private}.*chmod o\\+x {private}"):
            start_embedded(data_dir)
    assert private.stat().st_mode & 0o777 == 0o700


@as_root
def test_a_way_that_was_open_before_is_left_as_it_was(data_dir: Path) -> None:
    private = data_dir.parent
    private.chmod(0o751)
    start_embedded(data_dir).stop()
    assert private.stat().st_mode & 0o777 == 0o751
    assert "system.posix_acl_access" not in os.listxattr(private)


async def test_it_is_reached_by_its_url_and_by_no_network(data_dir: Path) -> None:
    server = start_embedded(data_dir)
    connection = await asyncpg.connect(server.url)
    assert await connection.fetchval("SHOW listen_addresses") == ""
    assert await connection.fetchval("SHOW fsync") == "on"
    assert await connection.fetchval("SELECT lower('ÅÉЖ')") == "åéж"
    await connection.close()
    socket_mode = (data_dir / "postgres" / ".s.PGSQL.5432").stat().st_mode & 0o777
    assert socket_mode == 0o700
    server.stop()


@pytest.mark.parametrize("name", ["long" * 30, "with, comma"])
async def test_a_path_that_cannot_hold_a_socket_has_its_socket_elsewhere(
    fresh_dir: Path, pristine_cluster: Path, name: str
) -> None:
    copy_cluster(pristine_cluster, fresh_dir / name / "postgres")
    server = start_embedded(fresh_dir / name)
    assert "host=/tmp/hyred-" in server.url
    connection = await asyncpg.connect(server.url)
    await connection.close()
    server.stop()
    remove_private_directory(Path(server.url.split("host=")[1].split("&")[0]))


def test_a_socket_directory_that_somebody_has_prepared_is_refused(fresh_dir: Path, pristine_cluster: Path) -> None:
    long_dir = fresh_dir / ("long" * 30)
    copy_cluster(pristine_cluster, long_dir / "postgres")
    prepared = Path(Cluster(long_dir / "postgres").url.split("host=")[1].split("&")[0])
    prepared.symlink_to(fresh_dir)
    try:
        with pytest.raises(PostgresStartError, match="belongs to somebody else"):
            start_embedded(long_dir)
    finally:
        prepared.unlink()


def remove_private_directory(directory: Path) -> None:
    assert directory.stat().st_mode & 0o777 == 0o700
    directory.rmdir()


async def test_a_path_with_spaces_quotes_and_letters_of_any_script_is_fine(
    fresh_dir: Path, pristine_cluster: Path
) -> None:
    copy_cluster(pristine_cluster, fresh_dir / "Åse's data = 100% & more" / "postgres")
    server = start_embedded(fresh_dir / "Åse's data = 100% & more")
    assert "/postgres&" in server.url  # the socket is where the data is
    connection = await asyncpg.connect(server.url)
    await connection.close()
    server.stop()


async def test_committed_rows_survive_a_crash_of_the_server(data_dir: Path) -> None:
    cluster = Cluster(data_dir / "postgres")
    cluster.start()
    connection = await asyncpg.connect(cluster.url)
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    connection.terminate()
    cluster.stop(immediate=True)
    cluster.start()
    connection = await asyncpg.connect(cluster.url)
    assert await connection.fetchval("SELECT value FROM kept") == 7
    await connection.close()


def test_an_interrupted_first_start_does_not_hinder_the_next(fresh_dir: Path) -> None:
    (fresh_dir / "postgres.new" / "base").mkdir(parents=True)
    start_embedded(fresh_dir).stop()
    assert not (fresh_dir / "postgres.new").exists()


def test_a_dead_servers_lock_file_that_names_another_process_is_ignored(data_dir: Path) -> None:
    account = find_account(data_dir / "postgres")
    # PostgreSQL itself ignores processes of other accounts, so this stranger has its own.
    stranger = subprocess.Popen(["sleep", "60"], user=None if account is None else account.pw_uid)
    lock = f"{stranger.pid}\n{data_dir}/postgres\n1\n5432\n{data_dir}/postgres\n\n\nready\n"
    (data_dir / "postgres" / "postmaster.pid").write_text(lock)
    try:
        start_embedded(data_dir).stop()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_was_killed_is_started_again_at_once(data_dir: Path) -> None:
    cluster = Cluster(data_dir / "postgres")
    cluster.start()
    os.kill(read_pid(data_dir), signal.SIGKILL)
    deadline = time.monotonic() + 5
    while cluster.is_running():  # the kernel closes its socket a moment later
        assert time.monotonic() < deadline
    cluster.start()
    assert cluster.is_running()


def test_a_log_that_has_grown_is_put_aside_at_the_next_start(data_dir: Path) -> None:
    log = data_dir / "postgres" / "server.log"
    with log.open("a") as file:
        file.truncate(2_000_000)
    start_embedded(data_dir).stop()
    assert log.stat().st_size < 10_000
    assert log.with_suffix(".log.1").stat().st_size == 2_000_000


def test_data_of_another_version_is_refused_in_one_sentence(fresh_dir: Path) -> None:
    (fresh_dir / "postgres").mkdir(parents=True)
    (fresh_dir / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(PostgresStartError, match=r"made by PostgreSQL 16 and this version brings 18: dump it .*\.$"):
        start_embedded(fresh_dir)


def test_a_directory_that_holds_something_else_is_refused(fresh_dir: Path) -> None:
    (fresh_dir / "postgres").mkdir(parents=True)
    (fresh_dir / "postgres" / "holiday.jpg").touch()
    with pytest.raises(PostgresStartError, match="not empty"):
        start_embedded(fresh_dir)
    assert [path.name for path in (fresh_dir / "postgres").iterdir()] == ["holiday.jpg"]


def test_a_fresh_directory_that_is_a_file_is_refused(fresh_dir: Path) -> None:
    fresh_dir.touch()
    with pytest.raises(PostgresStartError, match=rf"^PostgreSQL could not start in {fresh_dir}: .*File exists"):
        start_embedded(fresh_dir)


def test_what_made_initdb_fail_is_passed_on_and_not_what_it_could_not_clean_away(
    fresh_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    initdb = tmp_path / "initdb"
    initdb.write_text(
        "#!/bin/sh\n"
        "echo 'FATAL:  could not open file \"base/1/1255\": Permission denied' >&2\n"
        "echo 'initdb: removing contents of data directory' >&2\n"
        "echo 'initdb: error: failed to remove contents of data directory' >&2\n"
        "exit 1\n"
    )
    initdb.chmod(0o755)
    monkeypatch.setattr(cluster, "find_programs", lambda: tmp_path)
    with pytest.raises(PostgresStartError, match=r"could not open file \"base/1/1255\": Permission denied\.$"):
        start_embedded(fresh_dir)


def test_what_postgres_complains_of_is_passed_on(data_dir: Path) -> None:
    with (data_dir / "postgres" / "postgresql.auto.conf").open("a") as settings:
        settings.write("shared_buffers = '1 parsec'\n")
    with pytest.raises(PostgresStartError, match=r"configuration file .* contains errors"):
        start_embedded(data_dir)
    (data_dir / "postgres" / "postgresql.auto.conf").write_text("")
    start_embedded(data_dir).stop()
