"""The keys of host back ends, and a limit on guessing them."""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

from hyred_chat.errors import RateLimitedError, UnauthenticatedError

_WRONG_KEYS_BURST = 20
_WRONG_KEY_SECONDS = 3.0  # one more is answered this often in the long run
_MAX_ADDRESSES = 10_000


class ApiKeys:
    """Checks keys. Without any, nobody is let in."""

    def __init__(self, keys: Iterable[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._digests = [_digest(key) for key in keys]
        self._wrong_keys = WrongKeys(clock)

    def check(self, key: str | None, address: str) -> None:
        """Let a right key pass.

        A right key passes even from an address that sent many wrong ones: behind a proxy a host may share its address
        with others. The limit spares the log and the processor; what makes guessing hopeless is the keys' length.

        Args:
            key: what the caller sent.
            address: where from; wrong keys are counted by address.

        Raises:
            UnauthenticatedError: the key is missing or wrong, or no keys are configured.
            RateLimitedError: it is wrong, and so were many before it.
        """
        if not self._digests:
            raise UnauthenticatedError("Provisioning is closed: the server has no HYRED_ADMIN_API_KEYS.")
        if not key:
            raise UnauthenticatedError("An API key is needed: Authorization: Bearer KEY, or X-API-Key: KEY.")
        digest = _digest(key)
        # Every key is compared in full, so that the time taken tells nothing about any of them.
        if sum(hmac.compare_digest(digest, known) for known in self._digests) == 0:
            self._wrong_keys.count(address)
            raise UnauthenticatedError("This API key is not known here.")


class WrongKeys:
    """How many wrong keys each address has sent lately: 20 at once, then one every three seconds.

    For each address the moment is kept at which all of its wrong keys will be forgotten, each counting for three
    seconds. At most 10,000 addresses are remembered; the one that has been quiet for longest goes first.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._forgotten_at: OrderedDict[str, float] = OrderedDict()

    def count(self, address: str) -> None:
        """Count one more. Raises RateLimitedError when it is one too many, and then does not count it."""
        now = self._clock()
        forgotten_at = max(self._forgotten_at.get(address, now), now) + _WRONG_KEY_SECONDS
        wait_seconds = forgotten_at - now - _WRONG_KEYS_BURST * _WRONG_KEY_SECONDS
        if wait_seconds > 0:
            raise RateLimitedError(wait_seconds)
        self._forgotten_at[address] = forgotten_at
        self._forgotten_at.move_to_end(address)
        if len(self._forgotten_at) > _MAX_ADDRESSES:
            self._forgotten_at.popitem(last=False)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
