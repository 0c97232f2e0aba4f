"""What was refused as unavailable, and may have been committed all the same."""

from typing import Generic, TypeVar

# Of one kind. The oldest go first.
MAX_DOUBTS = 10_000

Key = TypeVar("Key")


class Doubts(Generic[Key]):
    """What somebody asked for whose answer from the database was lost: the next attempt finds nothing to change.

    So whoever would be told of the change is told by that attempt. Bounded.
    """

    def __init__(self) -> None:
        self._keys: dict[Key, None] = {}

    def note(self, key: Key) -> None:
        """It is not known whether this was done."""
        self._keys[key] = None
        if len(self._keys) > MAX_DOUBTS:
            del self._keys[next(iter(self._keys))]

    def settle(self, key: Key) -> bool:
        """It is done now: whether that was in doubt until now."""
        was_in_doubt = key in self._keys
        self._keys.pop(key, None)
        return was_in_doubt
