"""What holds for every HTTP answer: HEAD is GET without a body, and headers that keep browsers from guessing.

An endpoint whose body is dear to read finds `is_head` in the state of its request.
"""

from collections.abc import Collection
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api/"
_NOT_FOUND = int(HTTPStatus.NOT_FOUND)
_METHOD_NOT_ALLOWED = int(HTTPStatus.METHOD_NOT_ALLOWED)
# A year. Sent over TLS only, which a trusted proxy in front of the server has to say.
STRICT_TRANSPORT = "max-age=31536000"


class Conventions:
    """ASGI middleware around everything else.

    Args:
        own_methods: paths (their beginnings) that answer HEAD in their own way.
    """

    def __init__(self, app: ASGIApp, *, own_methods: Collection[str] = ()) -> None:
        self._app = app
        self._own_methods = tuple(own_methods)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD" and not scope["path"].startswith(self._own_methods)

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                _mark(message, scope)
                if is_head and message["status"] == _NOT_FOUND and "Allow" in MutableHeaders(scope=message):
                    message["status"] = _METHOD_NOT_ALLOWED
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if is_head:
            scope = {**scope, "method": "GET", "state": {**scope.get("state", {}), "is_head": True}}
        await self._app(scope, receive, send_marked)


def _mark(message: Message, scope: Scope) -> None:
    headers = MutableHeaders(scope=message)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if scope["path"].startswith(API):
        headers.setdefault("Cache-Control", "no-store")
    if scope.get("scheme") == "https":
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
