"""Who enters and leaves rooms at other nodes, and what they are told of those who do here."""

from collections.abc import Callable, Collection

import orjson

from hyred_chat.broker.envelope import Envelope
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.nodes import Nodes
from hyred_chat.rooms.membership import Entry, Membership


class EntryRelay:
    """`user_joined` and `user_left`, to and from other nodes. All of it may be lost: a client that joins asks anew.

    Args:
        members_of: the ids of a room's members, as far as this node has them in memory.
    """

    def __init__(
        self, nodes: Nodes, hub: Hub, membership: Membership, members_of: Callable[[str], Collection[str]]
    ) -> None:
        self._nodes = nodes
        self._hub = hub
        self._membership = membership
        self._members_of = members_of
        membership.on_change.append(self._tell)
        nodes.on(Kind.ROOM_ENTRY, self._hear)

    def _tell(self, entry: Entry) -> None:
        fields = {
            Field.ROOM: entry.room_id.encode(),
            Field.USER: entry.user_id.encode(),
            Field.NAME: entry.event.encode(),
        }
        members = self._members_of(entry.room_id)
        body = orjson.dumps(entry.payload)
        self._nodes.tell_room(entry.room_id, members, Kind.ROOM_ENTRY, fields, body, droppable=True)

    def _hear(self, envelope: Envelope) -> None:
        room_id, user_id = envelope.fields[Field.ROOM].decode(), envelope.fields[Field.USER].decode()
        event = envelope.fields[Field.NAME].decode()
        if event in {"user_joined", "user_left"}:
            self._hub.emit_to_others_in(room_id, user_id, event, orjson.Fragment(envelope.body))
        if event == "user_left":
            # At another device, and so at this node, they may still be there: then that is the last that is said.
            self._membership.announce_again(room_id, user_id)
