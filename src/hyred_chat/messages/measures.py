"""What is counted on the path of a message: an integer addition for each, a few observations for each batch.

Of changes, which are rarer, an observation for each.
"""

import time
from typing import TYPE_CHECKING

from hyred_chat.histograms import SIZES, Histogram
from hyred_chat.messages.changes import Delete, Edit, PendingChange, Pin, React
from hyred_chat.messages.sends import Changed, ChangedSince, Outcome, Refused, Unchanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from hyred_chat.messages.sends import Door


class SendMeasures:
    """The counts of one process.

    Args:
        patience_seconds: how long after its acceptance a send's deadline is.

    Attributes:
        accepted: sends that were taken, by the interface that they came by.
        stored: messages that were stored.
        repeated: sends of a message that was stored before, or is by another send of it.
        refused: sends that were taken and not stored.
        batch_messages: messages of each statement that stored some.
        batch_seconds: how long each such statement took, its preparation and its flush included.
        acknowledgement_seconds: from the acceptance of the first message of a batch to its acknowledgement.
        delivery_seconds: from the commit of a batch to the end of the writes to WebSockets.
        broken_batches: attempts that ended because the connection to the database did.
        locked_batches: attempts that met a room that somebody else had locked.
        on_batch: called with the size of each batch that was stored, and with how long that took.
    """

    __slots__ = (
        "_patience_seconds",
        "accepted",
        "acknowledgement_seconds",
        "batch_messages",
        "batch_seconds",
        "broken_batches",
        "delivery_seconds",
        "locked_batches",
        "on_batch",
        "refused",
        "repeated",
        "stored",
    )

    def __init__(self, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self.accepted: dict[Door, int] = {"socket": 0, "rest": 0}
        self.stored = self.repeated = self.refused = 0
        self.broken_batches = self.locked_batches = 0
        self.on_batch: Callable[[int, float], None] | None = None
        self.batch_messages = Histogram(SIZES)
        self.batch_seconds = Histogram()
        self.acknowledgement_seconds = Histogram()
        self.delivery_seconds = Histogram()

    def batch_stored(self, count: int, seconds: float) -> None:
        """A statement has stored so many, in so long."""
        self.batch_messages.observe(count)
        self.batch_seconds.observe(seconds)
        if self.on_batch is not None:
            self.on_batch(count, seconds)

    def batch_acknowledged(self, deadline: float) -> None:
        """The senders of a batch were told. `deadline` is that of its first send."""
        self.acknowledgement_seconds.observe(time.monotonic() - deadline + self._patience_seconds)

    def batch_written(self, committed_at: float) -> None:
        """What a batch sends to WebSockets is written."""
        self.delivery_seconds.observe(time.monotonic() - committed_at)


# How a change that was taken can come out.
OUTCOMES: dict[type[Outcome], str] = {
    Changed: "changed",
    Unchanged: "unchanged",
    ChangedSince: "conflict",
    Refused: "refused",
}
KINDS = (Edit.kind, Delete.kind, React.kind, Pin.kind)


class ChangeMeasures:
    """What became of changes of messages, of one process.

    Args:
        patience_seconds: how long after its acceptance a change's deadline is.

    Attributes:
        settled: changes that were taken and answered, by their kind and outcome.
        acknowledgement_seconds: from the acceptance of a change to its answer.
    """

    def __init__(self, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self.settled = {(kind, outcome): 0 for kind in KINDS for outcome in OUTCOMES.values()}
        self.acknowledgement_seconds = Histogram()

    def count(self, change: PendingChange, outcome: Outcome) -> None:
        """A change was answered."""
        self.settled[change.wanted.kind, OUTCOMES[type(outcome)]] += 1
        self.acknowledgement_seconds.observe(time.monotonic() - change.deadline + self._patience_seconds)
