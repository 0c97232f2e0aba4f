"""Files that reports hold: whoever removes them, at whatever moment, they stay until no report holds them."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from hyred_chat.db.files import removal_of_files
from hyred_chat.db.pool import Connection, Database
from hyred_chat.files import holding, repository
from hyred_chat.files.cleaning import compare
from hyred_chat.files.removal import Removal
from hyred_chat.files.stores import FolderStore
from hyred_chat.moderation.late_holds import LateHolds
from hyred_chat.moments import DAY_SECONDS
from tests.integration.files.test_cleaning import put, ready
from tests.postgres import wait_in_postgres

HELD_DAYS = 90
# As every version does it that knows files.
REMOVE = "UPDATE files SET removed_at = clock_timestamp(), name = '' WHERE id = 'f1'"
WAITS = "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"


class World:
    """A file `f1` of a message, with its bytes, and reports about it."""

    def __init__(self, database: Database, store: FolderStore) -> None:
        self.database = database
        self.store = store
        self.removal = Removal(database, store, held_seconds=HELD_DAYS * DAY_SECONDS)
        self.late_holds = LateHolds(database, held_seconds=HELD_DAYS * DAY_SECONDS)

    async def execute(self, statement: str, *values: Any) -> None:
        async with self.database.connection() as connection:
            await connection.execute(statement, *values)

    async def send(self, file_id: str = "f1") -> None:
        """Have a file in a message."""
        await ready(self.database, file_id, previews={"preview": 3})
        await put(self.store, file_id, "content", "preview")
        await self.execute(
            "UPDATE files SET message_id = 'm-' || id, message_seq = 1, expires_at = NULL WHERE id = $1", file_id
        )

    async def report(self, report_id: str, *, evidence: dict[str, Any] | None = None) -> None:
        """A report that holds nothing yet."""
        await self.execute(
            "INSERT INTO reports (id, reporter_id, subject, user_id, reason)"
            " VALUES ($1, $1, 'message:m', 'ana', 'spam')",
            report_id,
        )
        kept = orjson.dumps(evidence or {"message": None, "versions": [], "around": []}).decode()
        await self.execute("INSERT INTO report_evidence (report_id, evidence) VALUES ($1, $2)", report_id, kept)

    async def hold(self, report_id: str, *file_ids: str) -> None:
        async with self.database.transaction() as connection:
            await holding.hold(connection, report_id, file_ids or ["f1"])

    async def report_and_hold(self, report_id: str, *file_ids: str) -> None:
        await self.report(report_id)
        await self.hold(report_id, *file_ids)

    async def decide(self, report_id: str) -> None:
        """As a version does it that holds nothing."""
        await self.execute("UPDATE reports SET state = 'resolved', decided_at = now() WHERE id = $1", report_id)

    async def kept(self) -> list[str]:
        """The files of which there are bytes, after what has to go has gone."""
        await self.removal.remove_all()
        return sorted([each async for each in self.store.list_ids()])

    async def held(self, report_id: str) -> list[str]:
        async with self.database.connection() as connection:
            return await holding.list_held(connection, report_id)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    return World(database, FolderStore(tmp_path / "files"))


async def test_a_held_file_is_withdrawn_with_its_name_and_goes_when_its_report_is_decided(world: World) -> None:
    await world.send()
    await world.report_and_hold("r1")
    await world.execute(REMOVE)
    assert await world.kept() == ["f1"]
    async with world.database.connection() as connection:
        row = await connection.fetchrow("SELECT name, removed_at, withdrawn_at IS NOT NULL AS is_withdrawn FROM files")
    assert tuple(row or ()) == ("a", None, True)
    await world.decide("r1")
    assert await world.kept() == []
    async with world.database.connection() as connection:
        assert await connection.fetchval("SELECT name FROM files") == ""
        assert await connection.fetchval("SELECT count(*) FROM held_files") == 0


async def test_a_file_whose_message_is_there_stays_when_no_report_holds_it_any_more(world: World) -> None:
    await world.send()
    await world.report_and_hold("r1")
    await world.decide("r1")
    assert await world.kept() == ["f1"]
    await world.execute(REMOVE)
    assert await world.kept() == []


async def test_of_several_reports_the_last_one_lets_go(world: World) -> None:
    await world.send()
    await world.report_and_hold("r1")
    await world.execute(REMOVE)
    await world.report_and_hold("r2")
    await world.decide("r1")
    assert await world.kept() == ["f1"]
    assert (await world.held("r1"), await world.held("r2")) == ([], ["f1"])
    await world.decide("r2")
    assert await world.kept() == []


async def test_what_was_removed_before_the_report_is_not_held(world: World) -> None:
    await world.send()
    await world.execute(REMOVE)
    await world.report_and_hold("r1")
    assert await world.held("r1") == []
    assert await world.kept() == []


async def test_a_report_that_is_deleted_by_sql_holds_nothing(world: World) -> None:
    await world.send()
    await world.report_and_hold("r1")
    await world.execute(REMOVE)
    await world.execute("DELETE FROM reports")
    assert await world.kept() == []


async def test_files_of_a_report_that_nobody_decides_go_after_their_time(world: World) -> None:
    await world.send()
    await world.report_and_hold("r1")
    await world.execute(REMOVE)
    move = "UPDATE reports SET created_at = clock_timestamp() - $1::float8 * interval '1 day'"
    await world.execute(move, HELD_DAYS - 0.01)
    assert await world.kept() == ["f1"]
    await world.execute(move, HELD_DAYS + 0.01)
    assert await world.kept() == []


async def test_doctor_and_cleaning_know_what_is_held(world: World) -> None:
    await world.send()
    await world.report_and_hold("r1")
    await world.execute(REMOVE)
    found = await compare(world.database, world.store, progress=lambda _: None)
    assert (found.known, found.leftovers, found.missing) == (1, [], [])


async def test_more_than_fits_into_one_round_is_let_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hyred_chat.files.removal.FILES_AT_ONCE", 2)
    names = [f"f{number}" for number in range(5)]
    for name in names:
        await world.send(name)
    await world.report_and_hold("r1", *names)
    await world.execute("UPDATE files SET removed_at = clock_timestamp(), name = ''")
    assert await world.kept() == names
    await world.decide("r1")
    assert await world.kept() == []


async def _wait_for_waiter(connection: Connection) -> None:
    await wait_in_postgres(connection, WAITS)


async def test_whoever_deletes_while_a_report_is_stored_waits_and_removes_nothing(world: World) -> None:
    await world.send()
    await world.report("r1")
    async with world.database.transaction() as connection:
        await holding.hold(connection, "r1", ["f1"])
        removing = asyncio.create_task(world.execute(REMOVE))
        await _wait_for_waiter(connection)
    await removing
    assert await world.kept() == ["f1"]
    assert await world.held("r1") == ["f1"]


async def test_a_report_that_is_stored_while_a_message_is_deleted_waits_and_holds_nothing(world: World) -> None:
    await world.send()
    await world.report("r1")
    async with world.database.transaction() as connection:
        await connection.execute(REMOVE)
        reporting = asyncio.create_task(world.hold("r1"))
        await _wait_for_waiter(connection)
    await reporting
    assert await world.held("r1") == []
    assert await world.kept() == []


async def test_whoever_removes_several_files_locks_them_in_the_order_of_their_ids(world: World) -> None:
    for file_id in ("f2", "f1"):  # as they are in the table
        await world.send(file_id)
    async with world.database.connection() as observer, world.database.transaction() as connection:
        await connection.execute("SELECT FROM files WHERE id = 'f1' FOR UPDATE")
        removing = asyncio.create_task(world.execute(removal_of_files("room_id = 'r'")))
        await _wait_for_waiter(observer)
        await observer.execute("SELECT FROM files WHERE id = 'f2' FOR UPDATE NOWAIT")
    await removing
    assert await world.kept() == []


async def test_a_report_that_is_opened_again_while_its_files_are_let_go_keeps_what_it_holds(world: World) -> None:
    await world.send()
    await world.report_and_hold("r1")
    await world.execute(REMOVE)
    await world.decide("r1")
    async with world.database.transaction() as connection:
        await connection.execute("UPDATE reports SET state = 'open' WHERE id = 'r1'")
        await holding.hold(connection, "r1", ["f1"])
        removing = asyncio.create_task(world.removal.remove_all())
        await _wait_for_waiter(connection)
    await removing
    assert await world.kept() == ["f1"]
    assert await world.held("r1") == ["f1"]


async def test_two_that_let_go_of_the_last_holds_at_once_remove_the_file(world: World) -> None:
    await world.send()
    for report_id in ("r1", "r2"):
        await world.report_and_hold(report_id)
    await world.execute(REMOVE)
    for report_id in ("r1", "r2"):
        await world.decide(report_id)
    await asyncio.gather(*(world.removal.remove_all() for _ in range(4)))
    assert await world.kept() == []


@pytest.mark.parametrize("place", ["message", "around"])
async def test_a_report_that_an_older_version_took_holds_its_files_once_this_one_looks(
    world: World, place: str
) -> None:
    message = {"id": "m", "attachments": [{"id": "f1"}, {"id": "never-there"}]}
    evidence: dict[str, Any] = {"message": None, "versions": [], "around": [{"id": "before there were files"}]}
    evidence[place] = message if place == "message" else [message]
    await world.send()
    await world.report("r1", evidence=evidence)
    await world.report("too-old", evidence=evidence)
    await world.execute("UPDATE reports SET created_at = now() - interval '91 days' WHERE id = 'too-old'")
    await world.late_holds.hold_all()
    assert (await world.held("r1"), await world.held("too-old")) == (["f1"], [])
    await world.execute(REMOVE)
    assert await world.kept() == ["f1"]
    await world.execute("DELETE FROM held_files")
    await world.late_holds.hold_all()
    assert await world.held("r1") == [], "it is looked at once"


async def test_a_picture_of_a_group_is_held_by_no_report(world: World) -> None:
    await world.send()
    await world.execute("UPDATE files SET message_seq = NULL, message_id = room_id")
    await world.report_and_hold("r1")
    assert await world.held("r1") == []


async def test_a_withdrawn_file_is_in_no_list_and_no_message(world: World) -> None:
    await world.send()
    await world.report_and_hold("r1")
    async with world.database.connection() as connection:
        assert await repository.list_sent(connection, "r", kind=None, after=None, limit=9) == [(1, "f1")]
        await connection.execute(REMOVE)
        assert await repository.list_sent(connection, "r", kind=None, after=None, limit=9) == []
