"""Messages as a part of the service."""

from hyred_chat.accounts.part import AccountsPart
from hyred_chat.administration.part import AdministrationPart
from hyred_chat.limits import RateLimit
from hyred_chat.messages import change_endpoints, endpoints
from hyred_chat.messages.change_delivery import ChangeDelivery
from hyred_chat.messages.change_service import Changes
from hyred_chat.messages.changes import ChangeRules
from hyred_chat.messages.delivery import Delivery
from hyred_chat.messages.gathering import Neighbours
from hyred_chat.messages.handlers import MessageHandlers
from hyred_chat.messages.healing import Healing
from hyred_chat.messages.history import History
from hyred_chat.messages.metrics import describe_changes, describe_messages
from hyred_chat.messages.service import Messages, SendBounds
from hyred_chat.metrics.registry import Metrics
from hyred_chat.moments import DAY_SECONDS
from hyred_chat.notifications.part import NotificationsPart
from hyred_chat.parts import Foundation, Part
from hyred_chat.presence.part import PresencePart
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.rooms.part import RoomsPart
from hyred_chat.tracing import Attributes, Tracing


class MessagesPart(Part):
    """The path of a message, and what was said before.

    Attributes:
        messages: the service.
        changes: what is done to messages that are there.
        history: messages read again.
        healing: rooms of which the database may know more.
        neighbours: other nodes, as far as storing has to know them.
    """

    routers = (endpoints.router, change_endpoints.router)

    def __init__(
        self,
        base: Foundation,
        accounts: AccountsPart,
        rooms: RoomsPart,
        *,
        presence: PresencePart,
        notifications: NotificationsPart,
        administration: AdministrationPart,
    ) -> None:
        settings, database = base.settings, base.database
        self.history = History(database, accounts.accounts, rooms.rooms, page_bytes=settings.page_bytes)
        self._delivery = Delivery(
            base.hub,
            rooms.announcements,
            notifications.live,
            on_delivered=presence.typing.stop,
            on_read=notifications.positions.on_risen,
            on_acquainted=presence.presence.review,
        )
        self._change_delivery = ChangeDelivery(base.hub, rooms.announcements)
        refresh = administration.live_changes.refresh
        self.healing = Healing(
            database, rooms.cache, self.history, self._delivery, self._change_delivery, refresh=refresh
        )
        administration.administration.rooms.on_doubt.append(self.healing.suspect)
        self.neighbours = Neighbours()
        self.messages = Messages(
            database,
            rooms.cache,
            self.healing,
            SendBounds(
                settings.max_message_chars,
                settings.max_metadata_bytes,
                settings.send_timeout_seconds,
                deleted_seconds=settings.deleted_days * DAY_SECONDS,
            ),
            lanes=settings.message_lanes,
            batch_size=settings.message_batch_size,
            legacy_backups=settings.legacy_backup_sends,
            neighbours=None if base.nodes is None else self.neighbours,
        )
        self._slices = base.slices
        self._rate = RateLimit(
            burst=settings.rate_limit_messages_burst, per_minute=settings.rate_limit_messages_per_minute
        )
        rules = ChangeRules(settings.edit_seconds, settings.delete_seconds, keeps_versions=settings.edit_history)
        self.changes = Changes(database, rooms.cache, self.messages, self.history, rules)
        self._handlers = MessageHandlers(self.messages, self.history, self.changes, rate=self._rate)
        self.background = (self.messages,)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"messages": self.messages, "changes": self.changes, "history": self.history, "message_rate": self._rate}

    def register(self, gateway: Gateway) -> None:
        """See `Part`."""
        self._handlers.register(gateway)

    def measure(self, metrics: Metrics) -> None:
        """See `Part`."""
        describe_messages(metrics, self.messages, self._delivery, self.healing)
        describe_changes(metrics, self.messages, self._change_delivery)

    def trace(self, tracing: Tracing) -> None:
        """A span for each batch."""

        def record(count: int, seconds: float) -> None:
            attributes: Attributes = {"db.system.name": "postgresql", "db.operation.batch.size": count}
            tracing.record("store messages", seconds, attributes)

        self.messages.measures.on_batch = record

    async def drain(self) -> None:
        """Store what was taken, and tell those whom it is still to be told."""
        await self.messages.drain()
        await self._slices.drain()
