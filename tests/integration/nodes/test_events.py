"""Changes that are written down for all processes: each is applied once, whatever the order of the commits."""

from collections.abc import AsyncIterator, Collection

import asyncpg
import pytest

from hyred_chat import tidying
from hyred_chat.db.pool import Database
from hyred_chat.nodes import events as events_module
from hyred_chat.nodes import repository
from hyred_chat.nodes.events import NodeEvent, NodeEvents
from tests.integration.messages.lanes import add_room
from tests.postgres import SCHEMA, Connection, removed_by_filters


class Process:
    """A process that looks at the table when it is told to, and what that made it do."""

    def __init__(self, database: Database) -> None:
        self.applied: list[NodeEvent] = []
        self.revalidations = 0
        self.horizons: list[int] = []
        self.events = NodeEvents(
            database,
            poll_seconds=60,
            appliers={"user": self._apply_users, "room": self._apply_rooms, "pair": self._apply_pairs},
            revalidate=self._revalidate,
            on_horizon=self.horizons.append,
        )

    async def look(self) -> list[NodeEvent]:
        """What one look at the table has it apply."""
        before = len(self.applied)
        await self.events._poll()
        return self.applied[before:]

    async def _apply_users(self, ids: Collection[str]) -> None:
        self.applied += [NodeEvent("user", each) for each in ids]

    async def _apply_rooms(self, ids: Collection[str]) -> None:
        self.applied += [NodeEvent("room", each) for each in ids]

    async def _apply_pairs(self, ids: Collection[str]) -> None:
        self.applied += [NodeEvent("pair", each) for each in ids]

    async def _revalidate(self) -> None:
        self.revalidations += 1


@pytest.fixture
async def process(database: Database) -> Process:
    process = Process(database)
    await process.look()
    return process


@pytest.fixture
async def host(database_url: str) -> AsyncIterator[Connection]:
    """A connection of somebody else's."""
    connection = await asyncpg.connect(database_url, server_settings={"search_path": SCHEMA})
    yield connection
    await connection.close()


async def write(connection: Connection, subject: str) -> None:
    await connection.execute("INSERT INTO node_events (kind, subject) VALUES ('room', $1)", subject)


async def test_the_first_look_compares_everything_and_applies_nothing_of_before(
    database: Database, host: Connection
) -> None:
    await write(host, "before")
    process = Process(database)
    assert await process.look() == []
    assert process.revalidations == 1
    await write(host, "after")
    assert await process.look() == [NodeEvent("room", "after")]
    assert process.revalidations == 1


async def test_each_event_is_applied_once(process: Process, host: Connection) -> None:
    await write(host, "one")
    await write(host, "one")
    await write(host, "two")
    assert await process.look() == [NodeEvent("room", "one"), NodeEvent("room", "two")]
    assert await process.look() == []


async def test_an_event_that_commits_after_younger_ones_is_applied_when_it_does(
    process: Process, host: Connection, database: Database
) -> None:
    """However long that takes: ids are no clock."""
    transaction = host.transaction()
    await transaction.start()
    await write(host, "old")
    async with database.connection() as connection:
        for subject in ("young", "younger"):
            await write(connection, subject)
            assert await process.look() == [NodeEvent("room", subject)]
        assert await process.look() == []
        await transaction.commit()
        await write(connection, "youngest")
    assert await process.look() == [NodeEvent("room", "old"), NodeEvent("room", "youngest")]
    assert await process.look() == []


async def test_an_event_that_could_not_be_applied_is_applied_later(
    process: Process, host: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(host, "one")

    async def fail(_: Collection[str]) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setitem(process.events._appliers, "room", fail)
        with pytest.raises(ConnectionError):
            await process.look()
    assert await process.look() == [NodeEvent("room", "one")]


async def test_who_has_not_looked_for_most_of_an_hour_compares_everything(
    process: Process, host: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert process.events._looked_at is not None
    process.events._looked_at -= events_module.MAX_GAP
    await write(host, "one")
    assert await process.look() == []
    assert process.revalidations == 2
    monkeypatch.setattr(events_module, "MAX_EVENTS", 3)
    for number in range(5):
        await write(host, f"room-{number}")
    assert await process.look() == []
    assert process.revalidations == 3
    assert process.events._horizon is not None
    process.events._horizon += 1_000_000  # as it is after a backup was restored elsewhere
    await process.look()
    assert process.revalidations == 4
    await write(host, "after")
    assert await process.look() == [NodeEvent("room", "after")]


async def test_old_events_are_deleted_and_younger_ones_stay(
    process: Process, host: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "ROWS_AT_ONCE", 10)
    await host.execute(
        "INSERT INTO node_events (kind, subject, at)"
        " SELECT 'room', 'r' || n, now() - interval '61 minutes' FROM generate_series(1, 25) n"
    )
    await write(host, "young")
    await tidying.tidy_up(
        process.events._database, repository.delete_old_events, keep_seconds=events_module.KEEP_SECONDS
    )
    assert [row["subject"] for row in await host.fetch("SELECT subject FROM node_events")] == ["young"]


async def test_young_events_are_not_read_to_find_the_old_ones(database: Database, host: Connection) -> None:
    await host.execute("INSERT INTO node_events (kind, subject) SELECT 'room', 'r' || n FROM generate_series(1, 999) n")
    await host.execute("ANALYZE node_events")
    assert await removed_by_filters(database, repository.DELETE_OLD, events_module.KEEP_SECONDS, 1_000) == 0


async def test_whoever_changes_people_or_members_leaves_events(process: Process, host: Connection) -> None:
    """Also the host by SQL, and a version that does not know of them."""
    await host.execute("INSERT INTO users (id, email, role) VALUES ('new', 'new@mail.example', 'va')")
    room_id = await add_room(process.events._database, "room", "ana", "bob")
    assert await process.look() == [NodeEvent("room", room_id)]
    for statement, event in (
        ("UPDATE users SET disabled_at = now() WHERE id = 'new'", NodeEvent("user", "new")),
        ("UPDATE users SET email = 'other@mail.example' WHERE id = 'new'", NodeEvent("user", "new")),
        ("INSERT INTO va_profiles (user_id, name) VALUES ('new', 'New')", NodeEvent("user", "new")),
        ("UPDATE va_profiles SET avatar_url = 'x' WHERE user_id = 'new'", NodeEvent("user", "new")),
        ("DELETE FROM va_profiles WHERE user_id = 'new'", NodeEvent("user", "new")),
        ("DELETE FROM users WHERE id = 'new'", NodeEvent("user", "new")),
        ("DELETE FROM chat_members WHERE user_id = 'bob'", NodeEvent("room", room_id)),
    ):
        await host.execute(statement)
        assert await process.look() == [event], statement
    await host.execute("UPDATE users SET last_seen_at = now()")
    await host.execute("UPDATE users SET email = email")
    await host.execute("UPDATE chat_members SET last_read_seq = 1")
    await host.execute("UPDATE chat_rooms SET last_seq = 1, status = 'active'")
    assert await process.look() == []
