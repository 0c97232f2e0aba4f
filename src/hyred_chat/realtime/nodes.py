"""This node and the others: who is told what is decided here by people and rooms, not by channels.

Everybody who is connected has a channel that the node with their sockets listens to. What concerns the members of a
small room is published to each of them, so a node hears only what its people need, and entering a room costs nothing.
Larger rooms have a channel of their own (`rooms/large.py`). Nothing here is relied upon: what is lost is found
in the database by the sweep.
"""

import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from hyred_chat.broker.envelope import START_BYTES, Envelope, decode, encode_field
from hyred_chat.broker.errors import EnvelopeError
from hyred_chat.histograms import Histogram
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.whereabouts import Whereabouts

if TYPE_CHECKING:  # it needs a library that is only there where there is a broker
    from hyred_chat.broker.broker import Broker

logger = logging.getLogger(__name__)

# Of a room: with more members it is told by a channel of its own, and not by those of its members.
SMALL_MEMBERS = 8
# Numbers that are remembered of each node, to know what came before by another channel.
REMEMBERED_FRAMES = 4_096
# Nodes that are remembered. Each start of a process is another one.
REMEMBERED_NODES = 1_000
_NUMBER_BYTES = 8

Handler: TypeAlias = Callable[[Envelope], None]


class Nodes:
    """What this node tells the others, and hears from them.

    Args:
        hub: the sockets of this node; None in a process that has none.

    Attributes:
        on_restored: called whenever something may have been missed.
        on_lease_lost: called when what this node had written into Redis may be gone.
        broker: carries it.
        crossing_seconds: how long messages took from other nodes to this one.
    """

    def __init__(self, broker: "Broker", hub: Hub | None) -> None:
        self.on_restored: list[Callable[[], None]] = []
        self.on_lease_lost = broker.on_lease_lost
        self.crossing_seconds = Histogram()
        self.broker = broker
        self._origin = broker.node_id.encode()
        self._own_origin = encode_field(Field.ORIGIN, self._origin)
        self._handlers: dict[int, Handler] = {}
        self._number = 0
        self._remembered: OrderedDict[bytes, _Remembered] = OrderedDict()
        self._all = broker.names.name("all", "nodes")
        self._whereabouts = Whereabouts(partial(self._say, Kind.HERE))
        for kind in (Kind.HERE, Kind.HERE_TOO, Kind.HERE_NO_MORE):
            self.on(kind, self._hear_whereabouts)
        broker.on_frame = self._take
        broker.on_restored.append(self._restored)
        broker.subscribe(self._all)
        broker.subscribe(self._channel_of_node(broker.node_id))
        if hub is not None:
            hub.on_arrival.append(self._listen_to)
            hub.on_departure.append(self._stop_listening_to)

    def on(self, kind: Kind, handler: Handler) -> None:
        """Have what other nodes tell of this kind handled. A handler that raises is logged."""
        self._handlers[kind] = handler

    def tell_room(
        self,
        room_id: str,
        member_ids: Collection[str],
        kind: Kind,
        fields: Mapping[int, bytes],
        body: bytes | None = b"",
        *,
        droppable: bool = False,
    ) -> None:
        """Tell the nodes at which members of a room are.

        Args:
            body: None: they read it where the truth is.
            droppable: it is worth nothing a moment later.
        """
        if len(member_ids) > SMALL_MEMBERS:
            frame = self._frame(kind, fields, body)
            self.broker.publish(self._channel_of_room(room_id), frame, droppable=droppable)
        else:
            self.tell_users(member_ids, kind, fields, body, droppable=droppable)

    def tell_users(
        self,
        user_ids: Iterable[str],
        kind: Kind,
        fields: Mapping[int, bytes],
        body: bytes | None = b"",
        *,
        droppable: bool = False,
    ) -> None:
        """Tell the nodes at which these people are. Each takes it once, however many of them are there."""
        elsewhere = [user_id for user_id in user_ids if not self._whereabouts.is_only_here(user_id)]
        if not elsewhere:
            return
        frame = self._frame(kind, fields, body)
        for user_id in elsewhere:
            self.broker.publish(self._channel_of_user(user_id), frame, droppable=droppable)

    def doubt_whereabouts(self) -> None:
        """A node is back that could not say whom it has: everybody counts as being elsewhere until it has."""
        self._whereabouts.doubt_all()

    def close(self) -> None:
        """Tell nobody any more."""
        self._whereabouts.close()

    def tell_all(self, kind: Kind, fields: Mapping[int, bytes], body: bytes = b"") -> None:
        """Tell every node."""
        self.broker.publish(self._all, self._frame(kind, fields, body))

    def tell_node(self, node_id: str, kind: Kind, fields: Mapping[int, bytes], body: bytes = b"") -> None:
        """Tell one node."""
        self.broker.publish(self._channel_of_node(node_id), self._frame(kind, fields, body))

    def listen_to_room(self, room_id: str) -> None:
        """Hear of a large room."""
        self.broker.subscribe(self._channel_of_room(room_id))

    def stop_listening_to_room(self, room_id: str) -> None:
        """Hear of it no longer."""
        self.broker.unsubscribe(self._channel_of_room(room_id))

    def _channel_of_room(self, room_id: str) -> str:
        return self.broker.names.name("r", room_id)

    def _channel_of_user(self, user_id: str) -> str:
        return self.broker.names.name("u", user_id)

    def _channel_of_node(self, node_id: str) -> str:
        return self.broker.names.name("n", node_id)

    def _frame(self, kind: Kind, fields: Mapping[int, bytes], body: bytes | None) -> bytes:
        self._number += 1
        number = self._number.to_bytes(_NUMBER_BYTES, "big")
        header = {Field.ORIGIN: self._origin, Field.NUMBER: number, **fields}
        return Envelope(kind, header, body or b"", is_truncated=body is None).encode()

    def _listen_to(self, user_id: str) -> None:
        self.broker.subscribe(self._channel_of_user(user_id))
        self._whereabouts.arrive(user_id)

    def _stop_listening_to(self, user_id: str) -> None:
        self.broker.unsubscribe(self._channel_of_user(user_id))
        if self._whereabouts.is_elsewhere(user_id):
            self._say(Kind.HERE_NO_MORE, user_id)
        self._whereabouts.depart(user_id)

    def _say(self, kind: Kind, user_id: str) -> None:
        frame = self._frame(kind, {Field.USER: user_id.encode()}, b"")
        self.broker.publish(self._channel_of_user(user_id), frame)

    def _hear_whereabouts(self, envelope: Envelope) -> None:
        user_id, node_id = envelope.fields[Field.USER].decode(), envelope.fields[Field.ORIGIN].decode()
        if envelope.kind == Kind.HERE_NO_MORE:
            self._whereabouts.hear_gone(user_id, node_id)
            return
        self._whereabouts.hear_here(user_id, node_id)
        if envelope.kind == Kind.HERE:
            self._say(Kind.HERE_TOO, user_id)

    def _take(self, _channel: str, frame: bytes) -> None:
        if frame.startswith(self._own_origin, START_BYTES):  # most frames of this node come back to it
            return
        try:
            envelope = decode(frame)
        except EnvelopeError as error:
            logger.warning("Something on a channel is none of ours: %s", error)
            return
        origin = envelope.fields.get(Field.ORIGIN, b"")
        handler = self._handlers.get(envelope.kind)
        if handler is None or not self._remember(origin, envelope.fields.get(Field.NUMBER)):
            return
        try:
            handler(envelope)
        except Exception:
            logger.exception("What node %s told could not be handled", origin.decode(errors="replace"))

    def _remember(self, origin: bytes, number: bytes | None) -> bool:
        """Whether this frame is new."""
        if (remembered := self._remembered.get(origin)) is None:
            remembered = self._remembered[origin] = _Remembered()
            if len(self._remembered) > REMEMBERED_NODES:
                self._remembered.popitem(last=False)
        return number is None or remembered.add(number)

    def _restored(self, _reason: str) -> None:
        self._whereabouts.forget()
        for listener in self.on_restored:
            listener()


class _Remembered:
    """The numbers of the latest frames of one node."""

    __slots__ = ("_numbers", "_order")

    def __init__(self) -> None:
        self._order: deque[bytes] = deque()
        self._numbers: set[bytes] = set()

    def add(self, number: bytes) -> bool:
        """Take a number; False when it was there."""
        if number in self._numbers:
            return False
        self._numbers.add(number)
        self._order.append(number)
        if len(self._order) > REMEMBERED_FRAMES:
            self._numbers.discard(self._order.popleft())
        return True
