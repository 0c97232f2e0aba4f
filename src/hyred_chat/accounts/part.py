"""Accounts as a part of the service."""

from hyred_chat.accounts import endpoints
from hyred_chat.accounts.authentication import Rates
from hyred_chat.accounts.large_answers import LARGE_ANSWER_PATIENCE_SECONDS, LARGE_ANSWERS
from hyred_chat.accounts.service import Accounts
from hyred_chat.accounts.tokens import create_verifier
from hyred_chat.limits import RateLimit, Turns
from hyred_chat.parts import Foundation, Part


class AccountsPart(Part):
    """Who is calling, and who people are.

    Attributes:
        accounts: the service.
        rates: what REST requests, and refused tokens, are counted by.
    """

    routers = (endpoints.router,)

    def __init__(self, base: Foundation) -> None:
        settings = base.settings
        self.accounts = Accounts(base.database, create_verifier(settings))
        self.rates = Rates(
            RateLimit(burst=settings.rate_limit_requests_burst, per_minute=settings.rate_limit_requests_per_minute)
        )
        self.background = (self.accounts.people,)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {
            "accounts": self.accounts,
            "rates": self.rates,
            "large_answers": Turns(at_once=LARGE_ANSWERS, patience_seconds=LARGE_ANSWER_PATIENCE_SECONDS),
        }

    async def close(self) -> None:
        """End the lookups under way."""
        await self.accounts.close()
