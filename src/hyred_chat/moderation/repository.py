"""All SQL about reports. What was kept with one is written once: a trigger refuses to change it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from hyred_chat.audit.schemas import Actor
from hyred_chat.db import hourly_rates
from hyred_chat.db.command_tags import count_of
from hyred_chat.db.hourly_rates import oldest_of_last
from hyred_chat.db.pool import Connection

_COLUMNS = """
    id, reporter_id, user_id, message_id, room_id, reason, note, state, moderator_note, decided_at, decided_by_kind,
    decided_by_id, created_at
"""

_LIST = f"""
    SELECT {_COLUMNS} FROM reports
    WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR (created_at, id) < ($3::timestamptz, $2::text))
    ORDER BY created_at DESC, id DESC LIMIT $4
"""

_INSERT = """
    WITH report AS (
        INSERT INTO reports (
            id, reporter_id, subject, user_id, message_id, room_id, reason, note, profile_name, profile_avatar,
            holds_files
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true)
        ON CONFLICT (reporter_id, subject) DO NOTHING RETURNING id
    )
    INSERT INTO report_evidence (report_id, evidence) SELECT id, $11 FROM report RETURNING report_id
"""

_OLDEST_MADE = oldest_of_last("reports", "reporter_id")

# Those that a version took which holds no files.
_LIST_HOLDING_NONE = """
    SELECT reports.id, evidence FROM reports JOIN report_evidence ON report_id = reports.id
    WHERE state = 'open' AND NOT holds_files AND created_at > clock_timestamp() - $1 * interval '1 second'
    ORDER BY created_at, reports.id LIMIT $2 FOR UPDATE OF reports SKIP LOCKED
"""

_DELETE_OLD = """
    WITH old AS MATERIALIZED (
        SELECT id FROM reports WHERE decided_at < now() - $1 * interval '1 second'
        ORDER BY decided_at LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM reports USING old WHERE reports.id = old.id
"""


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report that is to be stored.

    Attributes:
        subject: what was reported, of which each reporter has one report.
        profile: name and picture of whom was reported.
        evidence: `{message, versions, around}`.
    """

    id: str
    reporter_id: str
    subject: str
    user_id: str
    message_id: str | None
    room_id: str | None
    reason: str
    note: str | None
    profile: tuple[str, str | None]
    evidence: dict[str, Any]


async def find_by_subject(connection: Connection, reporter_id: str, subject: str) -> str | None:
    """The report of somebody about something."""
    report_id: str | None = await connection.fetchval(
        "SELECT id FROM reports WHERE reporter_id = $1 AND subject = $2", reporter_id, subject
    )
    return report_id


async def seconds_to_wait(connection: Connection, reporter_id: str, reports_per_hour: int) -> float | None:
    """How long until somebody may report again; None: they may. Others of theirs wait for this transaction."""
    return await hourly_rates.seconds_to_wait(connection, _OLDEST_MADE, reporter_id, reports_per_hour, what="report")


async def insert(connection: Connection, report: NewReport) -> bool:
    """Store a report with its evidence; whether it is new."""
    stored: str | None = await connection.fetchval(
        _INSERT,
        report.id,
        report.reporter_id,
        report.subject,
        report.user_id,
        report.message_id,
        report.room_id,
        report.reason,
        report.note,
        *report.profile,
        orjson.dumps(report.evidence).decode(),
    )
    return stored is not None


async def list_reports(
    connection: Connection, *, state: str | None, limit: int, after: tuple[datetime | None, str] | None
) -> list[Any]:
    """Reports in a state, or in any, newest first, after the one of this time and id."""
    moment, report_id = after or (None, None)
    return list(await connection.fetch(_LIST, state, report_id, moment, limit))


async def find(connection: Connection, report_id: str, *, for_update: bool = False) -> Any | None:
    """A report."""
    lock = "FOR UPDATE" if for_update else ""
    return await connection.fetchrow(f"SELECT {_COLUMNS} FROM reports WHERE id = $1 {lock}", report_id)


async def read_evidence(connection: Connection, report_id: str) -> tuple[dict[str, Any], str | None, str | None]:
    """What was kept with a report, and how whom it is about showed themselves: name, picture."""
    row = await connection.fetchrow(
        """
        SELECT evidence, profile_name, profile_avatar
        FROM report_evidence JOIN reports ON reports.id = report_id WHERE report_id = $1
        """,
        report_id,
    )
    if row is None:
        raise LookupError(report_id)
    return orjson.loads(row["evidence"]), row["profile_name"], row["profile_avatar"]


async def decide(connection: Connection, report_id: str, *, state: str, note: str | None, actor: Actor) -> Any:
    """Store a decision; the report with it. An open report has none."""
    return await connection.fetchrow(
        f"""
        UPDATE reports SET state = $2, moderator_note = $3,
            decided_at = CASE WHEN $2 <> 'open' THEN clock_timestamp() END,
            decided_by_kind = CASE WHEN $2 <> 'open' THEN $4 END, decided_by_id = CASE WHEN $2 <> 'open' THEN $5 END
        WHERE id = $1 RETURNING {_COLUMNS}
        """,
        report_id,
        state,
        note,
        *actor,
    )


async def list_holding_none(
    connection: Connection, *, keep_seconds: float, limit: int
) -> list[tuple[str, dict[str, Any]]]:
    """Open reports of this time whose files were never held, with their evidence; nobody else gets them meanwhile."""
    rows = await connection.fetch(_LIST_HOLDING_NONE, keep_seconds, limit)
    return [(row["id"], orjson.loads(row["evidence"])) for row in rows]


async def note_holding(connection: Connection, report_ids: list[str]) -> None:
    """The files of these are held, as far as they are there."""
    await connection.execute("UPDATE reports SET holds_files = true WHERE id = ANY($1::text[])", report_ids)


async def delete_old(connection: Connection, *, keep_seconds: float, limit: int) -> bool:
    """Delete some of the reports that were decided so long ago; whether there may be more. One statement."""
    result: str = await connection.execute(_DELETE_OLD, keep_seconds, limit)
    return count_of(result) == limit
