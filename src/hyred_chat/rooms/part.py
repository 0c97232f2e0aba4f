"""Rooms as a part of the service."""

from hyred_chat.accounts.part import AccountsPart
from hyred_chat.metrics.registry import Metrics
from hyred_chat.parts import Foundation, Part
from hyred_chat.rooms import endpoints
from hyred_chat.rooms.announcements import Announcements
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.membership import Membership
from hyred_chat.rooms.service import Rooms
from hyred_chat.rooms.standing import Standing


class RoomsPart(Part):
    """Who is in which room, and how each room looks to its members. `RoomEntryPart` answers its events.

    Attributes:
        cache: the rooms in memory.
        rooms: the service.
        announcements: tells members how a room looks now.
        standing: what members have made of a room for themselves.
        membership: sockets entering and leaving rooms.
    """

    routers = (endpoints.router,)

    def __init__(self, base: Foundation, accounts: AccountsPart) -> None:
        hub = base.hub
        self.cache = RoomCache(
            base.database, is_pinned=lambda room_id: bool(hub.sockets_in(room_id)), is_watched=hub.is_anybody_here
        )
        hub.on_arrival.append(self.cache.distrust)
        self.rooms = Rooms(
            base.database,
            accounts.accounts,
            self.cache,
            new_rooms_per_hour=base.settings.rate_limit_new_rooms_per_hour,
        )
        self.announcements = Announcements(hub, base.slices)
        self.standing = Standing(base.database, self.cache, self.announcements)
        self.membership = Membership(hub, self.cache.is_barred)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"rooms": self.rooms, "standing": self.standing}

    def measure(self, metrics: Metrics) -> None:
        """See `Part`."""
        metrics.gauge("hyred_rooms_in_memory", "Rooms in memory.", lambda: self.cache.room_count)
        metrics.gauge("hyred_rooms_in_memory_bytes", "An estimate of their size.", lambda: self.cache.byte_count)

    def silence(self) -> None:
        """Announce nothing more."""
        self.announcements.close()
