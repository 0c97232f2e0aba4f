"""How the process is doing, for those who moderate: what `/api/health/ready` says, and what waits."""

from datetime import UTC, datetime

from hyred_chat import __version__
from hyred_chat.administration import repository
from hyred_chat.administration.schemas import ServerHealth
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.http.health import Readiness
from hyred_chat.moments import to_wire
from hyred_chat.realtime.hub import Hub

MOST_COUNTED = 10_000


class Health:
    """Of this process, and of the database that it shares with others."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._started_at = to_wire(datetime.now(UTC))

    async def report(self, readiness: Readiness) -> ServerHealth:
        """All of it. What cannot be known is null; nothing is raised."""
        status, reason = await _status_of(readiness)
        notifications, erasures = await self._count_waiting()
        return ServerHealth.model_validate(
            {
                "version": __version__,
                "status": status,
                "reason": reason,
                "startedAt": self._started_at,
                "connectedPeople": self._hub.user_count,
                "overdueNotifications": notifications,
                "unfinishedErasures": erasures,
            }
        )

    async def _count_waiting(self) -> tuple[int | None, int | None]:
        try:
            async with self._database.connection() as connection:
                return await repository.count_waiting(connection, most=MOST_COUNTED)
        except UnavailableError:
            return None, None


async def _status_of(readiness: Readiness) -> tuple[str, str | None]:
    if readiness.is_draining:
        return "stopping", None
    try:
        return await readiness.check(), None
    except UnavailableError as error:
        return "unavailable", error.message
