"""Opening one connection to PostgreSQL: to the first host that takes writes, with bounds on everything it may do."""

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

import asyncpg

from hyred_chat.config.values import check_schema_name
from hyred_chat.db.faults import is_connectivity_error
from hyred_chat.tcp import watch_peer

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

# The server ends a statement that runs too long. When the server itself is silent, the client gives up a little later.
STATEMENT_TIMEOUT_SECONDS = 10
SILENCE_TIMEOUT_SECONDS = 12.0
# How long a statement waits for somebody else's lock. It holds one of the pool's connections meanwhile.
LOCK_TIMEOUT_SECONDS = 4
# How long a transaction of ours may hold locks and do nothing.
IDLE_IN_TRANSACTION_SECONDS = 10
# How often the server looks whether the client of a running statement is still there: when it is not, the statement
# ends, even one that waits for a lock. Nothing is stored long after its sender was told that nothing was.
CLIENT_CHECK_MILLISECONDS = 1000
UPKEEP_CONNECT_TIMEOUT_SECONDS = 10.0
# A host that does not answer keeps the others waiting this long at least.
LEAST_HOST_TIMEOUT_SECONDS = 1.0

# A peer that is gone without a word is noticed within seconds, by either side; by default it takes two hours. The
# server then lets go of the locks that a vanished node held.
_SERVER_TCP_SETTINGS = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
_TCP_OPTIONS = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 5000}


class LostSettingsError(asyncpg.PostgresError):
    """The session lacks what it was opened with, so statements would find no tables, or those of others."""

    def __init__(self) -> None:
        super().__init__("a connection pooler on the way drops the settings of connections; connect without it")


def server_settings(schema: str) -> dict[str, str]:
    """What every connection tells the server when it starts a session. Raises ValueError for what names no schema."""
    return {
        "search_path": f'"{check_schema_name(schema)}"',
        "application_name": "hyred-chat",
        # Compiling a statement costs more than any statement here takes.
        "jit": "off",
        # Plans are kept with their prepared statements: one that was made while the tables were small must not scan
        # them when they have grown. Every look-up has an index.
        "enable_seqscan": "off",
        # A statement that reads a room is planned for 2 ms and executed for 0.3.
        "plan_cache_mode": "force_generic_plan",
        "statement_timeout": str(STATEMENT_TIMEOUT_SECONDS * 1000),
        "lock_timeout": str(LOCK_TIMEOUT_SECONDS * 1000),
        "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_SECONDS * 1000),
        "client_connection_check_interval": str(CLIENT_CHECK_MILLISECONDS),
    }


class Connector:
    """Opens connections to one of the hosts that a URL names. Hosts are tried in turn, the last good one first.

    asyncpg would try them too, but with one deadline for all: a host that is silent would use it up.

    Args:
        url: `postgresql://user:password@host:port/name`, with `host1:port,host2:port` for several hosts; for a Unix
            socket, `…@/name?host=DIRECTORY`. `target_session_attrs` is `read-write` unless it says otherwise.
        settings: see `server_settings`.
        is_patient: whether an answer may take as long as it likes. A peer that is gone is still noticed.
    """

    def __init__(self, url: str, settings: dict[str, str], *, is_patient: bool = False) -> None:
        self._urls = list_hosts(url)
        self._settings = settings
        self._is_patient = is_patient

    async def open(self, *, timeout_seconds: float, **settings: str) -> Connection:
        """A new connection, which the caller owns.

        Args:
            timeout_seconds: for each host its share of it.
            settings: server settings on top of those that every connection has.

        Raises:
            OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError: of the last host.
        """
        deadline = time.monotonic() + timeout_seconds
        *others, last = self._urls
        for position, url in enumerate(others):
            share = (deadline - time.monotonic()) / (len(others) + 1 - position)
            try:
                return await self._open(url, share, settings)
            except Exception as error:
                if not is_connectivity_error(error):
                    raise
        return await self._open(last, deadline - time.monotonic(), settings)

    async def _open(self, url: str, timeout_seconds: float, settings: dict[str, str]) -> Connection:
        is_local = "host=%2F" in url  # a Unix socket
        deadline = time.monotonic() + timeout_seconds
        connection = await asyncpg.connect(
            url,
            timeout=max(timeout_seconds, LEAST_HOST_TIMEOUT_SECONDS),
            command_timeout=None if self._is_patient else SILENCE_TIMEOUT_SECONDS,
            server_settings=self._settings | settings | ({} if is_local else _SERVER_TCP_SETTINGS),
        )
        # asyncpg shows its transport nowhere.
        watch_peer(connection._transport.get_extra_info("socket"), _TCP_OPTIONS)  # type: ignore[attr-defined]  # noqa: SLF001
        await self._check_settings(connection, max(deadline - time.monotonic(), LEAST_HOST_TIMEOUT_SECONDS))
        # A stable sort: the others keep their order.
        self._urls.sort(key=lambda other: other != url)
        return connection

    async def _check_settings(self, connection: Connection, timeout_seconds: float) -> None:
        try:
            search_path = await connection.fetchval("SHOW search_path", timeout=timeout_seconds)
        except BaseException:
            connection.terminate()
            raise
        if search_path != self._settings["search_path"]:
            connection.terminate()
            raise LostSettingsError


async def connect_for_upkeep(url: str, schema: str, *, lock_timeout_seconds: float) -> Connection:
    """A connection for migrations, backups and the like, whose statements take as long as they need.

    Raises:
        OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError: of the last host.
    """
    settings = server_settings(schema) | {"statement_timeout": "0", "lock_timeout": f"{lock_timeout_seconds}s"}
    return await Connector(url, settings, is_patient=True).open(timeout_seconds=UPKEEP_CONNECT_TIMEOUT_SECONDS)


def list_hosts(url: str) -> list[str]:
    """The same URL for each host that it names, each asking for a server that takes writes unless it says otherwise."""
    # By hand: several hosts, one of them an IPv6 address, are no URL to the standard library.
    address, _, query_string = url.partition("?")
    scheme, _, rest = address.partition("://")
    authority, slash, name = rest.partition("/")
    account, at, hosts = authority.rpartition("@")
    query = dict(parse_qsl(query_string, keep_blank_values=True))
    query.setdefault("target_session_attrs", "read-write")
    if hosts:
        return [f"{scheme}://{account}{at}{host}{slash}{name}?{_encode(query)}" for host in hosts.split(",")]
    directories = query.get("host", "").split(",")
    ports = query.get("port", "").split(",")
    ports *= len(directories) if len(ports) == 1 else 1
    each = [{**query, "host": host, "port": port} for host, port in zip(directories, ports, strict=True)]
    return [f"{scheme}://{authority}{slash}{name}?{_encode(one)}" for one in each]


def _encode(query: dict[str, str]) -> str:
    return urlencode({name: value for name, value in query.items() if value}, quote_via=quote, safe="")
