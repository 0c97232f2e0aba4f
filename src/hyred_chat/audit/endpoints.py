"""HTTP: the audit log."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.audit.authentication import Moderator, ModeratorRoute
from hyred_chat.audit.schemas import AuditEntry
from hyred_chat.audit.service import Audit
from hyred_chat.http.envelope import Page, Success, respond

router = APIRouter(prefix="/api/admin/audit", tags=["moderation"], route_class=ModeratorRoute)


async def audit_of(request: Request) -> Audit:
    """The application's audit log."""
    return cast("Audit", request.app.state.audit)


@router.get("", response_model=Success[list[AuditEntry]])
async def list_audit(
    _: Moderator,
    audit: Annotated[Audit, Depends(audit_of)],
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """What moderators have looked at and done, newest first."""
    entries, next_cursor = await audit.list_page(limit=limit, cursor=cursor)
    return respond(entries, page=Page(next_cursor=next_cursor))
