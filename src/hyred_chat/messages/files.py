"""Files in the transaction of the message that they are sent with, or that is deleted. Its room is locked by then.

Everything else about them is in `files/`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from hyred_chat.db.pool import Connection
from hyred_chat.errors import ConflictError, FileNotReadyError, FileRefusedError, NotFoundError
from hyred_chat.files.attachments import Attachment
from hyred_chat.messages.attached import SentFile

_LOCK = """
    SELECT id, owner_id, room_id, state, reason, message_id, name, size, content_type, kind, key, details,
           removed_at IS NOT NULL OR withdrawn_at IS NOT NULL OR expires_at < clock_timestamp() AS is_gone
    FROM files WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE
"""

_NOTE_SENT = """
    UPDATE files SET message_id = sent.message_id, message_seq = sent.seq, expires_at = NULL
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS sent (id, message_id, seq) WHERE files.id = sent.id
"""


async def lock_files(connection: Connection, file_ids: Sequence[str]) -> dict[str, Any]:
    """Those of these files that there are. Nobody else sends them until the transaction ends. No statement for none."""
    return {row["id"]: row for row in await connection.fetch(_LOCK, list(file_ids))} if file_ids else {}


def take_files(
    files: Mapping[str, Any], sent: Iterable[SentFile], *, room_id: str, sender_id: str, message_id: str
) -> list[Attachment]:
    """The files of a message, in their order.

    Args:
        files: as `lock_files` returns them.
        message_id: of the message that is to be stored; it may be there already.

    Raises:
        NotFoundError: one is not there, somebody else's, or for another room.
        ConflictError: one was sent before.
        FileNotReadyError: one has not been examined yet.
        FileRefusedError: one was refused.
    """
    attachments = []
    for file_id, alt in sent:
        row = files.get(file_id)
        if row is None or row["owner_id"] != sender_id or row["room_id"] != room_id:
            raise NotFoundError("There is no such file of yours in this conversation.")
        if row["message_id"] not in (None, message_id):
            raise ConflictError("This file was sent before.")
        if row["is_gone"]:
            raise NotFoundError("There is no such file of yours in this conversation.")
        if row["state"] == "refused":
            raise FileRefusedError(row["reason"])
        if row["state"] != "ready":
            raise FileNotReadyError("The file is not ready yet.")
        attachments.append(_attachment_of(row, alt))
    return attachments


async def note_sent(connection: Connection, sent: Sequence[tuple[str, str, int]]) -> None:
    """Write down with which messages files were sent, as (file id, message id, seq); no statement for none."""
    if sent:
        file_ids, message_ids, seqs = zip(*sent, strict=True)
        await connection.execute(_NOTE_SENT, list(file_ids), list(message_ids), list(seqs))


def encode_attachments(attachments: Sequence[Attachment]) -> str | None:
    """As `messages.attachments` has them; None for none."""
    return orjson.dumps([each.as_json() for each in attachments]).decode() if attachments else None


def _attachment_of(row: Any, alt: str | None) -> Attachment:
    details = orjson.loads(row["details"] or "{}")
    return Attachment(
        id=row["id"],
        name=row["name"],
        size=row["size"],
        content_type=row["content_type"],
        kind=row["kind"],
        key=row["key"],
        width=details.get("width"),
        height=details.get("height"),
        duration_ms=details.get("durationMs"),
        waveform=details.get("waveform"),
        placeholder=details.get("placeholder"),
        previews=tuple(details.get("previews") or ()),
        alt=alt,
    )
