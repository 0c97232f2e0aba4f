"""The whole application in the test's own process: served by uvicorn's protocols, its statements in sight."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import asyncpg
import httpx
import uvicorn
from uvicorn.server import ServerState

from hyred_chat.app import Application
from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.http.connections import http_protocol
from hyred_chat.http.door import Door
from hyred_chat.nodes.repository import LIST_EVENTS
from hyred_chat.notifications import repository
from hyred_chat.parts import AnyPart
from hyred_chat.rooms.repository import LIST_UNKNOWN
from hyred_chat.search.part import SearchPart
from tests.acceptance.people import Chat
from tests.acceptance.server import API_KEY
from tests.postgres import SCHEMA

if TYPE_CHECKING:
    from tests.acceptance.server import Server

PATIENCE_SECONDS = 10.0
# What goes on beside every request, in its own time: hearing of notifications, having them follow read positions, and
# looking for what other processes have stored.
IN_THE_BACKGROUND = (
    "LISTEN ",
    repository._LIST_SILENCED,
    "SELECT pg_notify(",
    repository._FOLLOW_POSITIONS,
    LIST_UNKNOWN,
    LIST_EVENTS,
)
# People never meet these limits; tests that count do.
SETTINGS = {
    "dev_tokens": True,
    "admin_api_keys": (API_KEY,),
    "rate_limit_messages_per_minute": 0,
    "rate_limit_events_per_minute": 0,
    "rate_limit_requests_per_minute": 0,
    "sweep_seconds": 60,  # so that nothing comes by itself
    "changes_poll_seconds": 60,
    "push_worker": False,  # its looks would be counted among the statements of whatever is tested
}


class RunningApplication:
    """An application that serves.

    Attributes:
        database: its connections.
        url: where.
        database_url: its database.
        statements: the SQL of every statement that it has executed, but for what goes on in the background.
    """

    def __init__(self, application: Application, database: Database, url: str, database_url: str) -> None:
        self.application = application
        self.database = database
        self.url = url
        self.database_url = database_url
        self.statements: list[str] = []
        self._executed: Counter[str] = Counter()
        database.on_statement.append(self._take)

    def executed(self, sql: str) -> int:
        """How often this statement was executed, in the background or not."""
        return self._executed[sql]

    def _take(self, sql: str) -> None:
        self._executed[sql] += 1
        if not sql.startswith(IN_THE_BACKGROUND):
            self.statements.append(sql)

    def part(self, kind: type[AnyPart]) -> AnyPart:
        """The application's part of this kind."""
        return self.application.parts.get(kind)

    async def count(self) -> int:
        """How many statements there were since the last time. They are reported one turn of the loop after they end."""
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        count = len(self.statements)
        self.statements.clear()
        return count


@asynccontextmanager
async def running_application(
    database_url: str, door: Door | None = None, /, **settings: object
) -> AsyncIterator[RunningApplication]:
    """Serve on a free port until the block ends; with `door`, behind it, as a server does."""
    database = await Database.connect(database_url, schema=SCHEMA, pool_size=4)
    application = Application(Settings.model_validate({"database_url": database_url} | SETTINGS | settings), database)
    # Its statements would be counted among those of whatever is tested. Tests of the search index by themselves.
    application.parts.get(SearchPart).background = ()
    config = uvicorn.Config(
        application,
        http="auto" if door is None else http_protocol(door),
        ws=application.sockets.websocket_protocol,
        lifespan="on",
        log_config=None,
    )
    config.load()
    lifespan = config.lifespan_class(config)
    await lifespan.startup()
    new_protocol = cast("Callable[..., asyncio.Protocol]", config.http_protocol_class)
    state = ServerState()
    listener = await asyncio.get_running_loop().create_server(
        lambda: new_protocol(config=config, server_state=state, app_state=lifespan.state), host="127.0.0.1", port=0
    )
    port = listener.sockets[0].getsockname()[1]
    try:
        yield RunningApplication(application, database, f"http://127.0.0.1:{port}", database_url)
    finally:
        listener.close()
        await application.drain()
        for connection in list(state.connections):
            connection.shutdown()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*state.tasks, return_exceptions=True)
        await lifespan.shutdown()
        await database.close()


async def open_chat(running: RunningApplication) -> Chat:
    """People on it."""
    database = await asyncpg.connect(running.database_url, server_settings={"search_path": SCHEMA})
    return Chat(cast("Server", running), httpx.AsyncClient(base_url=running.url, timeout=20), database)
