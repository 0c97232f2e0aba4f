"""PostgreSQL for tests: servers to break, and databases to throw away."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil

from hyred_chat.db.cluster import Cluster
from hyred_chat.db.migrate import upgrade
from hyred_chat.db.pool import Database

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

SCHEMA = "blytz_hire"
TEMPLATE = "hyred_template"


def replace_database(url: str, name: str) -> str:
    """The same server's URL for another database."""
    server, _, query = url.partition("?")
    return f"{server.rsplit('/', 1)[0]}/{name}?{query}"


async def wait_in_postgres(connection: Connection, condition: str) -> None:
    """Wait, at most 5 s, until a condition holds that PostgreSQL can see."""
    await connection.execute(
        f"DO $$ BEGIN WHILE NOT ({condition}) LOOP "
        "PERFORM pg_sleep(0.001); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$",
        timeout=5,
    )


async def wait_for_setting(connection: Connection, name: str, value: str) -> None:
    """Wait, at most 5 s, until a connection has a setting of a configuration that was reloaded.

    A backend takes new settings between two commands, and never within one that waits for them.
    """
    async with asyncio.timeout(5):
        while await connection.fetchval("SELECT current_setting($1)", name) != value:
            pass


async def removed_by_filters(database: Database, statement: str, *arguments: object) -> int:
    """How many rows a statement reads and throws away."""
    async with database.connection() as connection:
        lines = await connection.fetch(f"EXPLAIN (ANALYZE, COSTS OFF) {statement}", *arguments)
    marks = (line[0].rpartition("Rows Removed by Filter:") for line in lines)
    return sum(int(number) for _, mark, number in marks if mark)


def new_home() -> Path:
    """A new folder. Not pytest's: its name may be too long for a socket, and it would be kept."""
    return Path(tempfile.mkdtemp(prefix="hyred-tests-"))


def copy_cluster(pristine: Path, directory: Path) -> None:
    """Copy a data directory, owners included: several times quicker than making one."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-Rp", pristine, directory], check=True)


class PrivatePostgres(Cluster):
    """A PostgreSQL of a test's own, to be stopped and started as the test likes: `start`, `stop(immediate=)`, `url`.

    Args:
        pristine: a data directory that nobody uses, to start from.
    """

    def __init__(self, pristine: Path) -> None:
        self._home = new_home()
        copy_cluster(pristine, self._home / "postgres")
        super().__init__(self._home / "postgres")
        self._frozen: list[psutil.Process] = []

    def freeze(self) -> None:
        """Stop all its processes from running, as when its machine hangs: connections stay open and nothing answers."""
        postmaster = psutil.Process(int((self.directory / "postmaster.pid").read_text().split()[0]))
        postmaster.suspend()  # first, so that no new ones come
        self._frozen = [postmaster]
        for process in postmaster.children():
            with suppress(psutil.NoSuchProcess):  # somebody has just disconnected
                process.suspend()
                self._frozen.append(process)

    def thaw(self) -> None:
        """Let its processes run again."""
        for process in self._frozen:
            with suppress(psutil.NoSuchProcess):
                process.resume()
        self._frozen = []

    def remove(self) -> None:
        self.thaw()
        self.stop(immediate=True)
        shutil.rmtree(self._home)


class Standby(Cluster):
    """A server that follows another by streaming replication, until it is promoted: `start`, `promote`, `url`.

    Args:
        primary: a running server.
    """

    def __init__(self, primary: Cluster) -> None:
        self._home = new_home()
        directory = self._home / "postgres"
        directory.mkdir(mode=0o700)
        owner = primary.directory.stat()
        os.chown(directory, owner.st_uid, owner.st_gid)
        super().__init__(directory)
        source = parse_qs(urlsplit(primary.url).query)["host"][0]
        copied = self._run("pg_basebackup", "-D", directory, "-h", source, "-U", "postgres", "-R", "-c", "fast")
        assert copied.returncode == 0, copied.stderr

    def promote(self) -> None:
        """Let it take writes, and wait until it does."""
        promoted = self._run("pg_ctl", "promote", "-w", "-D", self.directory)
        assert promoted.returncode == 0, promoted.stderr

    def remove(self) -> None:
        self.stop(immediate=True)
        shutil.rmtree(self._home)


def join_hosts(*servers: Cluster) -> str:
    """The URL that names all of these."""
    wheres = [parse_qs(urlsplit(server.url).query) for server in servers]
    hosts, ports = (",".join(where[name][0] for where in wheres) for name in ("host", "port"))
    return f"postgresql://postgres@/postgres?host={hosts}&port={ports}"


class TemplateServer:
    """Makes databases by copying one that was migrated once, which takes a fiftieth of a second."""

    def __init__(self, url: str, admin: Connection) -> None:
        self._url = url
        self._admin = admin
        self._count = 0

    @classmethod
    async def connect(cls, url: str) -> "TemplateServer":
        admin = await asyncpg.connect(url)
        await admin.execute(f"CREATE DATABASE {TEMPLATE}")
        await asyncio.to_thread(upgrade, replace_database(url, TEMPLATE), SCHEMA)
        return cls(url, admin)

    async def create(self, template: str = TEMPLATE) -> str:
        """The URL of a new database. `template1` is an empty one."""
        self._count += 1
        name = f"test_{self._count}"
        await self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return replace_database(self._url, name)

    async def drop(self, url: str) -> None:
        name = url.partition("?")[0].rsplit("/", 1)[1]
        connected = f"FROM pg_stat_activity WHERE datname = '{name}'"
        await self._admin.execute(f"SELECT pg_terminate_backend(pid) {connected}")
        # DROP DATABASE looks again only after 100 ms when it finds a connection; they are gone after one or two.
        await wait_in_postgres(self._admin, f"NOT EXISTS (SELECT {connected})")
        await self._admin.execute(f"DROP DATABASE {name}")

    async def close(self) -> None:
        await self._admin.close()
