"""Notices to very many people, on connections that know small tables only."""

import pytest

from hyred_chat.audit.schemas import Actor
from hyred_chat.audit.service import Audit
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.notices import repository
from hyred_chat.notices.schemas import PostNotice
from hyred_chat.notices.service import Notices
from hyred_chat.notifications.signals import NotifyTeller
from tests.postgres import SCHEMA

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


async def test_a_lock_on_one_notification_of_a_notice_keeps_no_other_from_being_taken_back(database: Database) -> None:
    people = [f"person-{number}" for number in range(20)]
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO users (id, email, role) SELECT id, id, 'va' FROM unnest($1::text[]) id", people
        )
        await repository.insert_notice(connection, "notice", notice(*people), "")
        notices = Notices(database, NotifyTeller(SCHEMA), Audit(database))
        async with database.transaction() as blocker:
            await blocker.execute("SELECT FROM notifications WHERE user_id = 'person-7' FOR UPDATE")
            with pytest.raises(UnavailableError):
                await notices.cancel(Actor("key", "key-1"), "notice")
            left = await connection.fetch("SELECT user_id FROM notifications WHERE state <> 'cancelled'")
            assert [row["user_id"] for row in left] == ["person-7"]
        assert (await notices.cancel(Actor("key", "key-1"), "notice")).cancelled == 1
