"""What can go wrong, in two kinds: the client broke the protocol, or the application refuses the client."""

from typing import Any


class PacketError(ValueError):
    """The other side sent what its protocol does not allow. It costs the session, and nothing else."""


class ConnectionRefused(Exception):  # noqa: N818 (the name that the protocol's users know)
    """Raised by a connect handler to refuse a client: it is sent as CONNECT_ERROR.

    Attributes:
        message: a sentence for the client (`err.message` in the JavaScript client).
        data: anything that JSON can hold, or None (`err.data` in the JavaScript client).
    """

    def __init__(self, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.data = data
