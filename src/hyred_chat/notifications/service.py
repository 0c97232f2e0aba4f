"""The rules of a person's notifications: newest first, read once for all of their devices."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias

import orjson

from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import BadRequestError, NotFoundError
from hyred_chat.http.envelope import encode
from hyred_chat.moments import from_wire
from hyred_chat.notifications import repository
from hyred_chat.notifications.schemas import Notification
from hyred_chat.notifications.signals import Hint, Teller
from hyred_chat.pages import take_page
from hyred_chat.validation import check_printable

_SEPARATOR = "~"
HereSince: TypeAlias = Callable[[str], Awaitable[float | None]]


class Notifications:
    """Stored notifications.

    Args:
        here_since: since when somebody has been told of new messages live, by id and by `time.monotonic`; None of who
            is not.
    """

    def __init__(self, database: Database, teller: Teller, here_since: HereSince) -> None:
        self._database = database
        self._teller = teller
        self._here_since = here_since

    async def list_page(
        self, user_id: str, *, limit: int, before: str | None, unread: bool, messages: bool = True
    ) -> tuple[list[orjson.Fragment], str | None]:
        """A page, as JSON, and the cursor of the one after. At most one statement.

        Args:
            before: a cursor of ours, or a moment.
            unread: leave out what was read.
            messages: whether conversations are listed too.

        Raises:
            BadRequestError: `before` is neither.
        """
        place = None if before is None else _parse_place(before)
        async with self._database.connection() as connection:
            entries = await repository.list_page(
                connection, user_id, limit=limit + 1, before=place, unread=unread, messages=messages
            )
        page = take_page(encode(notification) for notification, _ in entries[:limit])
        cursor = _cursor_of(*entries[len(page) - 1]) if len(entries) > len(page) else None
        return [orjson.Fragment(notification) for notification in page], cursor

    async def read(self, user_id: str, notification_id: str) -> int:
        """Read one, on all devices; 0 when it was read before.

        Raises:
            NotFoundError: there is none of theirs.
        """
        since = await self._here_since(user_id)
        async with self._database.transaction(f"user {user_id}") as connection:
            if not await repository.has_notification(connection, notification_id, user_id):
                raise NotFoundError("There is no such notification.")
            read = await repository.read_one(connection, notification_id, user_id, _seconds_since(since))
            return await self._withdraw(connection, read)

    async def read_all(self, user_id: str, *, messages: bool = True) -> int:
        """Read all that are listed, and what the live event has told of; how many were not read yet.

        Args:
            user_id: whose.
            messages: whether those of conversations are read too.
        """
        count = 0
        since = await self._here_since(user_id)
        while True:
            async with self._database.transaction(f"user {user_id}") as connection:
                hints = await repository.read_all(connection, user_id, _seconds_since(since), messages=messages)
                read = await self._withdraw(connection, hints)
            count += read
            if read < repository.MAX_READ:
                return count

    async def _withdraw(self, connection: Connection, hints: list[Hint]) -> int:
        if hints:
            await self._teller.tell(connection, "withdrawn", hints)
        return len(hints)


def _seconds_since(moment: float | None) -> float | None:
    """Asked for when the transaction has just begun: what was waited for it is no time before the person was here."""
    return None if moment is None else time.monotonic() - moment


def _cursor_of(notification: Notification, listed_at: datetime) -> str:
    return f"{listed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}{_SEPARATOR}{notification.id}"


def _parse_place(before: str) -> tuple[datetime, str]:
    moment, _, notification_id = before.partition(_SEPARATOR)
    try:
        return from_wire(moment), check_printable(notification_id)
    except ValueError:
        raise BadRequestError("before: must be a cursor of ours or a time such as 2026-03-01T09:30:00Z.") from None
