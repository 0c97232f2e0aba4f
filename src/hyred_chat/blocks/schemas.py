"""Blocks on the wire."""

from hyred_chat.accounts.schemas import User
from hyred_chat.http.models import RequestModel, WireModel


class Block(RequestModel):
    """`PUT /api/users/{id}/block`: whether to be kept apart from somebody."""

    blocked: bool


class BlockOf(WireModel):
    """The answer to it."""

    user_id: str
    blocked: bool


class BlockedUser(User):
    """Somebody whom the caller has blocked."""

    blocked_at: str
