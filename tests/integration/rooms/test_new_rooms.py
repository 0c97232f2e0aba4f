"""How many rooms somebody may open within an hour, whatever they have opened before."""

import pytest

from hyred_chat.db.pool import Database
from hyred_chat.rooms import repository
from tests.postgres import removed_by_filters

PER_HOUR = 3
LONG_AGO = 500


@pytest.fixture
async def rooms(database: Database) -> None:
    """Hundreds of rooms that Ana opened long ago, and three of the last half an hour."""
    async with database.connection() as connection:
        await connection.execute("INSERT INTO users (id, email, role) VALUES ('ana', 'ana@mail.example', 'va')")
        await connection.execute(
            "INSERT INTO chat_rooms (id, type, created_by, created_at)"
            " SELECT 'old-' || n, 'group', 'ana', now() - n * interval '1 day' FROM generate_series(1, $1::int) n"
            " UNION ALL"
            " SELECT 'new-' || n, 'group', 'ana', now() - n * interval '10 minutes' FROM generate_series(1, $2::int) n",
            LONG_AGO,
            PER_HOUR,
        )
        await connection.execute("ANALYZE chat_rooms")


@pytest.mark.usefixtures("rooms")
async def test_rooms_of_long_ago_are_not_read_to_count_those_of_the_last_hour(database: Database) -> None:
    # One row at most: what was counted, when it is less than the limit.
    assert await removed_by_filters(database, repository._OLDEST_OPENED, "ana", PER_HOUR + 1) <= 1


@pytest.mark.usefixtures("rooms")
async def test_whoever_has_opened_as_many_as_they_may_waits_until_the_oldest_is_an_hour_old(database: Database) -> None:
    async with database.transaction() as connection:
        assert await repository.seconds_to_wait(connection, "ana", PER_HOUR + 1) is None
        seconds = await repository.seconds_to_wait(connection, "ana", PER_HOUR)
        assert seconds == pytest.approx(30 * 60, abs=60)
