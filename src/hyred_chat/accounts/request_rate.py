"""The rate of a person's REST requests, whatever they ask for."""

from typing import Annotated, cast

from fastapi import Depends, Request

from hyred_chat.accounts.authentication import Caller
from hyred_chat.limits import RateLimit


def request_rate_of(request: Request) -> RateLimit:
    """The application's rate of requests."""
    return cast("RateLimit", request.app.state.request_rate)


async def limit_requests(caller: Caller, rate: Annotated[RateLimit, Depends(request_rate_of)]) -> None:
    """A dependency of every signed-in route. Raises `RateLimitedError`."""
    rate.take(caller.id)
