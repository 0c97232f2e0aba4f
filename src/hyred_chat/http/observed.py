"""REST requests as whoever runs the server sees them: by an id in the log, and in numbers."""

import time
from collections import Counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hyred_chat.histograms import Histogram
from hyred_chat.ids import new_id
from hyred_chat.log_fields import bind

REQUEST_ID = "X-Request-Id"


class ObservedRequests:
    """ASGI middleware that gives each request an id and counts it, from its head to the end of the answer.

    The id is in every line that the request logs, and in the answer: whoever reports a fault can name it.

    Attributes:
        answered: requests by the status of their answers.
        seconds: how long they took.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.answered: Counter[int] = Counter()
        self.seconds = Histogram()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_id()
        bind(request_id=request_id)

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answered[message["status"]] += 1
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        started_at = time.monotonic()
        try:
            await self._app(scope, receive, send_marked)
        finally:
            self.seconds.observe(time.monotonic() - started_at)
