"""Reads accounts for many callers with few statements."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from hyred_chat.accounts import repository
from hyred_chat.accounts.directory import Directory
from hyred_chat.accounts.repository import Account
from hyred_chat.db.pool import Connection, Database

_MAX_KEYS_PER_STATEMENT = 1000


@dataclass(slots=True)
class _Batch:
    ids: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)

    def is_full(self) -> bool:
        return len(self.ids) + len(self.emails) >= _MAX_KEYS_PER_STATEMENT


class AccountLoader:
    """Fills the directory. What is asked for while a statement is under way shares the next one.

    So there is one statement at a time, and it takes as many callers along as have come meanwhile.
    """

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory
        self._turn = asyncio.Lock()
        self._gathering: tuple[_Batch, asyncio.Task[list[Account]]] | None = None
        self._tasks: set[asyncio.Task[list[Account]]] = set()
        self._changed_ids: set[str] = set()
        self._have_all_changed = False

    async def load(self, *, ids: Collection[str] = (), emails: Collection[str] = ()) -> list[Account]:
        """The accounts with these ids or addresses, and those that others asked for at the same time.

        What no account can have for an id or an address is not asked for: one such value would fail the others with it.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        batch, task = self._join_batch()
        batch.ids.update(filter(repository.is_storable, ids))
        batch.emails.update(filter(repository.is_storable, emails))
        # A caller who goes away takes nothing from the others.
        return await asyncio.shield(task)

    def forget(self, user_id: str) -> None:
        """Somebody changed: what a statement under way reads about them may be from before, and is read again."""
        if self._turn.locked():
            self._changed_ids.add(user_id)

    def forget_all(self) -> None:
        """Anybody may have changed."""
        self._have_all_changed = True

    async def close(self) -> None:
        """End the statements under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _join_batch(self) -> tuple[_Batch, asyncio.Task[list[Account]]]:
        if self._gathering is None or self._gathering[0].is_full():
            batch = _Batch()
            task = asyncio.create_task(self._run(batch), name="account-loader")
            self._tasks.add(task)
            task.add_done_callback(self._on_done)
            self._gathering = (batch, task)
        return self._gathering

    def _on_done(self, task: asyncio.Task[list[Account]]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # it was told to the callers, unless all of them have gone

    async def _run(self, batch: _Batch) -> list[Account]:
        async with self._turn:
            if self._gathering is not None and self._gathering[0] is batch:
                self._gathering = None
            async with self._database.connection() as connection:
                return await self._read(connection, batch)

    async def _read(self, connection: Connection, batch: _Batch) -> list[Account]:
        while True:
            self._changed_ids.clear()
            self._have_all_changed = False
            accounts = await repository.list_accounts(connection, ids=batch.ids, emails=batch.emails)
            # No await between the check and the keeping: an account that has changed by now must not be kept.
            if not self._have_all_changed and self._changed_ids.isdisjoint(account.user.id for account in accounts):
                for account in accounts:
                    self._directory.keep(account)
                return accounts
