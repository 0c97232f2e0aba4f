"""Drafts as a part of the service."""

from hyred_chat.drafts import endpoints
from hyred_chat.drafts.handlers import DraftHandlers
from hyred_chat.drafts.service import DRAFT_CHANGED, Drafts
from hyred_chat.parts import Foundation, Part
from hyred_chat.presence.part import PresencePart
from hyred_chat.realtime.gateway import Gateway


class DraftsPart(Part):
    """What people have begun to write."""

    routers = (endpoints.router,)

    def __init__(self, base: Foundation, presence: PresencePart) -> None:
        self._drafts = Drafts(
            base.database,
            base.hub,
            max_chars=base.settings.max_message_chars,
            tell_elsewhere=lambda user_id, payload: presence.elsewhere.emit(DRAFT_CHANGED, {user_id: [payload]}),
        )

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"drafts": self._drafts}

    def register(self, gateway: Gateway) -> None:
        """See `Part`."""
        DraftHandlers(self._drafts).register(gateway)
