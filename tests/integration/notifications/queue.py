"""The queue of notifications on a real PostgreSQL, one step at a time."""

from dataclasses import replace
from typing import Any

from hyred_chat.db.pool import Database
from hyred_chat.ids import new_id
from hyred_chat.messages.batch_repository import store_batch
from hyred_chat.messages.sends import Outcome
from hyred_chat.notifications.conversations import chat_notification_id
from hyred_chat.push import repository
from hyred_chat.push.facts import Conversation, Due
from hyred_chat.push.repository import Settlement
from tests.integration.messages.lanes import send_of

LONG_SECONDS = 60.0


class Queue:
    """Stores messages, and looks at what they make due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def store(self, room_id: str, *senders: str) -> list[Outcome]:
        """One batch: a message of each sender."""
        async with self._database.connection() as connection:
            return await store_batch(connection, [send_of(sender, room_id) for sender in senders], again=False)

    async def make_due(self) -> None:
        """As if the time of all that waits had come. Rows are locked in the order of their ids, as everybody does."""
        await self._execute(
            "WITH waiting AS MATERIALIZED ("
            "SELECT id FROM notifications WHERE due_at IS NOT NULL ORDER BY id FOR UPDATE"
            ") UPDATE notifications n SET due_at = now() - interval '1 ms' FROM waiting WHERE n.id = waiting.id"
        )

    async def end_cover(self) -> None:
        """As if rooms had been covered long ago."""
        await self._execute("UPDATE chat_rooms SET covered_until = now() - interval '1 ms'")

    async def claim(self, *, limit: int = 1000, lease_seconds: float = LONG_SECONDS) -> list[Due]:
        async with self._database.connection() as connection:
            dues, unreadable = await repository.claim(
                connection, lease=new_id(), lease_seconds=lease_seconds, limit=limit
            )
        assert unreadable == []
        return dues

    async def settle(self, *dues: Due, **changes: Any) -> None:
        """Nothing more to do with these, as far as was seen when they were claimed."""
        async with self._database.connection() as connection:
            await repository.settle(connection, [settlement_of(due, **changes) for due in dues])

    async def row(self, room_id: str, user_id: str) -> dict[str, Any]:
        """A member's notification, with `xmin`: which transaction wrote it last."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                "SELECT *, xmin::text, due_at > now() AS is_waiting FROM notifications WHERE id = $1",
                chat_notification_id(room_id, user_id),
            )
        assert row is not None
        return dict(row)

    async def users(self) -> set[str]:
        """Who has a notification."""
        async with self._database.connection() as connection:
            return {row["user_id"] for row in await connection.fetch("SELECT user_id FROM notifications")}

    async def _execute(self, statement: str) -> None:
        async with self._database.connection() as connection:
            await connection.execute(statement)


def settlement_of(due: Due, **changes: Any) -> Settlement:
    assert isinstance(due.subject, Conversation)
    settlement = Settlement(
        id=due.id,
        lease=due.lease,
        user_id=due.reader.id,
        room_id=due.subject.room_id,
        state="sent",
        looked_seq=due.subject.last_seq,
    )
    return replace(settlement, **changes)
