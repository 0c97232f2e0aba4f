"""The wiring of everything that reaches people who are not looking: a part of the composition root."""

from collections.abc import Callable
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI

from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.devices import endpoints as device_endpoints
from hyred_chat.devices.service import Devices
from hyred_chat.notices import endpoints as notice_endpoints
from hyred_chat.notices.service import Notices
from hyred_chat.notifications import endpoints as notification_endpoints
from hyred_chat.notifications.attention import SocketWatch
from hyred_chat.notifications.handlers import NotificationHandlers
from hyred_chat.notifications.live import LiveNotifications
from hyred_chat.notifications.positions import Positions
from hyred_chat.notifications.service import Notifications
from hyred_chat.notifications.signals import Listener, Signals
from hyred_chat.preferences import endpoints as preference_endpoints
from hyred_chat.preferences.service import PreferencesService
from hyred_chat.push.settling import Settling
from hyred_chat.push.setup import channels, vapid_key, worker_settings
from hyred_chat.push.tidying import Tidying
from hyred_chat.push.worker import PushWorker
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.slices import Slices

# Of people who have signed in; the host's are apart.
ROUTERS: tuple[APIRouter, ...] = (
    device_endpoints.router,
    preference_endpoints.router,
    notification_endpoints.router,
)
HOST_ROUTERS: tuple[APIRouter, ...] = (notice_endpoints.router,)
# Ten thousand ids are more than any other request holds.
LARGER_BODIES = {notice_endpoints.router.prefix: 2_000_000}


class Service(Protocol):
    """Something that works until it is cancelled."""

    async def run(self) -> Any:
        """Work."""


class ReachingPeople:
    """Devices, preferences, notifications, and the worker where this process has one.

    Args:
        is_present: whether somebody counts as in the chat.

    Attributes:
        devices: who is reached at which.
        live: the events to sockets.
        positions: hears of everybody who reads.
        services: what the application runs.
    """

    def __init__(
        self, settings: Settings, database: Database, hub: Hub, slices: Slices, *, is_present: Callable[[str], bool]
    ) -> None:
        web_key = vapid_key(settings)
        self._watch = SocketWatch(hub, is_present)
        self.devices = Devices(
            database,
            web_push_hosts=settings.web_push_hosts,
            web_key=None if web_key is None else web_key.public_key,
        )
        self._preferences = PreferencesService(database)
        self._notifications = Notifications(database, self._watch.here_seconds)
        self._notices = Notices(database)
        self.live = LiveNotifications(hub, slices, database)
        self.positions = Positions(database)
        self.services: tuple[Service, ...] = (self.positions,)
        listeners: dict[str, Listener] = {
            "shown": self.live.show,
            "withdrawn": self.live.withdraw,
            "preferences": self.live.on_preferences,
        }
        self._worker: PushWorker | None = None
        if settings.push_worker:
            self._channels = channels(settings, web_key)
            settling = Settling(database)
            self._worker = PushWorker(database, self._watch, self._channels, settling, worker_settings(settings))
            listeners["due"] = self._worker.on_due
            self.services += (self._worker, settling, Tidying(database, keep_days=settings.notification_days))
        self.services += (Signals(database, listeners, self.live.refresh_silenced),)

    def register(self, gateway: Gateway) -> None:
        """Answer socket events."""
        NotificationHandlers(self._watch).register(gateway)

    def serve(self, api: FastAPI) -> None:
        """Give the endpoints their services."""
        api.state.devices = self.devices
        api.state.preferences = self._preferences
        api.state.notifications = self._notifications
        api.state.notices = self._notices

    async def drain(self) -> None:
        """Finish what is being sent. The caller bounds the time."""
        if self._worker is not None:
            await self._worker.drain()

    async def close(self) -> None:
        """Let go of connections to providers."""
        if self._worker is not None:
            await self._channels.close()
