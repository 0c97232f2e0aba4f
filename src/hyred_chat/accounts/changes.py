"""What changed, and telling those who listen."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from hyred_chat.accounts.schemas import User

logger = logging.getLogger(__name__)

Change = TypeVar("Change")


@dataclass(frozen=True, slots=True)
class UserChange:
    """Somebody is new here, or has changed.

    Attributes:
        user: as everybody sees them from now on.
        disabled: their sockets have to go.
        email: their address from now on. What was signed in by another one has to go.
    """

    user: User
    disabled: bool
    email: str


def tell(listeners: Iterable[Callable[[Change], None]], change: Change) -> None:
    """Call every listener. The change is committed: a listener that fails is logged, and keeps nobody from hearing."""
    for listener in listeners:
        try:
            listener(change)
        except Exception:
            logger.exception("A listener to %s failed", type(change).__name__)
