"""Notifications that are due, with whatever a test wants to be different."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hyred_chat.push.facts import Conversation, Due, Notice, Reader

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
READER = Reader(
    id="reader",
    is_disabled=False,
    wants_push=True,
    wants_in_app=True,
    wants_preview=True,
    quiet_hours=None,
    time_zone=None,
)
ROOM = Conversation(
    room_id="room",
    room_title=None,
    is_blocked=False,
    last_seq=3,
    read_seq=2,
    muted_until=None,
    message_id="message-3",
    message_type="text",
    message_at=NOW - timedelta(seconds=1),
    content="Hello",
    sender_id="ana",
    sender_name="Ana",
    untold_at=NOW - timedelta(seconds=1),
)
NOTICE = Notice("A job for you", "Look", {"jobId": "j-1"}, send_at=NOW)


def room(**changes: Any) -> Conversation:
    return replace(ROOM, **changes)


def reader(**changes: Any) -> Reader:
    return replace(READER, **changes)


def due(subject: Conversation | Notice = ROOM, **changes: Any) -> Due:
    """One unread message of a second ago, that nobody was told of yet."""
    first = Due(
        id="n" * 32,
        lease="lease",
        type="chat_message" if isinstance(subject, Conversation) else "job_match",
        state="scheduled",
        reason=None,
        now=NOW,
        reader=READER,
        subject=subject,
        looked_seq=2 if isinstance(subject, Conversation) else 0,
        attempts=0,
        expires_at=None,
        pushed_to=(),
        pauses={},
        shown_on=(),
        listed_at=None,
        read_at=None,
    )
    return replace(first, **changes)
