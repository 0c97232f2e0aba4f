"""Notifications as a part of the service."""

from hyred_chat.notifications import endpoints
from hyred_chat.notifications.attention import SocketWatch, Watch
from hyred_chat.notifications.attention_relay import NodesWatch
from hyred_chat.notifications.handlers import NotificationHandlers
from hyred_chat.notifications.live import LiveNotifications
from hyred_chat.notifications.node_relay import NodeSignals, NodesTeller
from hyred_chat.notifications.positions import Positions
from hyred_chat.notifications.reach import Reach
from hyred_chat.notifications.service import Notifications
from hyred_chat.notifications.signals import Listener, NotifyTeller, Signals, Teller
from hyred_chat.parts import Background, Foundation, Part
from hyred_chat.presence.claims import Claims
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
        listeners: dict[str, Listener] = {
            "shown": self.live.show,
            "withdrawn": self.live.withdraw,
            "preferences": self.live.on_preferences,
        }
        if base.nodes is None:
            watch: Watch = self.watch
            signals: Background = Signals(base.database, listeners, self.live.refresh_silenced)
            self.teller: Teller = NotifyTeller(base.database.schema)
        else:
            watch = NodesWatch(base.nodes, self.watch, Claims(base.nodes.broker).find_nodes)
            signals = heard = NodeSignals(base.nodes, listeners, self.live.refresh_silenced)
            self.teller = NodesTeller(base.nodes, heard.dispatcher)
        self.reach = Reach(watch, self.teller, listeners)
        self.positions = Positions(base.database, self.teller)
        self.background = (self.positions, signals)
        self._notifications = Notifications(base.database, self.teller, watch.here_since)
        self._handlers = NotificationHandlers(self.watch)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"notifications": self._notifications}

    def register(self, gateway: Gateway) -> None:
        """See `Part`."""
        self._handlers.register(gateway)
