"""From a claimed row to facts."""

from datetime import datetime
from typing import Any

import orjson

from hyred_chat.messages.additions import DELETED_CONTENT
from hyred_chat.messages.rows import files_in_short
from hyred_chat.preferences.quiet_hours import QuietHours, parse_clock
from hyred_chat.push.facts import Conversation, Due, Notice, Pause, Reader


def due_of(row: Any) -> Due:
    """Of a row of the claim. Raises whatever a row that makes no sense leads to."""
    return Due(
        id=row["id"],
        lease=row["lease"],
        type=row["type"],
        state=row["state"],
        reason=row["reason"],
        now=row["now"],
        reader=_reader_of(row),
        subject=_notice_of(row) if row["room_id"] is None else _conversation_of(row),
        looked_seq=row["looked_seq"],
        attempts=row["attempts"],
        expires_at=row["expires_at"],
        pushed_to=tuple(row["pushed_to"]),
        pauses={device_id: _pause_of(fields) for device_id, fields in orjson.loads(row["pauses"]).items()},
        shown_on=tuple(row["shown_on"]),
        listed_at=row["listed_at"],
        read_at=row["read_at"],
        said=None if row["title"] is None else (row["title"], row["body"]),
    )


def _reader_of(row: Any) -> Reader:
    chosen = {} if row["types"] is None else orjson.loads(row["types"]).get(row["type"], {})
    quiet = None
    if row["quiet_from"] is not None and row["quiet_until"] is not None:
        quiet = QuietHours(parse_clock(row["quiet_from"]), parse_clock(row["quiet_until"]))
    return Reader(
        id=row["user_id"],
        is_disabled=row["is_disabled"],
        wants_push=chosen.get("push", True),
        wants_in_app=chosen.get("inApp", True),
        wants_preview=row["wants_preview"],
        quiet_hours=quiet,
        time_zone=row["time_zone"],
    )


def _notice_of(row: Any) -> Notice:
    return Notice(row["notice_title"], row["notice_body"], orjson.loads(row["notice_data"]), row["notice_send_at"])


def _pause_of(fields: dict[str, Any]) -> Pause:
    return Pause(datetime.fromisoformat(fields["until"]), fields["tries"], fields["owes"])


def _conversation_of(row: Any) -> Conversation:
    # A room that is gone has no members either.
    return Conversation(
        room_id=row["room_id"],
        room_title=row["room_title"],
        is_blocked=row["room_status"] == "blocked",
        last_seq=row["last_seq"] or 0,
        read_seq=row["last_read_seq"],
        muted_until=row["muted_until"],
        # Where nothing is left that anybody has to read, it was deleted.
        message_id=row["message_id"] or "",
        message_type=row["message_type"] or "text",
        message_at=row["message_at"] or row["now"],
        content=row["content"] or DELETED_CONTENT,
        sender_id=row["sender_id"] or "",
        sender_name=row["person_name"] if row["person_id"] is not None else None,
        untold_at=row["untold_at"],
        uncounted=row["uncounted"] or 0,
        is_mentioned=row["is_mentioned"],
        files=files_in_short(None if row["files"] is None else orjson.loads(row["files"])),
    )
