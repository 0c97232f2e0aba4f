"""The second copy that clients of the first design send of every message, over the other of the two doors.

Neither copy has a `clientMessageId`, so all there is to know them by is that the same person sent the same thing to
the same room by the other door within a minute: over a slow network, a POST takes that long. What counts is when a copy
arrived, and not when it had been authenticated. Each message has one backup: sending the same twice by the same door is
two messages, however the copies are interleaved.

The two may come to two nodes, or to a process and its successor. So they are paired while the rooms of a batch are
locked (`messages/batch_repository.py`), by what the database has (`legacy_sends`) and by what else is in the batch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from hyred_chat.messages.records import MessageRecord
from hyred_chat.messages.sends import Arrival, PendingSend

WINDOW_SECONDS = 60.0
# How long a message that may have a copy is kept. A copy may have waited for as long as a setting allows before it is
# looked at (`HYRED_SEND_TIMEOUT_SECONDS`), and for the look-up of its sender before that.
KEEP_SECONDS = 300.0

_Key: TypeAlias = tuple[str, str, bytes]


class Kept(NamedTuple):
    """A message that a send may be a copy of, or is.

    Attributes:
        record: the message.
        copy_id: the send that is its copy; None: it may still have one.
    """

    record: MessageRecord
    copy_id: str | None


@dataclass(slots=True)
class Pairing:
    """What becomes of the sends of a batch.

    Attributes:
        fresh: those that are to be stored, in their order.
        originals: those of them that may have a copy, and are not kept yet.
        repeats: the stored messages that sends are copies of, by the ids of the copies.
        taken: the copies of kept messages that had none before, by the ids of the messages.
        followed: the originals in this batch that sends are copies of, by the ids of the copies.
    """

    fresh: list[PendingSend] = field(default_factory=list)
    originals: list[PendingSend] = field(default_factory=list)
    repeats: dict[str, MessageRecord] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    followed: dict[str, PendingSend] = field(default_factory=dict)


def digest_of(pending: PendingSend) -> bytes:
    """What two copies have in common besides their sender and room; 32 bytes."""
    return sha256(f"{pending.type}\0{pending.content}".encode()).digest()


def pair(batch: Sequence[PendingSend], kept: Mapping[str, Sequence[Kept]]) -> Pairing:
    """Find the copies in a batch.

    Args:
        batch: sends with an `arrival`, which may be copies or have one, and others.
        kept: what each of them may be a copy of, by its id, oldest first: by the other door and within the window. And
            what it has become already, or is the copy of, if the batch is stored again.
    """
    pairing = Pairing()
    waiting: dict[_Key, list[PendingSend]] = {}
    for pending in batch:
        if pending.arrival is None:
            pairing.fresh.append(pending)
        elif not _is_known(pending, kept.get(pending.id, ()), pairing):
            key = (pending.room_id, pending.sender_id, digest_of(pending))
            others = waiting.setdefault(key, [])
            original = next((each for each in others if _may_be_copies(each.arrival, pending.arrival)), None)
            if original is None:
                others.append(pending)
                pairing.originals.append(pending)
                pairing.fresh.append(pending)
            else:
                others.remove(original)
                pairing.followed[pending.id] = original
    return pairing


def _is_known(pending: PendingSend, kept: Sequence[Kept], pairing: Pairing) -> bool:
    """Whether a kept message decides what becomes of a send."""
    if any(each.record.id == pending.id for each in kept):
        pairing.fresh.append(pending)  # stored by an attempt whose answer was lost: it is found by its id
        return True
    for each in kept:
        if each.copy_id == pending.id:
            pairing.repeats[pending.id] = each.record
            return True
    for each in kept:
        if each.record.id not in pairing.taken:
            pairing.taken[each.record.id] = pending.id
            pairing.repeats[pending.id] = each.record
            return True
    return False


def _may_be_copies(one: Arrival | None, other: Arrival | None) -> bool:
    if one is None or other is None:
        return False
    return one.door != other.door and abs(one.at - other.at) < WINDOW_SECONDS
