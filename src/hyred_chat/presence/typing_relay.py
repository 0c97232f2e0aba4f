"""Typing at other nodes, and what they are told of typing here. All of it may be lost: it ends by itself."""

from collections.abc import Callable, Collection

from hyred_chat.broker.envelope import Envelope
from hyred_chat.presence.typing import TypingIndicators
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.nodes import Nodes

_ON, _OFF = b"1", b"0"


class TypingRelay:
    """Tells other nodes who types here, and hears who types there.

    Args:
        members_of: the ids of a room's members, as far as this node has them in memory.
    """

    def __init__(self, nodes: Nodes, typing: TypingIndicators, members_of: Callable[[str], Collection[str]]) -> None:
        self._nodes = nodes
        self._typing = typing
        self._members_of = members_of
        typing.on_change.append(self._tell)
        nodes.on(Kind.TYPING, self._hear)

    def _tell(self, room_id: str, user_id: str, is_typing: bool) -> None:
        fields = {Field.ROOM: room_id.encode(), Field.USER: user_id.encode(), Field.IS_ON: _ON if is_typing else _OFF}
        self._nodes.tell_room(room_id, self._members_of(room_id), Kind.TYPING, fields, droppable=True)

    def _hear(self, envelope: Envelope) -> None:
        room_id, user_id = envelope.fields[Field.ROOM].decode(), envelope.fields[Field.USER].decode()
        if user_id in self._members_of(room_id):
            self._typing.hear(room_id, user_id, is_typing=envelope.fields[Field.IS_ON] == _ON)
