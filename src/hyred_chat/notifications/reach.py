"""What whoever sends pushes needs of the rest of the deployment."""

from dataclasses import dataclass

from hyred_chat.notifications.attention import Watch
from hyred_chat.notifications.signals import Listener, Teller


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
