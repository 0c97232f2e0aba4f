"""What nodes tell one another: kinds of envelopes and their header fields. A number is never given a second meaning."""

from enum import IntEnum
from typing import Final


class Kind(IntEnum):
    """What an envelope is about, and what its body is."""

    # A message was stored. Fields: ROOM, SEQ, AT. Body: the contract's Message as others than its sender see it.
    MESSAGE = 1
    # A member has read, or received, more of a room. Field: ROOM. Body: see `receipts/relay.py`.
    RECEIPT = 2
    # Somebody types, or stopped. Fields: ROOM, USER, IS_ON.
    TYPING = 3
    # Somebody entered a room, or left it. Fields: ROOM, USER, IS_ON. Body: the event's payload.
    ROOM_ENTRY = 4
    # Events for all sockets of a user. Fields: NAME, USER. Body: JSON, a list of payloads.
    EVENT = 5
    # There are changes to be read from the database. No fields, no body.
    CHANGES = 6
    # Hints about notifications. Body: JSON, [kind, [[user id, notification id, seq], …]].
    HINTS = 7
    # Where is the attention of some people? Fields: NODE, NUMBER. Body: JSON.
    ATTENTION_ASKED = 8
    ATTENTION_ANSWERED = 9
    # A user has chosen a status. Fields: USER, NAME (of the status). No body.
    STATUS = 10
    # The node that tells this has heard nothing for a while: say again whose presence has changed. Body: JSON, seconds.
    PRESENCE_MISSED = 11
    # The node that tells this has a user: who has them, too, tells them as well from now on. Field: USER.
    HERE = 12
    # Likewise, in answer to the former. Field: USER.
    HERE_TOO = 13
    # The node that tells this has them no more. Field: USER.
    HERE_NO_MORE = 14
    # A message was changed. Fields: ROOM, SEQ (of the change). Body: see `messages/change_relay.py`.
    CHANGE = 15


class Field:
    """A header field."""

    ORIGIN: Final = 1  # the node that tells
    NUMBER: Final = 2  # of what it has told: the same frame may come by several channels
    ROOM: Final = 3
    SEQ: Final = 4
    USER: Final = 5
    NAME: Final = 6
    IS_ON: Final = 7
    AT: Final = 8  # when it was told, in Unix microseconds
