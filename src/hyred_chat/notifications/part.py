"""Notifications as a part of the service."""

from hyred_chat.notifications import endpoints
from hyred_chat.notifications.attention import SocketWatch
from hyred_chat.notifications.handlers import NotificationHandlers
from hyred_chat.notifications.live import LiveNotifications
from hyred_chat.notifications.positions import Positions
from hyred_chat.notifications.service import Notifications
from hyred_chat.notifications.signals import Listener, Signals
from hyred_chat.parts import Foundation, Part
from hyred_chat.presence.part import PresencePart
from hyred_chat.realtime.gateway import Gateway


class NotificationsPart(Part):
    """What people are told of while they are not looking.

    Attributes:
        watch: where people's attention is.
        live: the events to sockets.
        positions: hears of everybody who reads.
        listeners: to signals of other processes, by kind. A part that listens adds its own.
    """

    routers = (endpoints.router,)

    def __init__(self, base: Foundation, presence: PresencePart) -> None:
        self.watch = SocketWatch(base.hub, presence.presence.is_present)
        self.live = LiveNotifications(base.hub, base.slices, base.database)
        self.positions = Positions(base.database)
        self.listeners: dict[str, Listener] = {
            "shown": self.live.show,
            "withdrawn": self.live.withdraw,
            "preferences": self.live.on_preferences,
        }
        self.background = (self.positions, Signals(base.database, self.listeners, self.live.refresh_silenced))
        self._notifications = Notifications(base.database, self.watch.here_seconds)
        self._handlers = NotificationHandlers(self.watch)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"notifications": self._notifications}

    def register(self, gateway: Gateway) -> None:
        """See `Part`."""
        self._handlers.register(gateway)
