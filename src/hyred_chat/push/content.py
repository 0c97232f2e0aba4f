"""What a push says, and what the list says of the same."""

from typing import Any

import orjson

from hyred_chat.messages.attached import NO_FILES
from hyred_chat.notifications.previews import count_of, preview_of, title_of
from hyred_chat.notifications.texts import ENGLISH, Texts, texts_of
from hyred_chat.push.channels import Push
from hyred_chat.push.facts import Conversation, Due

# What is said above a push to somebody who wants no preview.
HIDDEN_TITLE = "Hyred Chat"
# What of the data says what kind of message it is.
_PREVIEWS = frozenset({"messageType", *NO_FILES.as_fields()})


def title_and_body(due: Due, texts: Texts = ENGLISH) -> tuple[str, str]:
    """For the list, which is the same for all devices, and for the push of somebody who wants previews."""
    subject = due.subject
    if not isinstance(subject, Conversation):
        return subject.title, subject.body
    title = title_of(subject.sender_name, subject.room_title)
    if subject.unread > 1:
        return title, count_of(subject.unread, texts)
    return title, preview_of(subject.message_type, subject.content, texts, subject.files)


def data_of(due: Due) -> dict[str, Any]:
    """As the live event has it."""
    subject = due.subject
    if not isinstance(subject, Conversation):
        return subject.data
    # What the body says is about its files, then.
    files = subject.files.as_fields() if subject.files.number and subject.unread <= 1 else {}
    return {
        "chatRoomId": subject.room_id,
        "messageId": subject.message_id,
        "senderId": subject.sender_id,
        "seq": subject.last_seq,
        "messageType": subject.message_type,
        "unreadCount": subject.unread,
        **files,
    }


def push_of(due: Due, *, locale: str | None, badge: int, ttl_seconds: int, is_silent: bool = False) -> Push:
    """What a device of this locale shows.

    Args:
        is_silent: it takes the place of what is shown there, without a sound.
    """
    texts = texts_of(locale)
    title, body = title_and_body(due, texts)
    data = data_of(due)
    is_conversation = isinstance(due.subject, Conversation)
    if not due.reader.wants_preview:
        title, body = HIDDEN_TITLE, _hidden_body(due, texts)
        # The host's data may say as much as its text. The app has it in the list.
        data = {name: value for name, value in data.items() if name not in _PREVIEWS} if is_conversation else {}
    return Push(
        collapse_key=due.id,
        title=title,
        body=body,
        data=_texts(due, data, badge),
        badge=badge,
        # A notice can wait until the phone wakes up by itself.
        is_urgent=is_conversation and not is_silent,
        withdraws=False,
        ttl_seconds=ttl_seconds,
        is_silent=is_silent,
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


def _hidden_body(due: Due, texts: Texts) -> str:
    if not isinstance(due.subject, Conversation):
        return texts.new_notice
    return count_of(due.subject.unread, texts) if due.subject.unread > 1 else texts.new_message


def _texts(due: Due, data: dict[str, Any], badge: int) -> dict[str, str]:
    """Providers take texts only: anything else goes as JSON."""
    values = {**data, "type": due.type, "notificationId": due.id, "badge": badge}
    return {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in values.items()}
