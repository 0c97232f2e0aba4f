"""The accounts that were looked up lately, in memory."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

from hyred_chat.accounts.repository import Account
from hyred_chat.db.emails import email_key

# What an account takes besides its texts, the directory's own entries included.
ACCOUNT_BYTES = 800


class Directory:
    """A cache of accounts by id and by e-mail address, bounded by bytes; the longest unused makes room for the next.

    An account is believed for `ttl_seconds`: that is how long a change made by another node, or by hand in the
    database, may stay unseen when nobody says `forget`.
    """

    def __init__(self, *, max_bytes: int, ttl_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._ttl_seconds = ttl_seconds
        self._clock = clock
        self._accounts: OrderedDict[str, tuple[float, Account]] = OrderedDict()
        self._ids: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._accounts)

    def find(self, user_id: str) -> Account | None:
        """The account with this id, when it is known."""
        entry = self._accounts.get(user_id)
        if entry is None:
            return None
        ends_at, account = entry
        if self._clock() >= ends_at:
            self.forget(user_id)
            return None
        self._accounts.move_to_end(user_id)
        return account

    def find_by_email(self, email: str) -> Account | None:
        """The account with this address, when it is known and could be nobody else's. Case does not matter."""
        user_id = self._ids.get(email_key(email))
        account = None if user_id is None else self.find(user_id)
        # In some databases two addresses with letters beyond ASCII may differ in nothing but their case.
        return account if account is not None and (email.isascii() or account.email == email) else None

    def keep(self, account: Account) -> None:
        """Remember an account that was just read."""
        self.forget(account.user.id)
        self._accounts[account.user.id] = (self._clock() + self._ttl_seconds, account)
        self._ids[email_key(account.email)] = account.user.id
        self._bytes += weight_bytes(account)
        while self._bytes > self._max_bytes:
            self.forget(next(iter(self._accounts)))

    def forget(self, user_id: str) -> None:
        """Drop what is known about somebody."""
        entry = self._accounts.pop(user_id, None)
        if entry is None:
            return
        self._bytes -= weight_bytes(entry[1])
        key = email_key(entry[1].email)
        if self._ids.get(key) == user_id:
            del self._ids[key]

    def clear(self) -> None:
        """Drop everything."""
        self._accounts.clear()
        self._ids.clear()
        self._bytes = 0


def weight_bytes(account: Account) -> int:
    """About what an account takes in memory. A character takes four bytes at most."""
    user = account.user
    return ACCOUNT_BYTES + 4 * len(user.name) + len(user.avatar or "") + len(account.email)


def find_bearer(accounts: Iterable[Account], email: str) -> Account | None:
    """Whose address this is among `accounts`: who has it as it is written, else the one who has it but for case."""
    same = [account for account in accounts if email_key(account.email) == email_key(email)]
    exact = [account for account in same if account.email == email]
    found = exact or same
    return found[0] if len(found) == 1 else None
