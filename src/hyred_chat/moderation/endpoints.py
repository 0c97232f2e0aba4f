"""HTTP: people report, and moderators read and decide."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.audit.authentication import Moderator, ModeratorRoute
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.moderation.schemas import (
    MessageDossier,
    OpenedFile,
    PatchReport,
    PostedReport,
    PostReport,
    Report,
    ReportWithEvidence,
    State,
)
from hyred_chat.moderation.service import Reports
from hyred_chat.rooms.schemas import MessageId
from hyred_chat.validation import Id

router = APIRouter(prefix="/api/chat/reports", tags=["reports"], route_class=PersonRoute)
moderators_router = APIRouter(prefix="/api/admin", tags=["moderation"], route_class=ModeratorRoute)


async def reports_of(request: Request) -> Reports:
    """The application's reports."""
    return cast("Reports", request.app.state.reports)


ReportsService = Annotated[Reports, Depends(reports_of)]


@router.post("", response_model=Success[PostedReport])
async def post_report(caller: Caller, reports: ReportsService, body: PostReport) -> Response:
    """Report a message or a person to the moderators, once. What was reported is kept as it is now."""
    return respond(await reports.post(caller.id, body))


@moderators_router.get("/reports", response_model=Success[list[Report]])
async def list_reports(
    moderator: Moderator,
    reports: ReportsService,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Reports, newest first; of all states, or of one."""
    page, next_cursor = await reports.list_page(moderator, state=state, limit=limit, cursor=cursor)
    return respond(page, page=Page(next_cursor=next_cursor))


@moderators_router.get("/reports/{report_id}", response_model=Success[ReportWithEvidence])
async def get_report(moderator: Moderator, reports: ReportsService, report_id: Id) -> Response:
    """A report with what was kept when it was made."""
    return respond(await reports.get(moderator, report_id))


@moderators_router.patch("/reports/{report_id}", response_model=Success[Report])
async def patch_report(moderator: Moderator, reports: ReportsService, report_id: Id, body: PatchReport) -> Response:
    """Decide about a report, or open it again."""
    return respond(await reports.decide(moderator, report_id, body))


@moderators_router.post("/reports/{report_id}/files/{file_id}", response_model=Success[OpenedFile])
async def open_file(moderator: Moderator, reports: ReportsService, report_id: Id, file_id: Id) -> Response:
    """Addresses of one file that an open report holds, for the admin who asks alone, for five minutes."""
    return respond(await reports.open_file(moderator, report_id, file_id))


@moderators_router.get("/messages/{message_id}", response_model=Success[MessageDossier])
async def get_message(moderator: Moderator, reports: ReportsService, message_id: MessageId) -> Response:
    """A message of any room, with those around it."""
    return respond(await reports.get_message(moderator, message_id))
