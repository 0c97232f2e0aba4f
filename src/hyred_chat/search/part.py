"""The search for messages as a part of the service."""

from hyred_chat.messages.part import MessagesPart
from hyred_chat.metrics.registry import Metrics
from hyred_chat.parts import Foundation, Part
from hyred_chat.rooms.part import RoomsPart
from hyred_chat.search import endpoints
from hyred_chat.search.indexer import Indexer
from hyred_chat.search.metrics import describe_search
from hyred_chat.search.pace import Pace
from hyred_chat.search.service import Search


class SearchPart(Part):
    """Finding messages, and the index that they are found by.

    Attributes:
        search: the service.
        indexer: keeps the index.
    """

    routers = (endpoints.router,)

    def __init__(self, base: Foundation, rooms: RoomsPart, messages: MessagesPart) -> None:
        self.search = Search(base.database, rooms.rooms, messages.history, page_bytes=base.settings.page_bytes)
        self.indexer = Indexer(base.database, Pace(lambda: messages.messages.measures.stored))
        messages.messages.on_stored.append(lambda record, _: self.indexer.follow(record.room_id))
        self.background = (self.indexer,)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"search": self.search}

    def measure(self, metrics: Metrics) -> None:
        """See `Part`."""
        describe_search(metrics, self.search, self.indexer)
