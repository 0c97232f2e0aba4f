"""Entering and leaving rooms as a part of the service. It comes late: whoever enters gets messages and receipts."""

from hyred_chat.messages.part import MessagesPart
from hyred_chat.parts import Foundation, Part
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.receipts.part import ReceiptsPart
from hyred_chat.rooms.handlers import RoomHandlers
from hyred_chat.rooms.part import RoomsPart


class RoomEntryPart(Part):
    """`join_chat` and `leave_chat`."""

    def __init__(self, base: Foundation, rooms: RoomsPart, messages: MessagesPart, receipts: ReceiptsPart) -> None:
        self._handlers = RoomHandlers(
            rooms.rooms,
            messages.history,
            messages.healing,
            rooms.membership,
            receipts.receipts,
            max_rooms_per_socket=base.settings.max_rooms_per_socket,
            page_bytes=base.settings.page_bytes,
        )

    def register(self, gateway: Gateway) -> None:
        """See `Part`."""
        self._handlers.register(gateway)
