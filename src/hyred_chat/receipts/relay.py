"""Positions that rose at other nodes, and what they are told of those that rose here."""

from collections.abc import Callable

import orjson

from hyred_chat.broker.envelope import Envelope
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.nodes import Nodes
from hyred_chat.receipts.service import Advance, Receipts
from hyred_chat.rooms.inbox import Inbox
from hyred_chat.rooms.state import RoomState


class ReceiptRelay:
    """Tells other nodes of positions, and hears of theirs.

    Args:
        inbox: has rooms read that are not in memory.
        refresh: has a room compared with the database, with positions.
    """

    def __init__(self, nodes: Nodes, receipts: Receipts, inbox: Inbox, refresh: Callable[[str], None]) -> None:
        self._nodes = nodes
        self._receipts = receipts
        self._inbox = inbox
        self._refresh = refresh
        receipts.on_advance.append(self._tell)
        nodes.on(Kind.RECEIPT, self._hear)

    def _tell(self, state: RoomState, advance: Advance) -> None:
        body = orjson.dumps(advance)
        self._nodes.tell_room(state.id, state.members, Kind.RECEIPT, {Field.ROOM: state.id.encode()}, body)

    def _hear(self, envelope: Envelope) -> None:
        room_id = envelope.fields[Field.ROOM].decode()
        if envelope.is_truncated:  # thousands of messages were read at once
            self._refresh(room_id)
            return
        advance = Advance(**orjson.loads(envelope.body))
        self._inbox.put(room_id, lambda state: self._receipts.hear(state, advance))
