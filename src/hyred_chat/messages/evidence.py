"""Messages as moderators need them: with those around, whoever is a member, and as they can be kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from asyncpg import Record

from hyred_chat.accounts.schemas import User, former_member
from hyred_chat.db.pool import Connection
from hyred_chat.messages import repository
from hyred_chat.messages.change_repository import list_versions
from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.moments import to_wire
from hyred_chat.pages import PAGE_BYTES

MESSAGES_AROUND = 20

Json = dict[str, Any]

_LIST_DELETED = """
    SELECT message_id, content, type, metadata, versions, attachments, deleted_at, deleted_by FROM deleted_messages
    WHERE message_id = ANY($1::text[])
"""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A message and what is around it, in the contract's form but without people: names are as they are at reading.

    Attributes:
        message: None where a whole conversation is looked at.
        around: in their order.
    """

    room_id: str
    sender_id: str | None
    message: Json | None
    versions: list[Json]
    around: list[Json]

    def as_json(self) -> Json:
        """`{message, versions, around}`, to be kept."""
        return {"message": self.message, "versions": self.versions, "around": self.around}


async def read_message(connection: Connection, message_id: str, *, member_id: str | None = None) -> Dossier | None:
    """A message, as it is now; None when there is none, or `member_id` is not in its room. Four statements at most.

    What was deleted is there as it was, while it is kept.
    """
    if member_id is None:
        record = await repository.find_by_id(connection, message_id)
    else:
        record = await repository.find_for_member(connection, message_id, member_id)
    if record is None:
        return None
    around = await _list_around(connection, record.room_id, record.seq)
    deleted = await _list_deleted(connection, [record, *around])
    if (was := deleted.get(record.id)) is not None:
        versions = orjson.loads(was["versions"])
    else:
        found = await list_versions(connection, record)
        versions = [{"content": content, "createdAt": created_at} for content, created_at in found]
    messages = [_describe(each, deleted) for each in around]
    return Dossier(record.room_id, record.sender_id, _describe(record, deleted), versions, messages)


async def read_newest(connection: Connection, room_id: str, last_seq: int) -> Dossier:
    """The newest messages of a room. Two statements."""
    around = await _list_around(connection, room_id, last_seq + 1)
    deleted = await _list_deleted(connection, around)
    return Dossier(room_id, None, None, [], [_describe(each, deleted) for each in around])


def list_people(dossier: Json) -> set[str]:
    """The ids of those who are named in `{message, around}`."""
    return {named["senderId"] for named in _list_named(dossier)}


def list_files(dossier: Json) -> list[str]:
    """The ids of the files of all messages in `{message, around}`."""
    messages = [*dossier["around"], *([] if dossier["message"] is None else [dossier["message"]])]
    return [attachment["id"] for each in messages for attachment in each.get("attachments") or ()]


def with_people(dossier: Json, people: Mapping[str, User]) -> Json:
    """The same with everybody under the name that they have now."""
    for named in _list_named(dossier):
        sender = people.get(named["senderId"]) or former_member(named["senderId"])
        if "senderName" in named:
            named["senderName"] = sender.name
        else:
            named["sender"] = sender.model_dump(by_alias=True)
    return dossier


def _list_named(dossier: Json) -> list[Json]:
    """All messages, and those that they quote."""
    message = dossier["message"]
    messages = [*dossier["around"], *([] if message is None else [message])]
    return messages + [quote for each in messages if (quote := each["replyTo"]) is not None]


async def _list_around(connection: Connection, room_id: str, seq: int) -> Sequence[MessageRecord]:
    low, high = max(0, seq - MESSAGES_AROUND - 1), seq + MESSAGES_AROUND
    records = await repository.list_newest(connection, room_id, after=low, until=high, max_bytes=2 * PAGE_BYTES)
    return choose_around(records, seq)


async def _list_deleted(connection: Connection, records: Iterable[MessageRecord]) -> dict[str, Record]:
    """What those of the messages said that were deleted, by id."""
    rows = await connection.fetch(_LIST_DELETED, [record.id for record in records])
    return {row["message_id"]: row for row in rows}


def choose_around(records: Collection[MessageRecord], seq: int) -> Sequence[MessageRecord]:
    """`MESSAGES_AROUND` of these, half of them on either side of `seq`, or more where the other has less."""
    before, after = [each for each in records if each.seq < seq], [each for each in records if each.seq > seq]
    count_after = min(len(after), max(MESSAGES_AROUND // 2, MESSAGES_AROUND - len(before)))
    count_before = min(len(before), MESSAGES_AROUND - count_after)
    return [*before[len(before) - count_before :], *after[:count_after]]


def _describe(record: MessageRecord, deleted: Mapping[str, Record]) -> Json:
    described: Json = orjson.loads(encode_message(record, b"null", "sent").others)
    if (was := deleted.get(record.id)) is not None:
        described |= {
            "content": was["content"],
            "type": was["type"],
            "metadata": None if was["metadata"] is None else orjson.loads(was["metadata"]),
            "attachments": orjson.loads(was["attachments"] or "[]"),  # earlier versions wrote none
            "deletedAt": to_wire(was["deleted_at"]),
            "deletedBy": was["deleted_by"],
        }
    return described
