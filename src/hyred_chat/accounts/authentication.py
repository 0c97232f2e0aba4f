"""The caller of a REST request, from its `Authorization: Bearer` header."""

from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts
from hyred_chat.errors import UnauthenticatedError, UserNotFoundError
from hyred_chat.http.guards import GuardedRoute
from hyred_chat.http.requests import address_of
from hyred_chat.limits import RateLimit, RefusalRate
from hyred_chat.log_fields import bind

# It says in the API's description how to sign in; a missing token is refused in the same words as on a socket.
_bearer = HTTPBearer(auto_error=False, description="An ID token of the configured issuer, or a development token.")


def accounts_of(request: Request) -> Accounts:
    """The service of the application that serves this request."""
    return cast("Accounts", request.app.state.accounts)


async def get_accounts(request: Request) -> Accounts:
    """The same for routes that depend on it. FastAPI would call a function that is not async in a thread, each time."""
    return accounts_of(request)


def _refused_tokens() -> RefusalRate:
    """Many people may share an address, and somebody's old token is no attack."""
    return RefusalRate(burst=500, seconds_each=0.1)


@dataclass(frozen=True, slots=True)
class Rates:
    """What REST requests are counted by: `app.state.rates`.

    Attributes:
        requests: of each person.
        refused_tokens: of each address. A good token passes whatever else came from its address.
    """

    requests: RateLimit
    refused_tokens: RefusalRate = field(default_factory=_refused_tokens)


class PersonRoute(GuardedRoute):
    """A route for people who have signed in, each within the rate of their requests."""

    async def admit(self, request: Request) -> None:
        """See `GuardedRoute`. Raises as `Accounts.authenticate` does, or `RateLimitedError`."""
        rates = cast("Rates", request.app.state.rates)
        credentials = await _bearer(request)
        token = None if credentials is None else credentials.credentials
        try:
            identity = await accounts_of(request).authenticate(token)
        except (UnauthenticatedError, UserNotFoundError):
            if token:
                rates.refused_tokens.count(address_of(request))
            raise
        bind(user_id=identity.user.id)
        rates.requests.take(identity.user.id)
        request.state.caller = identity.user


async def describe_token(_: Annotated[object, Depends(_bearer)]) -> None:
    """Say in the API's description which tokens a `PersonRoute` takes."""


async def get_caller(request: Request, _: Annotated[None, Depends(describe_token)]) -> User:
    """The person who calls a `PersonRoute`."""
    return cast("User", request.state.caller)


Caller = Annotated[User, Depends(get_caller)]
