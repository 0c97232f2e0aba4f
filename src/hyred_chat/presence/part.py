"""Presence as a part of the service."""

from hyred_chat.parts import Foundation, Part
from hyred_chat.presence import endpoints
from hyred_chat.presence.claims import Claims
from hyred_chat.presence.elsewhere import Elsewhere, Nowhere, OtherNodes
from hyred_chat.presence.handlers import PresenceHandlers
from hyred_chat.presence.service import PresenceService
from hyred_chat.presence.typing import TypingIndicators
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.rooms.part import RoomsPart


class PresencePart(Part):
    """Who is here, and who is typing.

    Attributes:
        presence: who is here.
        claims: which node has whom; None: there is no other node.
        typing: who is typing.
        elsewhere: the sockets of people at other nodes.
    """

    routers = (endpoints.router,)

    def __init__(self, base: Foundation, rooms: RoomsPart) -> None:
        grace_seconds = base.settings.presence_offline_grace_seconds
        nodes = base.nodes
        self.claims: Claims | None = None
        self.elsewhere: Elsewhere = Nowhere()
        if nodes is not None:
            self.claims = Claims(nodes.broker)
            self.elsewhere = OtherNodes(nodes, self.claims, base.hub)
        self.presence = PresenceService(
            base.database, rooms.rooms, base.hub, self.elsewhere, offline_grace_seconds=grace_seconds
        )
        self.typing = TypingIndicators(base.hub, rooms.cache.members_of)
        self.background = (self.presence,)
        self._handlers = PresenceHandlers(self.presence, self.typing, rooms.rooms)
        rooms.membership.on_join.append(self.typing.tell_joined)
        rooms.membership.on_leave.append(self.typing.stop_on)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"presence": self.presence}

    def register(self, gateway: Gateway) -> None:
        """See `Part`."""
        self._handlers.register(gateway)

    async def drain(self) -> None:
        """Those who are here are on their way to another process."""
        await self.presence.hand_over()

    def silence(self) -> None:
        """Nobody types any more."""
        self.typing.close()

    async def say_last_words(self) -> None:
        """Record when those who are here were last here."""
        await self.presence.close()
