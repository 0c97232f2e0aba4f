"""`/api/users`: oneself, and people to start a chat with."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute, get_accounts
from hyred_chat.accounts.schemas import PersonProfile, User
from hyred_chat.accounts.service import Accounts
from hyred_chat.http.envelope import Success, respond
from hyred_chat.pages import take_page
from hyred_chat.validation import Id

AccountsService = Annotated[Accounts, Depends(get_accounts)]

router = APIRouter(prefix="/api/users", tags=["users"], route_class=PersonRoute)


@router.get("/me", response_model=Success[User])
async def get_me(caller: Caller) -> Response:
    """The person whose token this is."""
    return respond(caller)


@router.get("", response_model=Success[list[User]])
async def search_people(
    caller: Caller,
    accounts: AccountsService,
    query: str = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """People to start a chat with, by the beginnings of words of their names. Without a query: everybody.

    Of one person, two searches may be under way; one more is `rate_limited`.
    """
    people = await accounts.people.search(caller.id, query, limit, without_user_id=caller.id)
    return respond([orjson.Fragment(person) for person in take_page(person.as_json() for person in people)])


# The host's ids may hold slashes.
@router.get("/{user_id:path}/profile", response_model=Success[PersonProfile])
async def get_profile(caller: Caller, accounts: AccountsService, user_id: Id) -> Response:  # noqa: ARG001
    """Somebody with what their host tells of them: a headline, and when and where they work."""
    return respond(await accounts.get_profile(user_id))
