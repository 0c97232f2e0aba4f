"""The caller of a REST request, from its `Authorization: Bearer` header."""

from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts

# Without `auto_error`, a missing token is refused by the service, in the same words as on a socket.
_bearer = HTTPBearer(auto_error=False, description="An ID token of the configured issuer, or a development token.")


def accounts_of(request: Request) -> Accounts:
    """The service of the application that serves this request."""
    return cast("Accounts", request.app.state.accounts)


async def get_caller(
    accounts: Annotated[Accounts, Depends(accounts_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> User:
    """The person who calls. Raises as `Accounts.authenticate` does."""
    identity = await accounts.authenticate(None if credentials is None else credentials.credentials)
    return identity.user


Caller = Annotated[User, Depends(get_caller)]
