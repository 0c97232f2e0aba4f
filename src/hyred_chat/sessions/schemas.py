"""Payloads that belong to the connection itself."""

from typing import Annotated

from pydantic import Field

from hyred_chat.http.models import RequestModel


class Authenticate(RequestModel):
    """The payload of `authenticate`: a fresh token of the same user."""

    token: Annotated[str, Field(min_length=1)]
