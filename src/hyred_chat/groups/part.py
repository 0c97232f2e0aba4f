"""Groups as a part of the service. It comes late: what happens in a group is told in a message."""

from hyred_chat.administration.part import AdministrationPart
from hyred_chat.groups import endpoints
from hyred_chat.groups.service import GroupBounds, Groups
from hyred_chat.messages.part import MessagesPart
from hyred_chat.nodes.part import NodesPart
from hyred_chat.parts import Foundation, Part
from hyred_chat.rooms.part import RoomsPart


class GroupsPart(Part):
    """What people do in groups, and what it does to those who are here."""

    routers = (endpoints.router,)

    def __init__(
        self,
        base: Foundation,
        rooms: RoomsPart,
        *,
        administration: AdministrationPart,
        messages: MessagesPart,
        nodes: NodesPart,
    ) -> None:
        bounds = GroupBounds(base.settings.groups, base.settings.max_group_members)
        self._groups = Groups(base.database, rooms.rooms, bounds, messages.messages.hand_out)
        self._groups.on_change += [
            administration.live_changes.on_room_change,
            lambda _: nodes.events.tell_written(),
        ]
        self._groups.on_doubt.append(messages.healing.suspect)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"groups": self._groups}
