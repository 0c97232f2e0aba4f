"""Files that nobody may have any more: their bytes are deleted, and later what is known of them."""

from typing import Final

from hyred_chat.db.pool import Database
from hyred_chat.files import holding, repository
from hyred_chat.files.stores import Store
from hyred_chat.tidying import repeat

# What was deleted is out of reach at once (`files/serving.py`), and gone so late.
INTERVAL_SECONDS: Final = 15.0
FILES_AT_ONCE: Final = 100


class Removal:
    """Deletes what was removed, what was never sent, what was left behind, and what no report holds any more.

    Every process does.

    Args:
        held_seconds: how long after a report its files are held at most.
    """

    def __init__(self, database: Database, store: Store, *, held_seconds: float) -> None:
        self._database = database
        self._store = store
        self._held_seconds = held_seconds

    async def run(self) -> None:
        """Look from time to time, until cancelled."""
        complaint = "Files could not be removed; trying again"
        await repeat(self.remove_all, interval_seconds=INTERVAL_SECONDS, complaint=complaint)

    async def remove_all(self) -> None:
        """One round. Raises `UnavailableError`."""
        async with self._database.connection() as connection:
            await repository.remove_left_behind(connection)
            while await repository.expire(connection, limit=FILES_AT_ONCE):
                pass
            while await repository.forget(connection, limit=FILES_AT_ONCE):
                pass
        while await self._let_go():
            pass
        while True:
            async with self._database.connection() as connection:
                removed = await repository.list_removed(connection, limit=FILES_AT_ONCE)
            for file_id in removed:
                await self._store.delete(file_id)
            async with self._database.connection() as connection:
                await repository.note_erased(connection, removed)
            if len(removed) < FILES_AT_ONCE:
                return

    async def _let_go(self) -> bool:
        async with self._database.transaction() as connection:
            return await holding.let_go(connection, keep_seconds=self._held_seconds, limit=FILES_AT_ONCE)
