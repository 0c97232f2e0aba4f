"""Socket.IO: reading and receiving."""

from hyred_chat.realtime.connections import Connection
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.receipts.schemas import MarkMessageRead, MarkPosition
from hyred_chat.receipts.service import Receipts


class ReceiptHandlers:
    """`mark_message_read`, `mark_read` and `mark_delivered`."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts

    def register(self, gateway: Gateway) -> None:
        """Answer the events."""
        gateway.on("mark_message_read", MarkMessageRead, self.mark_message_read)
        gateway.on("mark_read", MarkPosition, self.mark_read, is_new=True)
        gateway.on("mark_delivered", MarkPosition, self.mark_delivered, is_new=True)

    async def mark_message_read(self, connection: Connection, request: MarkMessageRead) -> dict[str, str]:
        """Read the room up to a message."""
        status = await self._receipts.mark_message_read(connection.user.id, request.message_id)
        return {"messageId": request.message_id, "status": status}

    async def mark_read(self, connection: Connection, request: MarkPosition) -> dict[str, object]:
        """Read the room up to a seq."""
        return await self._mark(connection, request, read=True)

    async def mark_delivered(self, connection: Connection, request: MarkPosition) -> dict[str, object]:
        """Receive the room up to a seq."""
        return await self._mark(connection, request, read=False)

    async def _mark(self, connection: Connection, request: MarkPosition, *, read: bool) -> dict[str, object]:
        member = await self._receipts.mark(connection.user.id, request.chat_room_id, request.seq, read=read)
        return {
            "chatRoomId": request.chat_room_id,
            "lastReadSeq": member.last_read_seq,
            "lastDeliveredSeq": member.last_delivered_seq,
        }
