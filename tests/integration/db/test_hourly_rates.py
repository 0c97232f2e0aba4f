"""Rates of an hour, counted from what is stored (those of new rooms are in `tests/integration/rooms`)."""

from hyred_chat.db.pool import Database
from hyred_chat.moderation import repository
from tests.postgres import removed_by_filters

PER_HOUR = 3


async def test_reports_of_long_ago_are_not_read_to_count_those_of_the_last_hour(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("INSERT INTO users (id, email, role) VALUES ('ana', 'ana@mail.example', 'va')")
        await connection.execute(
            "INSERT INTO reports (id, reporter_id, subject, user_id, reason, created_at)"
            " SELECT 'old-' || n, 'ana', 'user:' || n, 'ana', 'spam', now() - n * interval '1 day'"
            " FROM generate_series(1, 500) n"
        )
        await connection.execute("ANALYZE reports")
    # One row at most: what was counted, when it is less than the limit.
    assert await removed_by_filters(database, repository._OLDEST_MADE, "ana", PER_HOUR) <= 1
