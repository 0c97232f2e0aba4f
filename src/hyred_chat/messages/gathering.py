"""How long a lane waits for more before it stores, while other nodes store as well.

A node alone keeps the database busy with half of its messages while it tells the senders of the other half. Where
others store in the same rooms, their batches are what keeps the database busy, since rooms are locked for one batch at
a time. Then half a batch costs its node and the database as much by itself as a whole one, and gains nothing.
"""

from dataclasses import dataclass

# After fewer nothing is waited for: there is too little to gather.
LEAST_STORED = 8
# What a message waits at most.
MAX_SECONDS = 0.02


@dataclass(slots=True)
class Neighbours:
    """The other nodes, as far as lanes need to know them.

    Attributes:
        stored: how many messages were heard that others have stored.
    """

    stored: int = 0


class Gathering:
    """What one lane has stored last, and what it waits for because of that.

    Args:
        batch_size: how many messages a batch has at most.
    """

    def __init__(self, neighbours: Neighbours, *, batch_size: int) -> None:
        self._neighbours = neighbours
        self._batch_size = batch_size
        self._heard = 0
        self._wanted = 0
        self._ends_at = 0.0

    @property
    def is_shared(self) -> bool:
        """Whether others have stored something since the latest batch of this lane was begun."""
        return self._neighbours.stored != self._heard

    def begin(self) -> None:
        """A batch is begun."""
        self._heard = self._neighbours.stored

    def end(self, stored: int, waiting: int, *, now: float, seconds: float) -> None:
        """A batch of `stored` messages was committed after so many seconds, while `waiting` others waited.

        Those who are told of it write again, and nearly all of them are worth waiting for.
        """
        under_way = stored + waiting
        self._wanted = min(under_way - under_way // 8, self._batch_size) if stored >= LEAST_STORED else 0
        self._ends_at = now + min(seconds, MAX_SECONDS)

    def wanted(self, waiting: int, *, now: float) -> tuple[int, float]:
        """How many messages to wait for, and for how many seconds at most, when so many wait: 0 for not at all."""
        return self._wanted, 0.0 if waiting >= self._wanted else max(0.0, self._ends_at - now)
