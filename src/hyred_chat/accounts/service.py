"""Who is calling, and who people are."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from hyred_chat.accounts import repository
from hyred_chat.accounts.changes import UserChange, tell
from hyred_chat.accounts.claims import Claims, Verifier, refusal
from hyred_chat.accounts.directory import Directory, find_bearer
from hyred_chat.accounts.loader import AccountLoader
from hyred_chat.accounts.people_search import PeopleSearch
from hyred_chat.accounts.repository import Account
from hyred_chat.accounts.schemas import PersonProfile, User, former_member
from hyred_chat.db.emails import email_key
from hyred_chat.db.pool import Database
from hyred_chat.errors import NotFoundError, UnauthenticatedError, UserNotFoundError

MAX_TOKEN_CHARS = 8192
# About 50,000 accounts with names and pictures of the usual length.
MAX_CACHED_BYTES = 50_000_000
CACHE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who has signed in.

    Attributes:
        expires_at: when the token ends, in Unix seconds. None: never.
        email: the address by which they were found. None: by something else.
    """

    user: User
    expires_at: float | None
    email: str | None


class Accounts:
    """People and their tokens.

    Authentication is done for every connection and every request, so accounts are kept in memory for a minute. Whoever
    changes one calls `announce` after the commit; a process that hears of changes made elsewhere calls `hear_of`.

    Attributes:
        on_change: called with every change, after its commit.
        on_announce: called with those that this process has made.
        people: finding them by name.
    """

    def __init__(
        self,
        database: Database,
        verifier: Verifier,
        *,
        max_cached_bytes: int = MAX_CACHED_BYTES,
        cache_seconds: float = CACHE_SECONDS,
    ) -> None:
        self.on_change: list[Callable[[UserChange], None]] = []
        self.on_announce: list[Callable[[UserChange], None]] = []
        self.people = PeopleSearch(database)
        self._database = database
        self._verifier = verifier
        self._directory = Directory(max_bytes=max_cached_bytes, ttl_seconds=cache_seconds)
        self._loader = AccountLoader(database, self._directory)
        self._first_admin_id: str | None = None
        self._change_count = 0

    async def authenticate(self, token: str | None) -> Identity:
        """Whose token this is. They are not disabled at the moment at which this returns.

        Raises:
            UnauthenticatedError: there is none, or it is not one that we trust.
            TokenExpiredError: it was good once.
            UserNotFoundError: it is good, but its bearer is nobody we know, or was disabled.
            UnavailableError: the database, or the issuer's keys, cannot be reached.
        """
        if not token:
            raise UnauthenticatedError("Authentication token required")
        if len(token) > MAX_TOKEN_CHARS:
            raise refusal()
        claims = await self._verifier.verify(token)
        account = await self._find_bearer(claims)
        if account is None or account.is_disabled:
            raise UserNotFoundError("User not found")
        is_found_by_email = claims.email is not None and email_key(claims.email) == email_key(account.email)
        return Identity(account.user, claims.expires_at, account.email if is_found_by_email else None)

    async def get_users(self, ids: Collection[str]) -> dict[str, User]:
        """The people with these ids, disabled or not, by id. Unknown ids are left out."""
        return {user_id: account.user for user_id, account in (await self._get_accounts(ids)).items()}

    async def find_active(self, user_id: str) -> User | None:
        """The person with this id, unless they are disabled."""
        account = (await self._get_accounts([user_id])).get(user_id)
        return None if account is None or account.is_disabled else account.user

    async def get_profile(self, user_id: str) -> PersonProfile:
        """Somebody with what their host tells of them, disabled or not.

        Raises:
            NotFoundError: there is no such user.
        """
        async with self._database.connection() as connection:
            profile = await repository.find_profile(connection, user_id)
        if profile is None:
            raise NotFoundError("There is no such user.")
        return profile

    def announce(self, change: UserChange) -> None:
        """Tell everybody who listens that somebody changed. Called after the commit."""
        self.forget(change.user.id)
        tell(self.on_change, change)
        tell(self.on_announce, change)

    async def hear_of(self, user_ids: Collection[str]) -> None:
        """Tell everybody who listens how these people are now: others may have changed them. One statement.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        for user_id in user_ids:
            self.forget(user_id)
        accounts = {account.user.id: account for account in await self._loader.load(ids=user_ids)}
        for user_id in user_ids:
            if (account := accounts.get(user_id)) is not None:
                tell(self.on_change, UserChange(account.user, account.is_disabled, account.email))
            else:
                tell(self.on_change, UserChange(former_member(user_id), disabled=True, email=""))

    def forget_all(self) -> None:
        """Drop what is known about everybody."""
        self._directory.clear()
        self._loader.forget_all()
        self._first_admin_id = None
        self._change_count += 1

    def forget(self, user_id: str) -> None:
        """Drop what is known about somebody, so that they are read anew."""
        self._directory.forget(user_id)
        self._loader.forget(user_id)
        self._first_admin_id = None
        self._change_count += 1

    async def close(self) -> None:
        """End the lookups under way, and close the verifier."""
        await self._loader.close()
        await self._verifier.close()

    async def _get_accounts(self, ids: Collection[str]) -> dict[str, Account]:
        known = {user_id: self._directory.find(user_id) for user_id in ids}
        missing = [user_id for user_id, account in known.items() if account is None]
        if missing:
            known |= {account.user.id: account for account in await self._loader.load(ids=missing)}
        return {user_id: account for user_id in ids if (account := known[user_id]) is not None}

    async def _find_bearer(self, claims: Claims) -> Account | None:
        """The account as it is now: whoever was disabled since it was read has no socket yet that could be ended."""
        while True:
            changes = self._change_count
            account = await self._look_up(claims)
            if account is None or changes == self._change_count:
                return account

    async def _look_up(self, claims: Claims) -> Account | None:
        if claims.is_first_admin:
            return await self._find_first_admin()
        known = (claims.email and self._directory.find_by_email(claims.email)) or (
            claims.user_id and self._directory.find(claims.user_id)
        )
        if known:
            return known
        emails = [claims.email] if claims.email else []
        ids = [claims.user_id] if claims.user_id else []
        accounts = await self._loader.load(ids=ids, emails=emails)
        by_email = find_bearer(accounts, claims.email) if claims.email else None
        return by_email or next((account for account in accounts if account.user.id == claims.user_id), None)

    async def _find_first_admin(self) -> Account | None:
        known = self._first_admin_id and self._directory.find(self._first_admin_id)
        if known:
            return known
        async with self._database.connection() as connection:
            account = await repository.find_first_admin(connection)
        if account is not None:
            self._directory.keep(account)
            self._first_admin_id = account.user.id
        return account
