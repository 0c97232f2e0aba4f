"""How many large answers a person may have under way."""

from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends, Request

from hyred_chat.accounts.authentication import Caller
from hyred_chat.limits import Turns

# Answers of up to a page of bytes that one person has under way at once, and how long another one waits for its turn.
LARGE_ANSWERS = 4
LARGE_ANSWER_PATIENCE_SECONDS = 10.0


async def large_answers_of(request: Request) -> Turns:
    """The application's turns of large answers."""
    return cast("Turns", request.app.state.large_answers)


async def take_turn(caller: Caller, turns: Annotated[Turns, Depends(large_answers_of)]) -> AsyncIterator[None]:
    """A dependency of routes that answer with a page: the turn ends when the client has taken the answer.

    Raises:
        RateLimitedError: the caller does not take the answers to earlier requests.
    """
    async with turns.take(caller.id):
        yield


# In a route's `dependencies`.
LARGE_ANSWER = Depends(take_turn)
