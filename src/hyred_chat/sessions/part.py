"""Sessions as a part of the service."""

from hyred_chat.accounts.part import AccountsPart
from hyred_chat.limits import RateLimit
from hyred_chat.metrics.registry import Metrics
from hyred_chat.parts import Foundation, Part
from hyred_chat.presence.part import PresencePart
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.rooms.part import RoomsPart
from hyred_chat.sessions.handlers import SessionHandlers
from hyred_chat.sessions.service import SessionRates, Sessions


class SessionsPart(Part):
    """Sockets from CONNECT to disconnect."""

    def __init__(self, base: Foundation, accounts: AccountsPart, rooms: RoomsPart, presence: PresencePart) -> None:
        settings = base.settings
        connects = RateLimit(burst=settings.rate_limit_events_burst, per_minute=settings.rate_limit_events_per_minute)
        self._sessions = Sessions(
            accounts.accounts,
            base.hub,
            presence.presence,
            presence.typing,
            rooms.membership,
            rates=SessionRates(connects, accounts.rates.refused_tokens),
        )
        accounts.accounts.on_change.append(self._sessions.on_user_change)
        self._handlers = SessionHandlers(self._sessions)
        self.background = (self._sessions,)

    def register(self, gateway: Gateway) -> None:
        """See `Part`."""
        self._handlers.register(gateway)

    def measure(self, metrics: Metrics) -> None:
        """See `Part`."""
        metrics.counter(
            "hyred_connects_total",
            "Attempts to sign in on a socket, by outcome: `ok`, or the code of the refusal.",
            lambda: self._sessions.connects,
            labels=["outcome"],
        )
