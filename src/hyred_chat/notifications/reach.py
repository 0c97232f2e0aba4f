"""What whoever sends pushes needs of the rest of the deployment."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from hyred_chat.db.pool import Database
from hyred_chat.notifications.attention import Watch
from hyred_chat.notifications.attention_relay import NodesWatch
from hyred_chat.notifications.node_relay import NodeSignals, NodesTeller
from hyred_chat.notifications.signals import Listener, NotifyTeller, Signals, Teller
from hyred_chat.parts import Background
from hyred_chat.presence.claims import Claims
from hyred_chat.realtime.nodes import Nodes


@dataclass(frozen=True, slots=True)
class Reach:
    """The rest of the deployment, to a worker that sends pushes.

    Attributes:
        watch: where people's attention is, at whichever node.
        teller: tells other processes.
        listeners: to what other processes tell, by kind.
    """

    watch: Watch
    teller: Teller
    listeners: dict[str, Listener]


def open_reach(
    database: Database,
    nodes: Nodes | None,
    own: Watch,
    listeners: Mapping[str, Listener],
    on_missed: Callable[[], Awaitable[None]],
    *,
    claims: Claims | None,
) -> tuple[Reach, Background]:
    """The way to the rest of the deployment: through the broker, or through PostgreSQL where there is none.

    Args:
        nodes: the other nodes; None: there is no broker.
        own: where people's attention is, as far as this process knows.
        listeners: to what other processes tell, by kind. More may be added to `Reach.listeners`.
        on_missed: awaited at the start, and whenever something may have been missed.
        claims: which node has whom; None: there is no broker.

    Returns:
        With what hears, which is to be run.
    """
    by_kind = dict(listeners)
    if nodes is None or claims is None:
        return Reach(own, NotifyTeller(database.schema), by_kind), Signals(database, by_kind, on_missed)
    signals = NodeSignals(nodes, by_kind, on_missed)
    watch = NodesWatch(nodes, own, claims.find_nodes)
    return Reach(watch, NodesTeller(nodes, signals.dispatcher), by_kind), signals
