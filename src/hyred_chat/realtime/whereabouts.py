"""Which of the people at this node are at others, too. Whoever is only here need not be told of elsewhere."""

import asyncio
from collections.abc import Callable
from itertools import takewhile

# How long after somebody has come here other nodes may take to say that they have them, too.
ANSWER_SECONDS = 5.0
# People who are announced before everybody else gets a turn of the loop.
SLICE_PEOPLE = 200


class Whereabouts:
    """The people of this node, and the other nodes at which each of them is.

    A node says on a person's channel that it has them. Those that have them, too, hear it there, and answer. While it
    is not known, they count as being elsewhere: telling once too often does no harm.

    Args:
        announce: says on a person's channel that they are here.
        clock: gives the event loop.
    """

    def __init__(
        self,
        announce: Callable[[str], None],
        *,
        clock: Callable[[], asyncio.AbstractEventLoop] = asyncio.get_running_loop,
    ) -> None:
        self._announce = announce
        self._clock = clock
        self._here: set[str] = set()
        self._only_here: set[str] = set()
        self._elsewhere: dict[str, set[str]] = {}
        # When the answers about them must be here, in that order.
        self._unsure: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._again: list[str] = []

    def is_only_here(self, user_id: str) -> bool:
        """Whether no other node has them."""
        return user_id in self._only_here

    def is_elsewhere(self, user_id: str) -> bool:
        """Whether another node is known to have them."""
        return user_id in self._elsewhere

    def arrive(self, user_id: str) -> None:
        """Somebody has come here."""
        self._here.add(user_id)
        self._doubt(user_id)
        self._announce(user_id)

    def depart(self, user_id: str) -> None:
        """Somebody has gone from here."""
        self._unsure.pop(user_id, None)
        self._here.discard(user_id)
        self._only_here.discard(user_id)
        self._elsewhere.pop(user_id, None)

    def hear_here(self, user_id: str, node_id: str) -> None:
        """Another node has them, too."""
        if user_id in self._here:
            self._only_here.discard(user_id)
            self._elsewhere.setdefault(user_id, set()).add(node_id)

    def hear_gone(self, user_id: str, node_id: str) -> None:
        """Another node has them no more."""
        nodes = self._elsewhere.get(user_id)
        if nodes is None:
            return
        nodes.discard(node_id)
        if not nodes:
            del self._elsewhere[user_id]
            self._doubt(user_id)  # a third one may not have been heard

    def forget(self) -> None:
        """What was said may have been missed: everybody is announced anew, a slice at a time."""
        self._only_here.clear()
        is_under_way = bool(self._again)
        self._again = list(self._here)
        if self._again and not is_under_way:
            self._clock().call_soon(self._announce_again)

    def doubt_all(self) -> None:
        """Another node could not say for a while whom it has, and is about to."""
        for user_id in self._here:
            self._doubt(user_id)

    def close(self) -> None:
        """Forget everybody."""
        self._again.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _announce_again(self) -> None:
        batch, self._again = self._again[:SLICE_PEOPLE], self._again[SLICE_PEOPLE:]
        for user_id in batch:
            if user_id in self._here:
                self._doubt(user_id)
                self._announce(user_id)
        if self._again:
            self._clock().call_soon(self._announce_again)

    def _doubt(self, user_id: str) -> None:
        """It is not known whether others have them, until all have had the time to say so."""
        loop = self._clock()
        self._only_here.discard(user_id)
        self._unsure.pop(user_id, None)
        self._unsure[user_id] = loop.time() + ANSWER_SECONDS
        if self._timer is None:
            self._timer = loop.call_at(self._unsure[user_id], self._settle)

    def _settle(self) -> None:
        loop = self._clock()
        self._timer = None
        now = loop.time()
        for user_id, _ in list(takewhile(lambda entry: entry[1] <= now, self._unsure.items())):
            del self._unsure[user_id]
            if user_id not in self._elsewhere:
                self._only_here.add(user_id)
        if self._unsure:
            self._timer = loop.call_at(next(iter(self._unsure.values())), self._settle)
