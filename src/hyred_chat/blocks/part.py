"""Blocks as a part of the service."""

from hyred_chat.blocks import endpoints
from hyred_chat.blocks.service import Blocks
from hyred_chat.parts import Foundation, Part
from hyred_chat.rooms.part import RoomsPart


class BlocksPart(Part):
    """Who has blocked whom.

    Attributes:
        blocks: the service.
    """

    routers = (endpoints.router,)

    def __init__(self, base: Foundation, rooms: RoomsPart) -> None:
        self.blocks = Blocks(base.database, rooms.cache)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"blocks": self.blocks}
