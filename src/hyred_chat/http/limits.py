"""The bound on request bodies, kept while they arrive; a declared length is refused at once. Time: `connections.py`."""

from collections.abc import Mapping, Sequence
from re import Pattern

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hyred_chat.errors import TooLargeError
from hyred_chat.http.errors import PAYLOAD_TOO_LARGE, refusal


class BodyLimit:
    """ASGI middleware that answers 413 `too_large` to bodies over `max_bytes`.

    Args:
        larger: other bounds, by path.
        streamed: paths of requests whose bodies are taken in parts, within a bound of their own.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_bytes: int,
        larger: Mapping[str, int] | None = None,
        streamed: Sequence[Pattern[str]] = (),
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._larger = larger or {}
        self._streamed = tuple(streamed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within the bound."""
        if scope["type"] != "http" or any(path.fullmatch(scope["path"]) for path in self._streamed):
            await self._app(scope, receive, send)
            return
        max_bytes = max(self._max_bytes, self._larger.get(scope["path"], 0))
        if _declared_length(scope) > max_bytes:
            await refusal(TooLargeError("The request is too large."))(scope, receive, send)
            return
        received_bytes = 0

        async def receive_bounded() -> Message:
            nonlocal received_bytes
            message = await receive()
            received_bytes += len(message.get("body", b""))
            if received_bytes > max_bytes:
                # FastAPI lets this kind through its body parsing and hands it to the error handlers.
                raise HTTPException(PAYLOAD_TOO_LARGE)
            return message

        await self._app(scope, receive_bounded, send)


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
