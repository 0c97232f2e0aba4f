"""A stored message, and its JSON."""

from dataclasses import dataclass, field

import orjson

from hyred_chat.files.attachments import Attachment
from hyred_chat.messages.additions import NO_ADDITIONS, Additions, encode_additions

# Not frozen: a frozen dataclass takes three times as long to make, and these are made for every message.


@dataclass(slots=True)
class MessageRecord:
    """A row of `messages`. `metadata` is JSON, `created_at` is already as on the wire. Nobody changes one.

    Attributes:
        additions: what it answers, and what has happened to it since. None: a plain message, to which nothing has.
    """

    room_id: str
    seq: int
    id: str
    client_message_id: str | None
    sender_id: str
    content: str
    type: str
    metadata: str | None
    created_at: str
    additions: Additions | None = None

    @property
    def change(self) -> int:
        """The number of the newest change that touched it; 0: none has."""
        return 0 if self.additions is None else self.additions.change

    @property
    def attachments(self) -> list[Attachment]:
        """The files that it was sent with."""
        return [] if self.additions is None else self.additions.attachments

    @property
    def deleted_at(self) -> str | None:
        """When it was deleted."""
        return None if self.additions is None else self.additions.deleted_at


@dataclass(slots=True)
class EncodedMessage:
    """The contract's Message twice: for its sender and for everybody else. They differ in `isOwn` alone."""

    own: bytes
    others: bytes

    def for_user(self, user_id: str, sender_id: str) -> bytes:
        """The one that `user_id` gets."""
        return self.own if user_id == sender_id else self.others


@dataclass(slots=True)
class EncodedForEach(EncodedMessage):
    """Likewise of a message with reactions, of which each says whether it is one's own, or with files.

    `own` and `others` say it of no reaction, and have no addresses of files: these are of one person each.
    """

    start: bytes
    additions: Additions
    by_viewer: dict[tuple[str | bool, ...], bytes] = field(default_factory=dict)

    def for_user(self, user_id: str, sender_id: str) -> bytes:
        """The one that `user_id` gets. Without files, whoever has reacted with the same emoji gets the same."""
        key: tuple[str | bool, ...] = (user_id,)
        if not self.additions.attachments:
            key = (user_id == sender_id, *(reaction.is_of(user_id) for reaction in self.additions.reactions))
        if (encoded := self.by_viewer.get(key)) is None:
            end = OWN_END if user_id == sender_id else OTHERS_END
            encoded = self.start + encode_additions(self.additions, user_id) + end
            self.by_viewer[key] = encoded
        return encoded


OWN_END = b',"isOwn":true}'
OTHERS_END = b',"isOwn":false}'
_PLAIN_OWN_END = NO_ADDITIONS + OWN_END
_PLAIN_OTHERS_END = NO_ADDITIONS + OTHERS_END


def encode_message(record: MessageRecord, sender: bytes, status: str, *, only_for: str | None = None) -> EncodedMessage:
    """Encode once for all receivers.

    Args:
        sender: their `User` as JSON.
        only_for: the one receiver, where nobody else gets it: this takes half of the work.
    """
    start = orjson.dumps(
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
    additions = record.additions
    if additions is None:
        return EncodedMessage(start + _PLAIN_OWN_END, start + _PLAIN_OTHERS_END)
    fields = start + encode_additions(additions, only_for)
    if only_for is None and (additions.reactions or additions.attachments):
        return EncodedForEach(fields + OWN_END, fields + OTHERS_END, start, additions)
    return EncodedMessage(fields + OWN_END, fields + OTHERS_END)
