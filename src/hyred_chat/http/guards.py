"""Routes whose callers are known before their bodies are read."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from hyred_chat.http.errors import status_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def is_admitted(scope: Mapping[str, Any]) -> bool:
    """Whether the caller of a request, by its ASGI scope, has passed a guard."""
    return bool(scope.get("state", {}).get("is_admitted"))


class GuardedRoute(APIRoute):
    """A route that decides by a request's head who is calling, and refuses strangers there and then.

    FastAPI reads and parses a body before it looks at any dependency. A router whose routes need a caller takes a
    subclass as its `route_class`.
    """

    async def admit(self, request: Request) -> None:
        """Let a caller pass, leaving what the endpoint needs to know in `request.state`, or raise a `ChatError`."""
        raise NotImplementedError

    def settled(self, request: Request, status: int) -> None:
        """A request of a caller who was let in is answered with this status."""

    def get_route_handler(self) -> Handler:
        """The handler that FastAPI makes, behind the guard."""
        handle = super().get_route_handler()

        async def handle_known(request: Request) -> Response:
            await self.admit(request)
            request.state.is_admitted = True
            try:
                response = await handle(request)
            except Exception as error:
                self.settled(request, status_of(error))
                raise
            self.settled(request, response.status_code)
            return response

        return handle_known
