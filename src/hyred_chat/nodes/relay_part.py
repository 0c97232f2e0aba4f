"""Telling other nodes as a part of the service, where there is a broker."""

from hyred_chat.administration.part import AdministrationPart
from hyred_chat.messages.change_relay import ChangeRelay
from hyred_chat.messages.part import MessagesPart
from hyred_chat.messages.relay import MessageRelay
from hyred_chat.metrics.registry import Metrics
from hyred_chat.nodes.events_relay import EventsRelay
from hyred_chat.nodes.metrics import describe_broker
from hyred_chat.nodes.part import NodesPart
from hyred_chat.notifications.attention_relay import AttentionRelay
from hyred_chat.notifications.part import NotificationsPart
from hyred_chat.parts import Foundation, Part, Parts
from hyred_chat.presence.node_relay import PresenceRelay
from hyred_chat.presence.part import PresencePart
from hyred_chat.presence.typing_relay import TypingRelay
from hyred_chat.realtime.nodes import Nodes
from hyred_chat.receipts.part import ReceiptsPart
from hyred_chat.receipts.relay import ReceiptRelay
from hyred_chat.rooms.entry_relay import EntryRelay
from hyred_chat.rooms.inbox import Inbox
from hyred_chat.rooms.large import LargeRooms
from hyred_chat.rooms.part import RoomsPart


class RelayPart(Part):
    """What nodes tell one another at once. What is lost on the way is found by the sweep (`NodesPart`).

    Args:
        parts: those that tell something, which all of them have been added to.
    """

    def __init__(self, base: Foundation, nodes: Nodes, parts: Parts) -> None:
        rooms, presence = parts.get(RoomsPart), parts.get(PresencePart)
        messages, sweep = parts.get(MessagesPart), parts.get(NodesPart).sweep
        EventsRelay(nodes, parts.get(NodesPart).events)
        cache = rooms.cache
        inbox = Inbox(cache, on_overflow=sweep.sweep_now)
        large_rooms = LargeRooms(base.database, nodes, base.hub)
        cache.on_read.append(lambda state: large_rooms.review(state.id, state.members))
        message_relay = MessageRelay(nodes, cache, messages.healing.hold, inbox, messages.neighbours)
        messages.messages.on_stored.append(message_relay.tell)
        change_relay = ChangeRelay(nodes, cache, messages.healing.change_hold, inbox)
        messages.messages.on_changed.append(change_relay.tell)
        refresh = parts.get(AdministrationPart).live_changes.refresh
        ReceiptRelay(nodes, parts.get(ReceiptsPart).receipts, inbox, refresh)
        TypingRelay(nodes, presence.typing, cache.members_of)
        EntryRelay(nodes, base.hub, rooms.membership, cache.members_of)
        AttentionRelay(nodes, parts.get(NotificationsPart).watch)
        nodes.on_restored.append(sweep.sweep_now)
        self.background = (inbox, large_rooms)
        if presence.claims is not None:
            self.background += (PresenceRelay(nodes, presence.presence, presence.claims),)
        self._nodes = nodes

    def measure(self, metrics: Metrics) -> None:
        """See `Part`."""
        describe_broker(metrics, self._nodes)

    async def close(self) -> None:
        """Tell nobody any more."""
        self._nodes.close()
