"""REST requests as whoever runs the server sees them: by an id in the log, and in numbers."""

import asyncio
import time
from collections import Counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hyred_chat.errors import UnavailableError
from hyred_chat.histograms import Histogram
from hyred_chat.http.errors import refusal
from hyred_chat.ids import new_id
from hyred_chat.log_fields import bind
from hyred_chat.tracing import Tracing

REQUEST_ID = "X-Request-Id"
UNTRACED = frozenset({"/api/health/live", "/api/health/ready"})  # every few seconds, and always the same
_FAULT = 500


class ObservedRequests:
    """ASGI middleware that gives each request an id and counts it, from its head to the end of the answer.

    The id is in every line that the request logs, and in the answer: whoever reports a fault can name it. Requests that
    are cancelled because the server stops are answered, too.

    Attributes:
        answered: requests by the status of their answers.
        seconds: how long they took.
        tracing: where spans of them are recorded; None: nowhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.answered: Counter[int] = Counter()
        self.seconds = Histogram()
        self.tracing: Tracing | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_id()
        bind(request_id=request_id)

        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self.answered[message["status"]] += 1
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        started_at = time.monotonic()
        try:
            await self._app(scope, receive, send_marked)
        except asyncio.CancelledError:
            # The server stops and waits no longer. What was asked for may be done or not, which this answer says.
            if status:
                raise
            await refusal(UnavailableError())(scope, receive, send_marked)
        finally:
            seconds = time.monotonic() - started_at
            self.seconds.observe(seconds)
            if self.tracing is not None and scope["path"] not in UNTRACED:
                _record(self.tracing, scope, seconds, status, request_id)


def _record(tracing: Tracing, scope: Scope, seconds: float, status: int, request_id: str) -> None:
    """A span by the route: a path may hold ids, or the token of a device."""
    route = getattr(scope.get("route"), "path", None)
    attributes = {"http.request.method": scope["method"], "http.response.status_code": status}
    if route is not None:
        attributes["http.route"] = route
    caller = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)
    tracing.record(
        scope["method"] if route is None else f"{scope['method']} {route}",
        seconds,
        attributes | {"hyred.request_id": request_id},
        is_served=True,
        is_error=status >= _FAULT,
        caller=caller,
    )
