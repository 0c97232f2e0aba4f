"""What a client said when it connected to a namespace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """What a connect handler decides on.

    Attributes:
        auth: the payload of the CONNECT packet: an object, or None when there was none.
        headers: of the HTTP request that opened the session; names in lower case.
        query: of that request.
        address: of the client.
        issued_at: when that request came, Unix seconds.
    """

    auth: dict[str, Any] | None
    headers: Mapping[str, str]
    query: Mapping[str, str]
    address: str
    issued_at: float
