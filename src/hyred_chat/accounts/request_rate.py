"""The rate of a person's REST requests, whatever they ask for."""

from typing import cast

from fastapi import Request

from hyred_chat.accounts.authentication import Caller
from hyred_chat.limits import RateLimit


async def limit_requests(caller: Caller, request: Request) -> None:
    """A dependency of every signed-in route. Raises `RateLimitedError`."""
    cast("RateLimit", request.app.state.request_rate).take(caller.id)
