"""How many connections there may be: from one address, and in all.

Every TCP connection is counted from its first moment to its last, whatever it becomes in between (a WebSocket, a poll,
a request whose body never comes). The bound in all lies below the process's file descriptors, with a reserve: past a
bound a connection is still accepted into the reserve, for long enough to show that it is a health check or the
operator.
"""

from collections import Counter
from collections.abc import Callable

from hyred_chat.errors import ChatError, TooManyConnectionsError, UnavailableError


class Place:
    """What one connection occupies.

    Attributes:
        refusal: why only essential requests are answered on this connection; None for most.
    """

    __slots__ = ("_address", "_admission", "refusal")

    def __init__(self, admission: "Admission", address: str | None, refusal: ChatError | None = None) -> None:
        self._admission = admission
        self._address = address
        self.refusal = refusal

    def count_for(self, address: str | None) -> ChatError | None:
        """Count the connection for another address from now on, for none with None: a proxy's serves many clients.

        Returns:
            The refusal when that address has too many already; the connection is then counted for none.
        """
        if self._address is not None:
            self._admission.uncount(self._address)
        self._address = None
        if address is not None and self._admission.is_full_for(address):
            return TooManyConnectionsError()
        if address is not None:
            self._admission.count(address)
        self._address = address
        return None

    def keep(self) -> None:
        """The connection asked for something essential: it is not dropped for a newer one any more."""
        self._admission.keep(self)

    def leave(self) -> None:
        """The connection is gone."""
        self.count_for(None)
        self._admission.remove(self)


class Admission:
    """The count of all connections of this process.

    Args:
        max_connections: in all, the reserve apart.
        reserve: how many more are accepted for essential requests.
        max_per_address: from one address. 0: no limit. One address never gets more than half of all connections.

    Attributes:
        refused: connections that were past a bound.
    """

    def __init__(self, *, max_connections: int, reserve: int, max_per_address: int) -> None:
        self.refused = 0
        self._max_connections = max_connections
        self._reserve = reserve
        self._max_per_address = min(max_per_address, max(1, max_connections // 2))
        self._by_address: Counter[str] = Counter()
        self._count = 0
        # In the reserve, oldest first: how each is dropped, or None when it has asked for something essential.
        self._spare: dict[Place, Callable[[], None] | None] = {}

    @property
    def connection_count(self) -> int:
        """How many connections there are."""
        return self._count + len(self._spare)

    def enter(self, address: str | None, drop: Callable[[], None]) -> Place | None:
        """A place for a new connection, or None when it must be closed at once.

        Args:
            address: whom to count it for; None while that is not known, as for a proxy's.
            drop: closes the connection. When the reserve is full, the oldest connection there that has not asked for
                anything essential makes room: whoever comes to check health does not wait, whoever floods does.
        """
        refusal: ChatError | None = None
        if self._count >= self._max_connections:
            refusal = UnavailableError("The server has too many connections right now. Please try again.")
        elif address is not None and self.is_full_for(address):
            refusal = TooManyConnectionsError()
        if refusal is None:
            self._count += 1
            if address is not None:
                self.count(address)
            return Place(self, address)
        self.refused += 1
        if len(self._spare) >= self._reserve and not self._drop_oldest():
            return None
        place = Place(self, None, refusal)
        self._spare[place] = drop
        return place

    def is_full_for(self, address: str) -> bool:
        """Whether the address has as many connections as it may."""
        return bool(self._max_per_address) and self._by_address[address] >= self._max_per_address

    def count(self, address: str) -> None:
        """One more from this address."""
        self._by_address[address] += 1

    def uncount(self, address: str) -> None:
        """One less from this address."""
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]

    def keep(self, place: Place) -> None:
        """See `Place.keep`."""
        if place in self._spare:
            self._spare[place] = None

    def remove(self, place: Place) -> None:
        """See `Place.leave`."""
        if place.refusal is None:
            self._count -= 1
        else:
            self._spare.pop(place, None)

    def _drop_oldest(self) -> bool:
        for place, drop in self._spare.items():
            if drop is not None:
                del self._spare[place]
                drop()
                return True
        return False
