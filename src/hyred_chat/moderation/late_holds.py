"""Reports that an older version took: their files are held from when a server of this version looks."""

from typing import Final

from hyred_chat.db.pool import Database
from hyred_chat.files import holding
from hyred_chat.messages import evidence
from hyred_chat.moderation import repository
from hyred_chat.tidying import repeat

INTERVAL_SECONDS: Final = 15.0
# The evidence of each has half a megabyte at most.
REPORTS_AT_ONCE: Final = 10


class LateHolds:
    """Has open reports hold their files that hold none yet. Every process does.

    Args:
        held_seconds: how long after a report its files are held at most.
    """

    def __init__(self, database: Database, *, held_seconds: float) -> None:
        self._database = database
        self._held_seconds = held_seconds

    async def run(self) -> None:
        """Look from time to time, until cancelled."""
        complaint = "Files of reports could not be held; trying again"
        await repeat(self.hold_all, interval_seconds=INTERVAL_SECONDS, complaint=complaint)

    async def hold_all(self) -> None:
        """One round. Raises `UnavailableError`."""
        while await self._hold_some():
            pass

    async def _hold_some(self) -> bool:
        """Whether there may be more. A transaction for a few reports."""
        async with self._database.transaction() as connection:
            found = await repository.list_holding_none(
                connection, keep_seconds=self._held_seconds, limit=REPORTS_AT_ONCE
            )
            for report_id, kept in found:
                await holding.hold(connection, report_id, evidence.list_files(kept))
            if found:
                await repository.note_holding(connection, [report_id for report_id, _ in found])
        return len(found) == REPORTS_AT_ONCE
