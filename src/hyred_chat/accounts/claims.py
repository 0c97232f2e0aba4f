"""What a token proves, and who tells."""

from dataclasses import dataclass
from typing import Protocol

from hyred_chat.errors import UnauthenticatedError


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token proves.

    Attributes:
        email: the bearer's address, as the issuer writes it.
        user_id: the bearer's id, for whom no address is found. Development tokens only.
        is_first_admin: the bearer is whoever became an admin first. Development tokens only.
        expires_at: Unix seconds. None: never.
    """

    email: str | None = None
    user_id: str | None = None
    is_first_admin: bool = False
    expires_at: float | None = None


class Verifier(Protocol):
    """Tells what a token proves."""

    async def verify(self, token: str) -> Claims:
        """What `token` proves.

        Raises:
            UnauthenticatedError: it proves nothing.
            TokenExpiredError: it did once.
            UnavailableError: the issuer's keys cannot be had right now, so nobody can tell.
        """
        ...

    async def close(self) -> None:
        """Let go of what it holds."""
        ...


def refusal() -> UnauthenticatedError:
    """The one answer to every token that is not good. Why it is not is nobody's business."""
    return UnauthenticatedError("Authentication failed")
