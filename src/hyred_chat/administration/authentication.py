"""The host back end of a REST request, from its API key."""

import logging
from collections.abc import Callable
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPBearer

from hyred_chat.administration.service import Administration
from hyred_chat.http.guards import GuardedRoute
from hyred_chat.http.requests import address_of

logger = logging.getLogger(__name__)

_bearer = HTTPBearer(auto_error=False, scheme_name="AdminKey", description="A key of HYRED_ADMIN_API_KEYS.")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="AdminKeyHeader")


def administration_of(request: Request) -> Administration:
    """The service of the application that serves this request."""
    return cast("Administration", request.app.state.administration)


async def get_administration(request: Request) -> Administration:
    """The same for routes that depend on it, without a thread."""
    return administration_of(request)


def key_of(header: Callable[[str], str | None]) -> str | None:
    """The key that a request carries.

    Args:
        header: looks a header up by its name.
    """
    scheme, _, credentials = (header("Authorization") or "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" and credentials else header("X-API-Key")


class HostRoute(GuardedRoute):
    """A route for host back ends: who did what with which key is in the log."""

    async def admit(self, request: Request) -> None:
        """See `GuardedRoute`. Raises as `ApiKeys.check` does."""
        key = key_of(request.headers.get)
        request.state.api_key = administration_of(request).api_keys.check(key, address_of(request))

    def settled(self, request: Request, status: int) -> None:
        """Write down what a key did."""
        log_host_request(request, self.path, status)


def log_host_request(request: Request, path: str, status: int) -> None:
    """Log what a key did. Ids of the host's may be e-mail addresses, which do not go into the log.

    Args:
        path: of the route, with names in the place of ids.
    """
    ids = [str(value) for value in request.path_params.values()]
    logger.info(
        "Request of a host back end",
        extra={
            "key": request.state.api_key,
            "address": address_of(request),
            "request": f"{request.method} {path}",
            "ids": ",".join("(e-mail)" if "@" in value else value for value in ids),
            "status": status,
        },
    )


async def describe_keys(_: Annotated[object, Depends(_bearer)], _header: Annotated[object, Depends(_header)]) -> None:
    """Say in the API's description which keys a `HostRoute` takes."""
