"""Notifications on the wire."""

from typing import Any

from hyred_chat.http.models import WireModel


class Notification(WireModel):
    """The `notification` event. `type` is `chat_message`, `job_match`, `proposal_response` or another of the host's."""

    id: str
    title: str
    body: str
    type: str
    data: dict[str, Any]
    created_at: str
    read: bool
