"""Messages that other nodes have stored, and what they are told of those stored here."""

import time
from typing import Any

import orjson

from hyred_chat.broker.envelope import Envelope
from hyred_chat.messages.additions import NO_ADDITIONS, Additions, Quote
from hyred_chat.messages.attached import FilesInShort
from hyred_chat.messages.gathering import Neighbours
from hyred_chat.messages.hold import Hold
from hyred_chat.messages.records import OTHERS_END, OWN_END, EncodedMessage, MessageRecord
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.nodes import Nodes
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.inbox import Inbox

MICROSECONDS = 1_000_000


class MessageRelay:
    """Tells other nodes of each stored message, and hands out theirs in the order of the room.

    Args:
        hold: takes messages wherever they were stored.
        inbox: has rooms read that are not in memory.
        neighbours: where it is counted what others have stored.
    """

    def __init__(self, nodes: Nodes, rooms: RoomCache, hold: Hold, inbox: Inbox, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self._nodes = nodes
        self._rooms = rooms
        self._hold = hold
        self._inbox = inbox
        nodes.on(Kind.MESSAGE, self._hear)

    def tell(self, record: MessageRecord, encoded: EncodedMessage) -> None:
        """A message was stored here."""
        fields = {
            Field.ROOM: record.room_id.encode(),
            Field.SEQ: b"%d" % record.seq,
            Field.AT: b"%d" % (time.time() * MICROSECONDS),
        }
        members = self._rooms.members_of(record.room_id)
        # What signs the addresses of files is in the database, and goes nowhere else.
        body = None if record.attachments else encoded.others
        self._nodes.tell_room(record.room_id, members, Kind.MESSAGE, fields, body)

    def _hear(self, envelope: Envelope) -> None:
        self._neighbours.stored += 1
        if (told_at := envelope.fields.get(Field.AT)) is not None:
            self._nodes.crossing_seconds.observe(max(0.0, time.time() - int(told_at) / MICROSECONDS))
        room_id, seq = envelope.fields[Field.ROOM].decode(), int(envelope.fields[Field.SEQ])
        told = None if envelope.is_truncated else _read(envelope.body)
        if told is None:
            self._inbox.put(room_id, lambda _: self._hold.expect(room_id, seq, is_news=True))
            return
        record, encoded = told
        self._inbox.put(room_id, lambda _: self._hold.receive(record, encoded, is_news=True))


def _read(body: bytes) -> tuple[MessageRecord, EncodedMessage] | None:
    """A message as it was encoded for others than its sender.

    None where an older version told it, which says less of what it answers: then it is read from the database.
    """
    if not body.endswith(OTHERS_END):
        raise ValueError("a message was not told as others than its sender see it")
    message = orjson.loads(body)
    fields = body.removesuffix(OTHERS_END)
    if "change" not in message:  # an older version told it
        fields += NO_ADDITIONS
    metadata = message["metadata"]
    reply_to, mentions = message.get("replyTo"), message.get("mentions")
    if reply_to is not None and "attachments" not in reply_to:
        return None
    additions = None
    if reply_to or mentions:
        additions = Additions(quote=None if reply_to is None else _quote_of(reply_to), mentions=mentions)
    record = MessageRecord(
        message["roomId"],
        message["seq"],
        message["id"],
        message["clientMessageId"],
        message["senderId"],
        message["content"],
        message["type"],
        None if metadata is None else orjson.dumps(metadata).decode(),
        message["createdAt"],
        additions,
    )
    return record, EncodedMessage(fields + OWN_END, fields + OTHERS_END)


def _quote_of(quote: dict[str, Any]) -> Quote:
    return Quote(
        quote["id"],
        quote["seq"],
        quote["senderId"],
        quote["senderName"],
        quote["content"],
        quote["type"],
        quote["deletedAt"],
        FilesInShort(quote["attachments"], quote["attachmentKind"], quote["hasCaption"]),
    )
