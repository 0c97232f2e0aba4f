"""Notices to very many people, on connections that know small tables only."""

from hyred_chat.db.pool import Database
from hyred_chat.notices import repository
from hyred_chat.notices.schemas import PostNotice

COUNT = 10_000


def notice(*user_ids: str) -> PostNotice:
    fields = {"userIds": list(user_ids), "type": "job_match", "title": "A job", "body": "Look"}
    return PostNotice.model_validate(fields)


async def test_ten_thousand_are_told_and_told_no_more_though_plans_were_made_for_a_handful(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("INSERT INTO users (id, email, role) VALUES ('ana', 'ana@mail.example', 'va')")
        await repository.insert_notice(connection, "first", notice("ana"), "")
        await connection.execute("ANALYZE users")
        await connection.execute("ANALYZE notices")
        await connection.execute("ANALYZE notifications")
        for number in range(8):  # after five times a plan is kept
            await repository.insert_notice(connection, f"small-{number}", notice("ana"), "")
        await connection.execute(
            "INSERT INTO users (id, email, role) SELECT 'crowd-' || n, 'crowd-' || n || '@mail.example', 'va'"
            " FROM generate_series(1, $1::int) n",
            COUNT,
        )
        crowd = [f"crowd-{number}" for number in range(1, COUNT + 1)]
        posted = await repository.insert_notice(connection, "large", notice(*crowd), "")
        assert posted is not None
        assert posted.accepted == COUNT
        assert await repository.cancel(connection, "large") == (COUNT, [])
