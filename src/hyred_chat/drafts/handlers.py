"""Socket.IO: saving a draft."""

from typing import Any

from hyred_chat.drafts.schemas import SaveDraft
from hyred_chat.drafts.service import Drafts
from hyred_chat.realtime.connections import Connection
from hyred_chat.realtime.gateway import Gateway


class DraftHandlers:
    """`save_draft`."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts

    def register(self, gateway: Gateway) -> None:
        """Answer the event."""
        gateway.on("save_draft", SaveDraft, self.save_draft, is_new=True)

    async def save_draft(self, connection: Connection, request: SaveDraft) -> dict[str, Any]:
        """Keep what is written by now. The person's other sockets get `draft_changed`."""
        draft = await self._drafts.save(connection.user.id, request.chat_room_id, request, by=connection.socket)
        return draft.model_dump(by_alias=True)
