"""The host back end of a REST request, from its API key."""

from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from hyred_chat.administration.service import Administration

_bearer = HTTPBearer(auto_error=False, scheme_name="AdminKey", description="A key of HYRED_ADMIN_API_KEYS.")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="AdminKeyHeader")


def administration_of(request: Request) -> Administration:
    """The service of the application that serves this request."""
    return cast("Administration", request.app.state.administration)


async def check_api_key(
    request: Request,
    administration: Annotated[Administration, Depends(administration_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    header: Annotated[str | None, Depends(_header)],
) -> None:
    """Let a request with a right key pass. Raises as `ApiKeys.check` does."""
    address = request.client.host if request.client is not None else ""
    administration.api_keys.check(credentials.credentials if credentials is not None else header, address)
