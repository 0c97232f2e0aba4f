"""What processes tell one another, through PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from hyred_chat.db.pool import Database
from hyred_chat.notifications.signals import Hint, NotifyTeller, Signals
from tests.postgres import SCHEMA

PATIENCE_SECONDS = 10.0


class Heard:
    """What has been heard."""

    def __init__(self) -> None:
        self.hints: list[Hint] = []
        self.connections = 0
        self._changed = asyncio.Event()

    async def listen(self, hints: Sequence[Hint]) -> None:
        self.hints += hints
        self._changed.set()

    async def fail(self, _: Sequence[Hint]) -> None:
        raise ValueError("a listener that fails")

    async def connected(self) -> None:
        self.connections += 1
        self._changed.set()

    async def wait_for(self, *, hints: int = 0, connections: int = 1) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.hints) < hints or self.connections < connections:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def listening(database: Database, heard: Heard) -> AsyncIterator[None]:
    signals = Signals(database, {"shown": heard.listen, "withdrawn": heard.fail}, heard.connected)
    task = asyncio.create_task(signals.run())
    try:
        await heard.wait_for()
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def tell(database: Database, kind: str, hints: list[Hint]) -> None:
    async with database.connection() as connection:
        await NotifyTeller(SCHEMA).tell(connection, kind, hints)


async def test_ten_thousand_people_are_told_in_payloads_that_postgresql_takes(database: Database) -> None:
    heard = Heard()
    hints = [Hint(f"user-{'ä' * 20}-{number}", f"{number:032x}") for number in range(10_000)]
    async with listening(database, heard):
        await tell(database, "shown", hints)
        await heard.wait_for(hints=len(hints))
    assert heard.hints == hints


async def test_a_listener_that_fails_keeps_nobody_from_hearing(database: Database) -> None:
    heard = Heard()
    async with listening(database, heard):
        await tell(database, "withdrawn", [Hint("ana", "1")])
        await tell(database, "shown", [Hint("ana", "2")])
        await heard.wait_for(hints=1)


async def test_who_was_cut_off_listens_again_and_knows_that_something_may_have_been_missed(
    database: Database,
) -> None:
    heard = Heard()
    async with listening(database, heard):
        async with database.connection() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        await heard.wait_for(connections=2)
        await tell(database, "shown", [Hint("ana", "1")])
        await heard.wait_for(hints=1)
