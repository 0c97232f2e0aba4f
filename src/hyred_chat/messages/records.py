"""A stored message, and its JSON."""

from dataclasses import dataclass

import orjson

# Not frozen: a frozen dataclass takes three times as long to make, and these are made for every message.


@dataclass(slots=True)
class MessageRecord:
    """A row of `messages`. `metadata` is JSON, `created_at` is already as on the wire. Nobody changes one."""

    room_id: str
    seq: int
    id: str
    client_message_id: str | None
    sender_id: str
    content: str
    type: str
    metadata: str | None
    created_at: str


@dataclass(slots=True)
class EncodedMessage:
    """The contract's Message twice: for its sender and for everybody else. They differ in `isOwn` alone."""

    own: bytes
    others: bytes

    def for_user(self, user_id: str, sender_id: str) -> bytes:
        """The one that `user_id` gets."""
        return self.own if user_id == sender_id else self.others


def encode_message(record: MessageRecord, sender: bytes, status: str) -> EncodedMessage:
    """Encode once for all receivers; `sender` is their `User` as JSON."""
    fields = orjson.dumps(
        {
            "id": record.id,
            "roomId": record.room_id,
            "seq": record.seq,
            "clientMessageId": record.client_message_id,
            "senderId": record.sender_id,
            "sender": orjson.Fragment(sender),
            "content": record.content,
            "type": record.type,
            "status": status,
            "metadata": None if record.metadata is None else orjson.Fragment(record.metadata),
            "createdAt": record.created_at,
        }
    )[:-1]
    return EncodedMessage(fields + b',"isOwn":true}', fields + b',"isOwn":false}')
