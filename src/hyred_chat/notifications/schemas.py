"""Notifications on the wire."""

from typing import Any

from hyred_chat.http.models import WireModel


class Notification(WireModel):
    """The `notification` event, and an entry of the list.

    `type` is `chat_message`, `job_match`, `proposal_response` or another of the host's. A conversation has one
    notification for each member, which grows: the same `id` again, with a newer `createdAt`; its
    `data` is `{chatRoomId, messageId, senderId, seq, messageType, unreadCount}`, of the newest message and of all that
    are unread. Where the body says what one message with files is, `data` also has `attachments`, `attachmentKind` and
    `hasCaption`, as the `lastMessage` of a room has.
    """

    id: str
    title: str
    body: str
    type: str
    data: dict[str, Any]
    created_at: str
    read: bool


class ReadNotifications(WireModel):
    """The answer to reading: how many were read by it."""

    count: int
