"""What a push says, and what the list says of the same."""

from typing import Any

import orjson

from hyred_chat.notifications.previews import count_of, preview_of, title_of
from hyred_chat.push.channels import Push
from hyred_chat.push.facts import Conversation, Due

# What is said to somebody who wants no preview.
HIDDEN_TITLE = "Hyred Chat"
HIDDEN_MESSAGE = "New message"
HIDDEN_NOTICE = "You have a new notification"


def title_and_body(due: Due) -> tuple[str, str]:
    """For the list, and for the push of somebody who wants previews."""
    subject = due.subject
    if not isinstance(subject, Conversation):
        return subject.title, subject.body
    body = count_of(subject.unread) if subject.unread > 1 else preview_of(subject.message_type, subject.content)
    return title_of(subject.sender_name, subject.room_title), body


def data_of(due: Due) -> dict[str, Any]:
    """As the live event has it."""
    subject = due.subject
    if not isinstance(subject, Conversation):
        return subject.data
    return {
        "chatRoomId": subject.room_id,
        "messageId": subject.message_id,
        "senderId": subject.sender_id,
        "seq": subject.last_seq,
    }


def push_of(due: Due, *, badge: int, ttl_seconds: int) -> Push:
    """What the person's devices show."""
    title, body = title_and_body(due)
    is_conversation = isinstance(due.subject, Conversation)
    if not due.reader.wants_preview:
        title, body = HIDDEN_TITLE, _hidden_body(due)
    return Push(
        collapse_key=due.id,
        title=title,
        body=body,
        data=_texts(due, data_of(due), badge),
        badge=badge,
        is_urgent=is_conversation,
        withdraws=False,
        ttl_seconds=ttl_seconds,
    )


def withdrawal_of(due: Due, *, badge: int, ttl_seconds: int) -> Push:
    """What takes it away again, and says nothing."""
    room = {"chatRoomId": due.subject.room_id} if isinstance(due.subject, Conversation) else {}
    return Push(
        collapse_key=due.id,
        title="",
        body="",
        data=_texts(due, {"withdrawn": True, **room}, badge),
        badge=badge,
        is_urgent=False,
        withdraws=True,
        ttl_seconds=ttl_seconds,
    )


def _hidden_body(due: Due) -> str:
    if not isinstance(due.subject, Conversation):
        return HIDDEN_NOTICE
    return count_of(due.subject.unread) if due.subject.unread > 1 else HIDDEN_MESSAGE


def _texts(due: Due, data: dict[str, Any], badge: int) -> dict[str, str]:
    """Providers take texts only: anything else goes as JSON."""
    values = {**data, "type": due.type, "notificationId": due.id, "badge": badge}
    return {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in values.items()}
