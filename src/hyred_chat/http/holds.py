"""When somebody is told that they are over a rate: a little later, so that asking again at once brings nothing."""

import asyncio
from collections import Counter
from typing import Final

# Of one answer, at least and at most.
MIN_SECONDS: Final = 0.25
MAX_SECONDS: Final = 2.0
# Longer by so much for each answer to the same address that is held already: an address gets twenty in a second,
# whether it asks on ten connections or on forty.
SECONDS_EACH: Final = 0.05


class Holds:
    """Holds answers back.

    Whoever asks again with every answer, as often as the server answers, would take as much of the processor as there
    is, and being refused would cost them nothing. What is held back is bounded by the connections that there may be:
    each has one answer under way.
    """

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()

    async def wait(self, address: str) -> None:
        """Return when an answer to this address may go out."""
        self._held[address] += 1
        try:
            await asyncio.sleep(min(MAX_SECONDS, max(MIN_SECONDS, self._held[address] * SECONDS_EACH)))
        finally:
            self._held[address] -= 1
            if not self._held[address]:
                del self._held[address]
