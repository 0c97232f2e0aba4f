"""From rows of `messages` to records: which columns are read, and what they are."""

from typing import Any

import orjson

from hyred_chat.accounts.schemas import FORMER_MEMBER_NAME
from hyred_chat.db.people import PERSON_JOINS, PERSON_NAME
from hyred_chat.files.attachments import attachment_of
from hyred_chat.messages.additions import QUOTED_CHARS, Additions, Quote, Reaction
from hyred_chat.messages.attached import MAX_CONTENT_CHARS, NO_FILES, FilesInShort, in_short_of
from hyred_chat.messages.records import MessageRecord
from hyred_chat.moments import millis_to_wire, to_wire
from hyred_chat.text.previews import beginning_of

# What was sent.
COLUMNS = ("room_id", "seq", "id", "client_message_id", "sender_id", "content", "type", "metadata", "created_at")

# A quote: its content of up to four bytes a character, and what stands around it.
_QUOTE_BYTES = 4 * QUOTED_CHARS + 512

_MILLIS = "(extract(epoch FROM {}) * 1000)::bigint"

# Of a row of `messages`: as much of its content as can be the names of its files, and their kinds and names. NULL
# without.
FILES_IN_SHORT = f"""
    CASE WHEN {{message}}.attachments IS NOT NULL AND {{message}}.deleted_at IS NULL THEN json_build_array(
        left({{message}}.content, {MAX_CONTENT_CHARS + 1}),
        (
            SELECT json_agg(json_build_array(file ->> 'kind', file ->> 'name'))
            FROM json_array_elements({{message}}.attachments) file
        )
    ) END
"""

# Of `quoted`, a row of `messages`: what is quoted of it, and one character more, by which it is seen where to cut.
QUOTE = f"""
    json_build_array(
        quoted.id, quoted.seq, quoted.sender_id, coalesce({PERSON_NAME}, '{FORMER_MEMBER_NAME}'),
        left(quoted.content, {QUOTED_CHARS + 1}), quoted.type, {_MILLIS.format("quoted.deleted_at")},
        {FILES_IN_SHORT.format(message="quoted")}
    )
"""
QUOTED_PERSON = f"LEFT JOIN users person ON person.id = quoted.sender_id {PERSON_JOINS}"

# Of `message`, a row of `messages`: what it has besides its reactions, as one JSON; NULL of most messages. What it
# answers is read with it, as it is now.
_ADDITIONS = f"""
    CASE WHEN message.reply_to IS NOT NULL OR message.mentions IS NOT NULL OR message.attachments IS NOT NULL
        OR message.edited_at IS NOT NULL OR message.deleted_at IS NOT NULL OR message.pinned_at IS NOT NULL
    THEN
        json_build_object(
            'edited', {_MILLIS.format("message.edited_at")}, 'deleted', {_MILLIS.format("message.deleted_at")},
            'by', message.deleted_by, 'mentions', message.mentions, 'pinned', {_MILLIS.format("message.pinned_at")},
            'attachments', message.attachments, 'digest', encode(message.sent_digest, 'hex'),
            'quote', CASE WHEN message.reply_to IS NOT NULL THEN (
                SELECT {QUOTE} FROM messages quoted {QUOTED_PERSON}
                WHERE quoted.room_id = message.room_id AND quoted.seq = message.reply_to
            ) END
        )
    END
"""

# Of `message` likewise: about how many bytes it takes to read it, known without reading what is stored apart, as the
# reactions of many people are.
STORED_BYTES = f"""
    octet_length(message.content) + coalesce(octet_length(message.metadata::text), 0)
    + coalesce(pg_column_size(message.reactions), 0) + coalesce(octet_length(message.attachments::text), 0)
    + coalesce(pg_column_size(message.mentions), 0)
    + CASE WHEN message.reply_to IS NULL THEN 0 ELSE {_QUOTE_BYTES} END
"""

# What a page of messages is read by. JSON with emoji comes as bytes: as text it would take four bytes a character, and
# twice the time, before it is parsed. Reactions come as they are stored, apart from the rest: there may be very many,
# and most messages that have any have nothing else.
PRESENT_COLUMNS = (
    ", ".join(f"message.{column}" for column in COLUMNS)
    + ", message.change, convert_to(message.reactions::text, 'UTF8') AS reactions"
    + f", convert_to(({_ADDITIONS})::text, 'UTF8') AS additions"
)


def record_of(row: Any) -> MessageRecord:
    """Of a row with the `PRESENT_COLUMNS`."""
    record = sent_record_of(row)
    additions, change = row["additions"], row["change"]
    if additions is not None:
        record.additions = _additions_of(orjson.loads(additions), change or 0)
    elif change is not None:
        record.additions = Additions(change)
    if (reactions := row["reactions"]) is not None:
        assert record.additions is not None  # noqa: S101  # what has reactions has changed
        record.additions.reactions = [Reaction(*reaction) for reaction in orjson.loads(reactions)]
    return record


def sent_record_of(row: Any) -> MessageRecord:
    """Of a row with the `COLUMNS`: without what the message has besides."""
    return MessageRecord(
        room_id=row["room_id"],
        seq=row["seq"],
        id=row["id"],
        client_message_id=row["client_message_id"],
        sender_id=row["sender_id"],
        content=row["content"],
        type=row["type"],
        metadata=row["metadata"],
        created_at=to_wire(row["created_at"]),
    )


def _additions_of(fields: dict[str, Any], change: int) -> Additions:
    return Additions(
        change=change,
        edited_at=_moment(fields["edited"]),
        deleted_at=_moment(fields["deleted"]),
        deleted_by=fields["by"],
        quote=None if fields["quote"] is None else quote_of(fields["quote"]),
        mentions=fields["mentions"] or [],
        pinned_at=_moment(fields["pinned"]),
        sent_digest=None if fields["digest"] is None else bytes.fromhex(fields["digest"]),
        # A version that knows no files has left them where it deleted a message.
        attachments=[]
        if fields["deleted"] is not None
        else [attachment_of(each) for each in fields["attachments"] or ()],
    )


def quote_of(fields: list[Any]) -> Quote:
    """Of what `ADDITIONS` has of it."""
    message_id, seq, sender_id, sender_name, content, message_type, deleted_ms, files = fields
    deleted_at, content = _moment(deleted_ms), beginning_of(content, QUOTED_CHARS)
    return Quote(message_id, seq, sender_id, sender_name, content, message_type, deleted_at, files_in_short(files))


def files_in_short(files: list[Any] | None) -> FilesInShort:
    """Of what `FILES_IN_SHORT` has of them."""
    return NO_FILES if files is None else in_short_of(*files)


def _moment(unix_millis: int | None) -> str | None:
    return None if unix_millis is None else millis_to_wire(unix_millis)
