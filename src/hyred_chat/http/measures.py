"""What is counted of HTTP requests."""

import time
from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hyred_chat.histograms import Histogram


class RequestMeasures:
    """ASGI middleware that counts requests and their time, from the head of the request to the end of the answer.

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

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answered[message["status"]] += 1
            await send(message)

        started_at = time.monotonic()
        try:
            await self._app(scope, receive, send_counted)
        finally:
            self.seconds.observe(time.monotonic() - started_at)
