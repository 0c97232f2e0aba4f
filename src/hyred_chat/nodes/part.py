"""Learning of other processes as a part of the service."""

from hyred_chat.administration.part import AdministrationPart
from hyred_chat.messages.part import MessagesPart
from hyred_chat.parts import Foundation, Part
from hyred_chat.presence.part import PresencePart
from hyred_chat.rooms.part import RoomsPart
from hyred_chat.rooms.sweep import Sweep


class NodesPart(Part):
    """What keeps this process up with the others on the same database.

    Attributes:
        sweep: compares rooms with the database.
    """

    def __init__(
        self,
        base: Foundation,
        rooms: RoomsPart,
        *,
        presence: PresencePart,
        administration: AdministrationPart,
        messages: MessagesPart,
    ) -> None:
        cache, hold = rooms.cache, messages.healing.hold
        cache.on_behind = hold.expect
        cache.on_skip += [hold.release, rooms.announcements.announce]
        cache.on_pair_change = presence.presence.review
        self.sweep = Sweep(
            base.database,
            cache,
            base.hub,
            period_seconds=base.settings.sweep_seconds,
            expect=hold.expect,
            refresh=administration.live_changes.refresh,
            announce=rooms.announcements.announce,
        )
        self.background = (self.sweep,)
