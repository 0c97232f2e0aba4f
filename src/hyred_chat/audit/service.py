"""The rules of the audit log: every look and every act of a moderator is in it, in the order of their times."""

from typing import Any

import orjson

from hyred_chat.audit import repository
from hyred_chat.audit.schemas import Action, Actor, AuditActor, AuditEntry, AuditSubject, Subject
from hyred_chat.db.pool import Connection, Database
from hyred_chat.http.envelope import cut_page
from hyred_chat.moments import to_wire
from hyred_chat.pages import decode_cursor


class Audit:
    """What moderators have looked at and done."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(
        self, connection: Connection, actor: Actor, action: Action, subject: Subject | None = None, **details: Any
    ) -> None:
        """Write down a look or an act, by the caller's connection: in the transaction of an act, before a look."""
        await repository.insert(connection, actor, action, subject=subject, details=details)

    async def note_look(self, actor: Actor, action: Action, subject: Subject | None = None, **details: Any) -> None:
        """Write down that a person is about to look at what the host provisions.

        Back ends read that all the time, and as their own: their requests are in the log of the server instead.
        """
        if actor.kind == "person":
            async with self._database.connection() as connection:
                await self.note(connection, actor, action, subject, **details)

    async def list_page(self, *, limit: int, cursor: str | None) -> tuple[list[AuditEntry], str | None]:
        """Entries, newest first, and the cursor of the next page.

        Raises:
            BadRequestError: the cursor is not one of ours.
        """
        after = decode_cursor(cursor)
        async with self._database.connection() as connection:
            found = await repository.list_entries(connection, limit=limit + 1, after=after)
        entries = [_entry_of(row) for row in found[:limit]]
        return cut_page(entries, [(row["created_at"], row["id"]) for row in found])


def _entry_of(row: Any) -> AuditEntry:
    subject = None
    if row["subject_kind"] is not None:
        subject = AuditSubject(kind=row["subject_kind"], id=row["subject_id"])
    return AuditEntry(
        id=row["id"],
        created_at=to_wire(row["created_at"]),
        actor=AuditActor(kind=row["actor_kind"], id=row["actor_id"]),
        action=row["action"],
        subject=subject,
        details=orjson.loads(row["details"]),
    )
