"""Telling other nodes that there are changes to be read from the database, where there is a broker."""

from hyred_chat.broker.envelope import Envelope
from hyred_chat.nodes.events import NodeEvents
from hyred_chat.realtime.kinds import Kind
from hyred_chat.realtime.nodes import Nodes


class EventsRelay:
    """Has other nodes look at once for what was committed here, and looks when they say so.

    What has changed is not told: it is in the database, and read from there by one way only.
    """

    def __init__(self, nodes: Nodes, events: NodeEvents) -> None:
        self._nodes = nodes
        self._events = events
        events.on_written.append(self._tell)
        nodes.on(Kind.CHANGES, self._hear)
        nodes.on_restored.append(events.poll_now)

    def _tell(self) -> None:
        self._nodes.tell_all(Kind.CHANGES, {})

    def _hear(self, _: Envelope) -> None:
        self._events.poll_now()
