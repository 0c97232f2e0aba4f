"""The PostgreSQL that comes along: started by the first process that needs it, stopped by the last one that leaves."""

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hyred_chat.db.cluster import Cluster, PostgresStartError

__all__ = ["EmbeddedPostgres", "PostgresStartError", "start_embedded"]


class EmbeddedPostgres:
    """This process's share in the embedded server.

    Who uses the server is known by file locks, not by process ids in a file: the kernel drops a lock when its process
    dies in whatever way, so a process that was killed keeps nothing running.

    Attributes:
        url: how to reach it, for asyncpg.
    """

    def __init__(self, data_dir: Path) -> None:
        self._cluster = Cluster(data_dir / "postgres")
        # Held for a moment: one process at a time starts or stops the server.
        self._turn_lock = _open(data_dir / "postgres.lock")
        # Held by every user for as long as it lives.
        self._share_lock = _open(data_dir / "postgres.users")
        self._has_share = False
        self.url = self._cluster.url

    def start(self) -> None:
        """Take a share, starting the server if nobody has. Raises PostgresStartError with the reason."""
        atexit.register(self.stop)
        self._has_share = True
        try:
            with self._turn():
                fcntl.flock(self._share_lock, fcntl.LOCK_SH)
                self._cluster.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Give the share back; the last one stops the server. May be called again, and is called at exit."""
        if not self._has_share:
            return
        self._has_share = False
        atexit.unregister(self.stop)
        with self._turn():
            if self._is_last():
                self._cluster.stop()
        os.close(self._share_lock)
        os.close(self._turn_lock)

    def _is_last(self) -> bool:
        try:
            fcntl.flock(self._share_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self._share_lock, fcntl.LOCK_UN)
            return False
        return True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        fcntl.flock(self._turn_lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._turn_lock, fcntl.LOCK_UN)


def start_embedded(data_dir: Path) -> EmbeddedPostgres:
    """Start PostgreSQL on `data_dir/postgres`, or join the one that another process has started there.

    The first start makes the directory (about a second). Call `stop` at the end; it happens at exit otherwise.

    Raises:
        PostgresStartError: one sentence that says why: disk, permissions, a version that cannot read the data.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        embedded = EmbeddedPostgres(data_dir)
    except OSError as error:
        raise PostgresStartError(f"PostgreSQL could not start in {data_dir}: {error}.") from error
    embedded.start()
    return embedded


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
