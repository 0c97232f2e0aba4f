"""What workers ask of the database costs as much as there is to do, however much is scheduled, shown or kept."""

import pytest

from hyred_chat.db.pool import Connection, Database
from hyred_chat.notifications.attention import Attention
from hyred_chat.push import repository
from hyred_chat.push.decisions import Patience, Settle, decide
from tests.integration.messages.lanes import add_room
from tests.integration.notifications.queue import Queue
from tests.postgres import removed_by_filters

COUNT = 2000
DAYS = 90.0


@pytest.fixture
async def scheduled(database: Database) -> None:
    """As many notices, one an hour from now on, each for one person."""
    async with database.connection() as connection:
        await connection.execute("INSERT INTO users (id, email, role) VALUES ('ana', 'ana@mail.example', 'va')")
        await add_notices(connection, "later", first_hour=1)
        await connection.execute("ANALYZE")


async def add_notices(connection: Connection, name: str, *, first_hour: int, count: int = COUNT) -> None:
    await connection.execute(
        "INSERT INTO notices (id, type, title, body, data, send_at, digest, unknown_user_ids)"
        " SELECT $1 || '-' || n, 'job_match', 'A', 'B', '{}', now() + n * interval '1 hour', '', '{}'"
        " FROM generate_series($2::int, $3::int) n",
        name,
        first_hour,
        first_hour + count - 1,
    )
    await connection.execute(
        "INSERT INTO notifications (id, user_id, notice_id, type, due_at)"
        " SELECT 'of-' || id, 'ana', id, type, send_at FROM notices WHERE id LIKE $1 || '-%'",
        name,
    )
    await connection.execute(
        "INSERT INTO notification_events (notification_id, state, at)"
        " SELECT id, 'scheduled', due_at FROM notifications WHERE id LIKE 'of-' || $1 || '-%'",
        name,
    )


@pytest.mark.usefixtures("scheduled")
async def test_a_look_reads_nothing_of_what_is_scheduled_for_later(database: Database) -> None:
    assert await removed_by_filters(database, repository._CLAIM, 200, 30.0, "lease") == 0


@pytest.mark.usefixtures("scheduled")
async def test_what_is_kept_is_not_read_to_find_what_is_old(database: Database) -> None:
    assert await removed_by_filters(database, repository._DELETE_OLD_NOTICE, DAYS) == 0
    assert await removed_by_filters(database, repository._DELETE_OLD_EVENTS, DAYS) == 0


@pytest.mark.usefixtures("scheduled")
async def test_old_notices_and_events_are_forgotten_and_nothing_else(database: Database) -> None:
    async with database.connection() as connection:
        await add_notices(connection, "old", first_hour=-91 * 24, count=3)
        assert [await repository.delete_old_notice(connection, DAYS) for _ in range(4)] == [True, True, True, False]
        assert await connection.fetchval("SELECT count(*) FROM notices") == COUNT
        assert await connection.fetchval("SELECT count(*) FROM notifications") == COUNT
        assert await connection.fetchval("SELECT count(*) FROM notification_events") == COUNT
        await connection.execute(
            "UPDATE notification_events SET at = '2001-01-01' WHERE notification_id = 'of-later-7'"
        )
        assert not await repository.delete_old_events(connection, DAYS)
        assert await connection.fetchval("SELECT count(*) FROM notification_events") == COUNT - 1


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM chat_members WHERE user_id = 'reader-1'",
        "UPDATE users SET disabled_at = now() WHERE id = 'reader-1'",
        "UPDATE chat_rooms SET status = 'blocked' WHERE id = 'room-1'",
        "DELETE FROM chat_rooms WHERE id = 'room-1'",
    ],
    ids=["put out", "disabled", "blocked", "deleted"],
)
async def test_what_somebody_may_not_see_any_more_is_taken_away_where_it_is_shown(
    database: Database, change: str
) -> None:
    queue = Queue(database)
    for number in (1, 2):
        await queue.store(await add_room(database, f"room-{number}", "ana", f"reader-{number}"), "ana")
    await queue.make_due()
    await queue.end_cover()
    await queue.settle(*await queue.claim(), shown_on=("phone",))
    async with database.connection() as connection:
        await connection.execute(change)
        await repository.find_missed(connection, "")
    [due] = await queue.claim()
    assert due.reader.id == "reader-1"
    decision = decide(due, Attention.NOTHING, Patience(grace_seconds=0.0, ttl_seconds=3600))
    assert isinstance(decision, Settle)
    assert (decision.state, decision.withdraws) == ("cancelled", True)


async def test_what_was_read_unnoticed_is_found_a_stretch_at_a_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stretches = repository._FIND_MISSED.replace(str(repository.MAX_SHOWN_CHECKED), "2")
    monkeypatch.setattr(repository, "_FIND_MISSED", stretches)
    readers = [f"reader-{number}" for number in range(3)]
    queue, room_id = Queue(database), await add_room(database, "room", "ana", *readers)
    await queue.store(room_id, "ana")
    await queue.make_due()
    await queue.end_cover()
    await queue.settle(*await queue.claim(), shown_on=("phone",))
    async with database.connection() as connection:
        await connection.execute("UPDATE chat_members SET last_read_seq = 1 WHERE user_id <> 'reader-2'")
        first = await repository.find_missed(connection, "")
        assert first != ""
        assert await repository.find_missed(connection, first) == ""
        due = await connection.fetch("SELECT user_id FROM notifications WHERE due_at <= now() ORDER BY user_id")
    assert [row["user_id"] for row in due] == ["reader-0", "reader-1"]
