"""Receipts as a part of the service."""

from functools import partial

from hyred_chat.messages.part import MessagesPart
from hyred_chat.notifications.part import NotificationsPart
from hyred_chat.parts import Foundation, Part
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.receipts import endpoints
from hyred_chat.receipts.handlers import ReceiptHandlers
from hyred_chat.receipts.service import Receipts
from hyred_chat.rooms.part import RoomsPart


class ReceiptsPart(Part):
    """What was delivered and read.

    Attributes:
        receipts: the service.
    """

    routers = (endpoints.router,)

    def __init__(
        self, base: Foundation, rooms: RoomsPart, messages: MessagesPart, notifications: NotificationsPart
    ) -> None:
        self.receipts = Receipts(
            base.database,
            rooms.rooms,
            messages.history,
            base.hub,
            rooms.announcements,
            on_risen=notifications.positions.on_risen,
            on_doubt=messages.healing.suspect,
            on_read_again=partial(rooms.standing.mark_unread, unread=False),
        )
        rooms.cache.on_ahead = self.receipts.on_ahead
        self.background = (self.receipts,)
        self._handlers = ReceiptHandlers(self.receipts)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"receipts": self.receipts}

    def register(self, gateway: Gateway) -> None:
        """See `Part`."""
        self._handlers.register(gateway)
