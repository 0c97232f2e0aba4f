"""Health for load balancers and supervisors, without authentication."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, cast

from fastapi import APIRouter, Request, Response

from hyred_chat.errors import UnavailableError
from hyred_chat.http.envelope import Success, respond

router = APIRouter(prefix="/api/health", tags=["health"])
# How long the outcome of a check is good for.
CHECK_SECONDS = 0.5
PATHS = frozenset({b"/api/health/live", b"/api/health/ready"})


class SharedCheck:
    """A check that anybody may ask for as often as they like: it is made rarely, and all who ask share the outcome."""

    def __init__(self, check: Callable[[], Awaitable[None]]) -> None:
        self._check = check
        self._turn = asyncio.Lock()
        self._made_at = -math.inf
        self._error: UnavailableError | None = None

    async def ask(self) -> None:
        """Raise `UnavailableError` when the latest check did."""
        async with self._turn:
            if time.monotonic() - self._made_at >= CHECK_SECONDS:
                await self._make()
        if self._error is not None:
            raise UnavailableError(self._error.message)

    async def _make(self) -> None:
        self._error = None
        try:
            await self._check()
        except UnavailableError as error:
            self._error = error
        self._made_at = time.monotonic()


class Readiness(Protocol):
    """What knows whether requests can be served."""

    is_draining: bool

    async def check(self) -> str:
        """How: `ready` or `degraded`. Raise `UnavailableError` when they cannot."""


@router.get("/live", response_model=Success[dict[str, str]])
async def is_live() -> Response:
    """200 while the process turns its event loop."""
    return respond({"status": "live"})


@router.get("/ready", response_model=Success[dict[str, str]])
async def is_ready(request: Request) -> Response:
    """200 while requests can be served: the database answers, and the server is not about to stop.

    `degraded` means that people at other servers are told later, because Redis cannot be reached.
    """
    readiness = cast("Readiness", request.app.state.readiness)
    if readiness.is_draining:
        raise UnavailableError("The server is about to stop.")
    return respond({"status": await readiness.check()})
