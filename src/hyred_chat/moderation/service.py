"""The rules of reports: one of each person about each thing, with what was there when it was made."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hyred_chat.accounts.schemas import User, former_member
from hyred_chat.accounts.service import Accounts
from hyred_chat.audit.schemas import Actor, AuditActor, Subject
from hyred_chat.audit.service import Audit
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import AccessDeniedError, BadRequestError, NotFoundError, RateLimitedError
from hyred_chat.files import holding
from hyred_chat.http.envelope import cut_page
from hyred_chat.ids import new_id
from hyred_chat.limits import RateLimit
from hyred_chat.messages import evidence
from hyred_chat.messages.evidence import Dossier
from hyred_chat.moderation import repository
from hyred_chat.moderation.repository import NewReport
from hyred_chat.moderation.schemas import OpenedFile, PatchReport, PostedReport, PostReport, Report
from hyred_chat.moments import DAY_SECONDS, seconds_to_wire, to_wire
from hyred_chat.pages import decode_cursor
from hyred_chat.rooms import apart
from hyred_chat.tidying import tidy_up_forever

_NO_REPORT = "There is no such report."
_NO_MESSAGE = "There is no such message."
# Of one admin. Each is an entry of the audit log, which is kept for good.
_OPENED_AT_ONCE = 60
_OPENED_PER_MINUTE = 30


class Reports:
    """What people report, and what moderators see and decide of it.

    Args:
        reports_per_hour: how many a person may make. 0: no limit.
        keep_days: how long a report is kept after it was decided.
        file_days: how long after a report its files are held at most. 0: none are.
    """

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        audit: Audit,
        *,
        reports_per_hour: int,
        keep_days: int,
        file_days: int,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._audit = audit
        self._reports_per_hour = reports_per_hour
        self._keep_seconds = keep_days * DAY_SECONDS
        self._file_life = timedelta(days=file_days)
        self._opened = RateLimit(burst=_OPENED_AT_ONCE, per_minute=_OPENED_PER_MINUTE)

    async def post(self, reporter_id: str, request: PostReport) -> PostedReport:
        """Report a message or a person, once: the same again is answered as it was, and nothing is done.

        Raises:
            NotFoundError: there is no such message that the caller may see, or no such person.
            BadRequestError: it is the caller's own, or of somebody else than `userId`.
            RateLimitedError: the caller has reported too much within an hour.
        """
        kind, subject_id = ("message", request.message_id) if request.message_id else ("user", request.user_id)
        subject = f"{kind}:{subject_id}"
        async with self._database.connection() as connection:
            if (known_id := await repository.find_by_subject(connection, reporter_id, subject)) is not None:
                return PostedReport(report_id=known_id, existing=True)
            user_id, dossier = await _read(connection, reporter_id, request)
        report = await self._make(reporter_id, subject, request, user_id=user_id, dossier=dossier)
        async with self._database.transaction(f"user {reporter_id}") as connection:
            if self._reports_per_hour:
                seconds = await repository.seconds_to_wait(connection, reporter_id, self._reports_per_hour)
                if seconds is not None:
                    raise RateLimitedError(max(1.0, seconds))
            is_new = await repository.insert(connection, report)
            if is_new and self._file_life:
                await holding.hold(connection, report.id, evidence.list_files(report.evidence))
            known_id = None if is_new else await repository.find_by_subject(connection, reporter_id, subject)
        return PostedReport(report_id=known_id or report.id, existing=not is_new)

    async def list_page(
        self, actor: Actor, *, state: str | None, limit: int, cursor: str | None
    ) -> tuple[list[Report], str | None]:
        """Reports, newest first, and the cursor of the next page. Raises `BadRequestError` of a cursor not ours."""
        after = decode_cursor(cursor)
        async with self._database.connection() as connection:
            await self._audit.note(connection, actor, "reports_listed", state=state)
            found = await repository.list_reports(connection, state=state, limit=limit + 1, after=after)
        reports = await self._describe(found[:limit])
        return cut_page(reports, [(row["created_at"], row["id"]) for row in found])

    async def get(self, actor: Actor, report_id: str) -> dict[str, Any]:
        """A `ReportWithEvidence`, under the names that people have now. Raises `NotFoundError`."""
        async with self._database.connection() as connection:
            if (row := await repository.find(connection, report_id)) is None:
                raise NotFoundError(_NO_REPORT)
            await self._audit.note(connection, actor, "report_viewed", Subject("report", report_id))
            kept, name, avatar = await repository.read_evidence(connection, report_id)
            held = await holding.list_held(connection, report_id) if self._holds(row) else []
        [report] = await self._describe([row])
        shown: dict[str, Any] = await self._with_people(kept)
        shown["profile"] = None if name is None else {"name": name, "avatar": avatar}
        shown["heldFiles"] = held
        shown["heldUntil"] = to_wire(row["created_at"] + self._file_life) if held else None
        return report.model_dump(by_alias=True) | {"evidence": shown}

    async def decide(self, actor: Actor, report_id: str, request: PatchReport) -> Report:
        """Store what was decided; the same again changes nothing. Raises `NotFoundError`.

        What is open again holds those of its files that are still there. What is decided holds none:
        `files/removal.py` lets go of them.
        """
        async with self._database.transaction(f"report {report_id}") as connection:
            if (row := await repository.find(connection, report_id, for_update=True)) is None:
                raise NotFoundError(_NO_REPORT)
            note = request.note if "note" in request.model_fields_set else row["moderator_note"]
            if (row["state"], row["moderator_note"]) != (request.state, note):
                before = row["state"]
                row = await repository.decide(connection, report_id, state=request.state, note=note, actor=actor)
                if before != "open" and self._holds(row):
                    kept, *_ = await repository.read_evidence(connection, report_id)
                    await holding.hold(connection, report_id, evidence.list_files(kept))
                subject = Subject("report", report_id)
                await self._audit.note(connection, actor, "report_updated", subject, before=before, state=request.state)
        [report] = await self._describe([row])
        return report

    async def open_file(self, actor: Actor, report_id: str, file_id: str) -> OpenedFile:
        """Give an admin addresses of one file that a report holds. Each time is in the audit log.

        Raises:
            AccessDeniedError: a key asks. An address is for a person.
            RateLimitedError: the admin asks for too much.
            NotFoundError: there is no such report, it was decided, or it does not hold this file.
        """
        if actor.kind != "person":
            raise AccessDeniedError("Files of reports are for people whose role is admin: a key opens none.")
        self._opened.take(actor.id)
        async with self._database.transaction() as connection:
            if (row := await repository.find(connection, report_id)) is None:
                raise NotFoundError(_NO_REPORT)
            if row["state"] != "open":
                raise NotFoundError("This report was decided: its files cannot be opened any more.")
            opened = await holding.open_for(connection, report_id, file_id, actor.id) if self._holds(row) else None
            if opened is None:
                raise NotFoundError("There is no such file of this report any more.")
            await self._audit.note(
                connection, actor, "report_file_opened", Subject("report", report_id), fileId=file_id
            )
        return OpenedFile(
            file_id=file_id,
            url=opened.url,
            preview_url=opened.preview_url,
            large_preview_url=opened.large_preview_url,
            expires_at=seconds_to_wire(opened.until),
        )

    async def get_message(self, actor: Actor, message_id: str) -> dict[str, Any]:
        """A `MessageDossier`: a message of any room with those around it. Raises `NotFoundError`."""
        async with self._database.connection() as connection:
            if (dossier := await evidence.read_message(connection, message_id)) is None:
                raise NotFoundError(_NO_MESSAGE)
            await self._audit.note(connection, actor, "message_viewed", Subject("message", message_id))
        return await self._with_people(dossier.as_json())

    async def run(self) -> None:
        """Delete reports that were decided long ago, until cancelled."""
        await tidy_up_forever(
            self._database,
            repository.delete_old,
            keep_seconds=self._keep_seconds,
            complaint="Old reports could not be deleted; trying again",
        )

    def _holds(self, row: Any) -> bool:
        """Whether a report holds files: an open one, for some time."""
        age: timedelta = datetime.now(UTC) - row["created_at"]
        return row["state"] == "open" and age < self._file_life

    async def _make(
        self, reporter_id: str, subject: str, request: PostReport, *, user_id: str, dossier: Dossier | None
    ) -> NewReport:
        """A report about somebody, with what was read."""
        user = (await self._accounts.get_users([user_id])).get(user_id)
        if user is None and dossier is None:
            raise NotFoundError("There is no such user.")
        shown = user or former_member(user_id)
        return NewReport(
            id=new_id(),
            reporter_id=reporter_id,
            subject=subject,
            user_id=user_id,
            message_id=request.message_id,
            room_id=None if dossier is None else dossier.room_id,
            reason=request.reason,
            note=request.note,
            profile=(shown.name, shown.avatar),
            evidence={"message": None, "versions": [], "around": []} if dossier is None else dossier.as_json(),
        )

    async def _with_people(self, dossier: dict[str, Any]) -> dict[str, Any]:
        return evidence.with_people(dossier, await self._accounts.get_users(evidence.list_people(dossier)))

    async def _describe(self, rows: list[Any]) -> list[Report]:
        ids = {row[column] for row in rows for column in ("reporter_id", "user_id")}
        people = await self._accounts.get_users(ids)
        return [_report_of(row, people) for row in rows]


async def _read(connection: Connection, reporter_id: str, request: PostReport) -> tuple[str, Dossier | None]:
    """Who is reported, and what is to be kept: the message, or the newest ones of the direct room of the two."""
    user_id, dossier = request.user_id, None
    if request.message_id is not None:
        dossier = await evidence.read_message(connection, request.message_id, member_id=reporter_id)
        if dossier is None or dossier.sender_id is None:
            raise NotFoundError(_NO_MESSAGE)
        if user_id not in {None, dossier.sender_id}:
            raise BadRequestError("userId: is not who sent this message.")
        user_id = dossier.sender_id
    if user_id is None or user_id == reporter_id:
        raise BadRequestError("You cannot report yourself.")
    if dossier is None and (room := await apart.find_room_of_two(connection, reporter_id, user_id)) is not None:
        dossier = await evidence.read_newest(connection, *room)
    return user_id, dossier


def _report_of(row: Any, people: dict[str, User]) -> Report:
    decided_by = None
    if row["decided_by_kind"] is not None:
        decided_by = AuditActor(kind=row["decided_by_kind"], id=row["decided_by_id"])
    return Report(
        id=row["id"],
        state=row["state"],
        reason=row["reason"],
        note=row["note"],
        reporter=people.get(row["reporter_id"]) or former_member(row["reporter_id"]),
        user=people.get(row["user_id"]) or former_member(row["user_id"]),
        message_id=row["message_id"],
        room_id=row["room_id"],
        created_at=to_wire(row["created_at"]),
        moderator_note=row["moderator_note"],
        decided_at=None if row["decided_at"] is None else to_wire(row["decided_at"]),
        decided_by=decided_by,
    )
