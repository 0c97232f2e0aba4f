"""Health for load balancers and supervisors, without authentication."""

from typing import Protocol, cast

from fastapi import APIRouter, Request, Response

from hyred_chat.errors import UnavailableError
from hyred_chat.http.envelope import Success, respond

router = APIRouter(prefix="/api/health", tags=["health"])
PATHS = frozenset({b"/api/health/live", b"/api/health/ready"})


class Readiness(Protocol):
    """What knows whether requests can be served."""

    is_draining: bool

    async def check(self) -> None:
        """Raise `UnavailableError` when they cannot."""


@router.get("/live", response_model=Success[dict[str, str]])
async def is_live() -> Response:
    """200 while the process turns its event loop."""
    return respond({"status": "live"})


@router.get("/ready", response_model=Success[dict[str, str]])
async def is_ready(request: Request) -> Response:
    """200 while requests can be served: the database answers, and the server is not about to stop."""
    readiness = cast("Readiness", request.app.state.readiness)
    if readiness.is_draining:
        raise UnavailableError("The server is about to stop.")
    await readiness.check()
    return respond({"status": "ready"})
