"""The moderator of a REST request: a back end of the host's by its API key, or an admin by their token."""

from typing import Annotated, cast

from fastapi import Depends, Request

from hyred_chat.accounts.authentication import PersonRoute, describe_token
from hyred_chat.administration.authentication import administration_of, describe_keys, key_of, log_host_request
from hyred_chat.audit.schemas import Actor
from hyred_chat.errors import AccessDeniedError
from hyred_chat.http.requests import address_of


class ModeratorRoute(PersonRoute):
    """A route for moderators. Whoever has neither a key nor a token is told how to sign in."""

    async def admit(self, request: Request) -> None:
        """See `GuardedRoute`. Raises as `ApiKeys.check` and `PersonRoute.admit` do, or `AccessDeniedError`."""
        keys, key = administration_of(request).api_keys, key_of(request.headers.get)
        if "X-API-Key" in request.headers or keys.know(key):
            request.state.api_key = keys.check(key, address_of(request))
            request.state.actor = Actor("key", request.state.api_key)
            return
        await super().admit(request)
        if request.state.caller.role != "admin":
            raise AccessDeniedError("This is for those who run this service.")
        request.state.actor = Actor("person", request.state.caller.id)

    def settled(self, request: Request, status: int) -> None:
        """Write down what a key did. What moderators did is in the audit log besides."""
        if request.state.actor.kind == "key":
            log_host_request(request, self.path, status)


async def get_actor(
    request: Request, _token: Annotated[None, Depends(describe_token)], _keys: Annotated[None, Depends(describe_keys)]
) -> Actor:
    """Who calls a `ModeratorRoute`."""
    return cast("Actor", request.state.actor)


Moderator = Annotated[Actor, Depends(get_actor)]
