"""Notifications as a part of the service."""

from hyred_chat.notifications import endpoints
from hyred_chat.notifications.attention import SocketWatch
from hyred_chat.notifications.handlers import NotificationHandlers
from hyred_chat.notifications.live import LiveNotifications
from hyred_chat.notifications.positions import Positions
from hyred_chat.notifications.reach import open_reach
from hyred_chat.notifications.service import Notifications
from hyred_chat.parts import Foundation, Part
from hyred_chat.presence.part import PresencePart
from hyred_chat.realtime.gateway import Gateway


class NotificationsPart(Part):
    """What people are told of while they are not looking.

    Attributes:
        watch: where people's attention is, as far as the sockets here tell.
        live: the events to sockets.
        positions: hears of everybody who reads.
        teller: tells other processes.
        reach: the rest of the deployment.
    """

    routers = (endpoints.router,)

    def __init__(self, base: Foundation, presence: PresencePart) -> None:
        self.watch = SocketWatch(base.hub, presence.presence.is_present)
        self.live = LiveNotifications(base.hub, base.slices, base.database)
        listeners = {
            "shown": self.live.show,
            "withdrawn": self.live.withdraw,
            "preferences": self.live.on_preferences,
        }
        self.reach, signals = open_reach(
            base.database, base.nodes, self.watch, listeners, self.live.refresh_silenced, claims=presence.claims
        )
        self.teller = self.reach.teller
        self.positions = Positions(base.database, self.teller)
        self.background = (self.positions, signals)
        self._notifications = Notifications(base.database, self.teller, self.reach.watch.here_since)
        self._handlers = NotificationHandlers(self.watch)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"notifications": self._notifications}

    def register(self, gateway: Gateway) -> None:
        """See `Part`."""
        self._handlers.register(gateway)
