"""Old rows are deleted while the server runs, whatever becomes of one round."""

import asyncio

import pytest

from hyred_chat import tidying
from hyred_chat.db.pool import Connection, Database
from tests.integration.realtime.application import running_application
from tests.postgres import wait_in_postgres


async def test_a_server_deletes_what_nobody_needs_any_more(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "INTERVAL_SECONDS", 0.05)
    async with running_application(database_url), database.connection() as connection:
        await connection.execute(
            "INSERT INTO legacy_sends (message_id, room_id, sender_id, digest, door, arrived_at)"
            " VALUES ('m', 'r', 'u', '', 'rest', now() - interval '1 hour')"
        )
        await connection.execute(
            "INSERT INTO node_events (kind, subject, at) VALUES ('room', 'r', now() - interval '2 hours')"
        )
        for table in ("legacy_sends", "node_events"):
            await wait_in_postgres(connection, f"NOT EXISTS (SELECT FROM {table})")  # no input


async def test_what_deleted_messages_said_is_erased_after_its_days_and_not_before(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "INTERVAL_SECONDS", 0.05)
    async with database.connection() as connection:
        await connection.execute(
            """
            INSERT INTO deleted_messages
                (message_id, room_id, seq, sender_id, content, type, versions, created_at, deleted_at, deleted_by)
            SELECT 'after ' || hours, 'r', hours, 'u', 'x', 'text', '[]',
                now() - interval '90 days', now() - hours * interval '1 hour', 'u'
            FROM unnest(ARRAY[0, 47, 49, 100]) hours
            """
        )
        async with running_application(database_url, deleted_days=2):
            await wait_in_postgres(connection, "NOT EXISTS (SELECT FROM deleted_messages WHERE seq = 100)")
        rows = await connection.fetch("SELECT message_id FROM deleted_messages ORDER BY seq")
    assert [row["message_id"] for row in rows] == ["after 0", "after 47"]


async def test_a_round_that_fails_is_logged_and_followed_by_another(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tidying, "INTERVAL_SECONDS", 0)
    rounds: list[float] = []

    async def delete_old(_: Connection, *, keep_seconds: float, limit: int) -> bool:
        rounds.append(keep_seconds)
        assert limit == tidying.ROWS_AT_ONCE
        if len(rounds) == 1:
            raise RuntimeError
        raise asyncio.CancelledError  # the end of the test

    with pytest.raises(asyncio.CancelledError):
        await tidying.tidy_up_forever(database, delete_old, keep_seconds=5, complaint="It could not be done")
    assert rounds == [5, 5]
    assert caplog.messages == ["It could not be done"]
