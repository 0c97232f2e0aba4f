"""What a message may have besides its text: a quote, mentions, files, reactions, and what has happened to it since."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import orjson

from hyred_chat.files.attachments import Attachment
from hyred_chat.messages.attached import NO_FILES, FilesInShort

# What a deleted message says, also to clients that know no `deletedAt`.
DELETED_CONTENT = "This message was deleted."
QUOTED_CHARS = 200
# Of the people who reacted with an emoji, the first so many are named.
NAMED_REACTORS = 20


@dataclass(slots=True)
class Quote:
    """The message that another one answers, as it is now. `content` is its beginning."""

    id: str
    seq: int
    sender_id: str
    sender_name: str
    content: str
    type: str
    deleted_at: str | None
    files: FilesInShort = NO_FILES


@dataclass(slots=True)
class Reaction:
    """An emoji on a message.

    Attributes:
        user_ids: the first `NAMED_REACTORS` people who reacted with it, in their order.
        others: those after them, as far as they are known.
    """

    emoji: str
    count: int
    user_ids: list[str]
    others: Collection[str] = ()

    def is_of(self, user_id: str) -> bool:
        """Whether somebody has reacted with it."""
        return user_id in self.user_ids or user_id in self.others


@dataclass(slots=True)
class Additions:
    """What a plain message does not have. Times are as on the wire.

    Attributes:
        change: the number of the newest change that touched the message; 0: none has.
        sent_digest: of an edited message, the SHA-256 of the content that it was sent with, where that was read.
    """

    change: int = 0
    edited_at: str | None = None
    deleted_at: str | None = None
    deleted_by: str | None = None
    quote: Quote | None = None
    mentions: list[str] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    pinned_at: str | None = None
    sent_digest: bytes | None = None
    attachments: list[Attachment] = field(default_factory=list)


def digest_of(content: str) -> bytes:
    """What a content that was sent is known by later; 32 bytes."""
    return hashlib.sha256(content.encode()).digest()


def encode_additions(additions: Additions, viewer_id: str | None) -> bytes:
    """Their fields of the contract's Message, in JSON, without brackets and with a comma in front.

    Args:
        viewer_id: who gets it. None: somebody who has not reacted, and gets no files.
    """
    return b"," + orjson.dumps(_fields_of(additions, viewer_id))[1:-1]


def _fields_of(additions: Additions, viewer_id: str | None) -> dict[str, Any]:
    quote = additions.quote
    return {
        "change": additions.change,
        "editedAt": additions.edited_at,
        "deletedAt": additions.deleted_at,
        "deletedBy": additions.deleted_by,
        "replyTo": None
        if quote is None
        else {
            "id": quote.id,
            "seq": quote.seq,
            "senderId": quote.sender_id,
            "senderName": quote.sender_name,
            "content": quote.content,
            "type": quote.type,
            "deletedAt": quote.deleted_at,
            **quote.files.as_fields(),
        },
        "mentions": additions.mentions,
        "reactions": [
            {
                "emoji": reaction.emoji,
                "count": reaction.count,
                "userIds": reaction.user_ids,
                "isOwn": viewer_id is not None and reaction.is_of(viewer_id),
            }
            for reaction in additions.reactions
        ],
        "attachments": [each.describe(viewer_id) for each in additions.attachments],
        "pinnedAt": additions.pinned_at,
    }


# Of a message that has none, which most are.
NO_ADDITIONS = encode_additions(Additions(), None)
