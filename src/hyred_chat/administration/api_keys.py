"""The keys of host back ends, and a limit on guessing them."""

import hashlib
import hmac
import time
from collections.abc import Callable, Iterable

from hyred_chat.errors import UnauthenticatedError
from hyred_chat.limits import RefusalRate

_WRONG_KEYS_BURST = 20
_WRONG_KEY_SECONDS = 3.0  # one more is answered this often in the long run
_NAME_CHARS = 8


class ApiKeys:
    """Checks keys. Without any, nobody is let in."""

    def __init__(self, keys: Iterable[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._digests = [_digest(key) for key in keys]
        self._wrong_keys = RefusalRate(burst=_WRONG_KEYS_BURST, seconds_each=_WRONG_KEY_SECONDS, clock=clock)

    def know(self, key: str | None) -> bool:
        """Whether a key is a right one. Counts nothing."""
        digest = _digest(key or "")
        # Every key is compared in full, so that the time taken tells nothing about any of them.
        return sum(hmac.compare_digest(digest, known) for known in self._digests) > 0

    def check(self, key: str | None, address: str) -> str:
        """Let a right key pass.

        A right key passes even from an address that sent many wrong ones: behind a proxy a host may share its address
        with others. The limit spares the log and the processor; what makes guessing hopeless is the keys' length.

        Args:
            key: what the caller sent.
            address: where from; wrong keys are counted by address.

        Returns:
            The key's name in the log: the start of its digest, which gives nothing of the key away.

        Raises:
            UnauthenticatedError: the key is missing or wrong, or no keys are configured.
            RateLimitedError: it is wrong, and so were many before it.
        """
        if not self._digests:
            raise UnauthenticatedError("Provisioning is closed: the server has no HYRED_ADMIN_API_KEYS.")
        if not key:
            raise UnauthenticatedError("An API key is needed: Authorization: Bearer KEY, or X-API-Key: KEY.")
        if not self.know(key):
            self._wrong_keys.count(address)
            raise UnauthenticatedError("This API key is not known here.")
        return _digest(key).hex()[:_NAME_CHARS]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
