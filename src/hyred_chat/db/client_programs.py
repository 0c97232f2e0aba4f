"""PostgreSQL's client programs: those of the system, or those that come along with the embedded server."""

import asyncio
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote

from hyred_chat.db import cluster
from hyred_chat.db.connecting import Connection


class ProgramError(Exception):
    """A program is missing or has failed. The message says why, without a full stop."""


@dataclass(frozen=True, slots=True)
class Target:
    """A database that a program is to work on.

    Attributes:
        url: where it is; see `Connector`.
        server_version: its server's major version. A program that is older refuses to work on it.
        is_encrypted: whether connections to it are. Our own programs speak no TLS.
    """

    url: str
    server_version: int
    is_encrypted: bool


async def describe_target(connection: Connection, url: str) -> Target:
    """The database that somebody is connected to by that URL."""
    is_encrypted = await connection.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    return Target(url, connection.get_server_version().major, bool(is_encrypted))


async def run_program(target: Target, name: str, *arguments: str) -> str:
    """Run `pg_dump` or `pg_restore` on a database.

    The password is not among the arguments, which every account of the machine may read.

    Args:
        name: of the program.
        arguments: all but the database.

    Returns:
        What it printed.

    Raises:
        ProgramError: there is no such program, or it has failed.
    """
    program = await _find_program(target, name)
    address, environment = _split_password(target.url)
    process = await asyncio.create_subprocess_exec(
        program, *arguments, f"--dbname={address}", stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=environment
    )
    try:
        output, errors = await process.communicate()
    except BaseException:
        process.terminate()
        await process.wait()
        raise
    if process.returncode != 0:
        raise ProgramError(_first_error(errors.decode(errors="replace")) or f"{name} ended with {process.returncode}")
    return output.decode(errors="replace")


async def _find_program(target: Target, name: str) -> str:
    found = shutil.which(name)
    if found is not None and await _read_version(found) >= target.server_version:
        return found
    if not target.is_encrypted and target.server_version <= cluster.VERSION:
        with suppress(FileNotFoundError):
            return str(cluster.find_programs() / name)
    raise ProgramError(
        f"there is no {name} of version {target.server_version} or newer on the PATH. Install PostgreSQL's client "
        f"programs (Debian, Ubuntu: apt install postgresql-client-{target.server_version})"
    )


async def _read_version(program: str) -> int:
    process = await asyncio.create_subprocess_exec(program, "--version", stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    output, _ = await process.communicate()
    version = re.search(rb"\) (\d+)", output)
    return int(version[1]) if version else 0


def _split_password(url: str) -> tuple[str, dict[str, str]]:
    """The URL without its password, and the environment that has it."""
    environment = dict(os.environ) | {"LC_ALL": "C"}
    # As everywhere else: of several hosts, the one that takes writes.
    environment.setdefault("PGTARGETSESSIONATTRS", "read-write")
    scheme, _, rest = url.partition("://")
    authority, slash, name = rest.partition("/")
    account, at, hosts = authority.rpartition("@")
    user, colon, password = account.partition(":")
    if colon:
        environment["PGPASSWORD"] = unquote(password)
    return f"{scheme}://{user}{at}{hosts}{slash}{name}", environment


def _first_error(output: str) -> str:
    """The first line that tells of an error, without the name of the program before it."""
    reasons = re.findall(r"(?:error|FATAL|ERROR):\s+(.+)", output)
    return reasons[0].strip().rstrip(".") if reasons else output.strip().replace("\n", " ")
