"""Erasures on the wire."""

from hyred_chat.http.models import WireModel


class Erasure(WireModel):
    """How far the erasure of somebody is. `messageCount` is how many messages of theirs say nothing any more."""

    user_id: str
    requested_at: str
    finished_at: str | None
    message_count: int
