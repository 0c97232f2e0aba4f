"""Requests for sessions of other nodes: which these are, and how one node tells another for whom it asks.

A forwarded request carries a header with the client's address and a code that only nodes can make: an HMAC of the
request line and that address, with a key that the node asked has shown to the others. A request that carries the
header is never forwarded, whatever it says, so that no request can go round in circles.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias, get_args

from hyred_chat.errors import ChatError, UnavailableError
from hyred_chat.http.head import Head
from hyred_chat.socketio.requests import query_fields

HEADER: Final = b"x-hyred-forwarded"
_METHODS: Final = frozenset({b"GET", b"POST"})
# Of one connection only (RFC 9110, section 7.6.1). Those that a WebSocket's handshake needs are written anew.
_HOP_BY_HOP: Final = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"upgrade"})


class Peer(NamedTuple):
    """A node, as others reach it.

    Attributes:
        key: what a request to it is signed with.
    """

    host: str
    port: int
    key: bytes


class Directory(Protocol):
    """What is known of other nodes."""

    key: bytes

    def is_elsewhere(self, sid: str) -> bool:
        """Whether a session of this id is none of this node's."""

    def is_node_at(self, host: str) -> bool:
        """Whether another node has this address."""

    async def find(self, sid: str) -> Peer | None:
        """The node whose session has this id, if it is known."""


# What becomes of a forwarded request: the node that has the session answers it; no node has that name; the node cannot
# be connected to, or ends before it answers; there are too many.
Outcome: TypeAlias = Literal["answered", "unknown", "unreachable", "refused"]


@dataclass(slots=True)
class Forwarding:
    """What is forwarded.

    Attributes:
        directory: where other nodes are.
        path: below which sessions are asked for.
        max_requests: that are forwarded at the same time, upgraded ones included.
        answer_seconds: within which a node begins its answer.
        current: how many are being forwarded.
        outcomes: what became of those that were for other nodes' sessions.
        served: requests that other nodes have forwarded to this one.
    """

    directory: Directory
    path: bytes
    max_requests: int
    answer_seconds: float
    current: int = 0
    served: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(get_args(Outcome), 0))

    def sid_elsewhere(self, head: Head) -> str | None:
        """The id of another node's session that a request is for; None when this node answers it."""
        if b"sid=" not in head.query or head.path != self.path or head.method not in _METHODS or head.values(HEADER):
            return None
        try:
            sid = query_fields(head.query).get("sid", "")
        except ValueError:
            return None
        return sid if self.directory.is_elsewhere(sid) else None

    def check_room(self) -> ChatError | None:
        """The refusal of a request when too many are being forwarded."""
        if self.current < self.max_requests:
            return None
        self.outcomes["refused"] += 1
        return UnavailableError("Too many requests are for other servers right now. Please try again.")

    def client_of(self, head: Head) -> str | None:
        """The address of the client for whom another node asks; None when it is no other node that asks."""
        for value in head.values(HEADER):
            address, _, code = value.partition(b" ")
            if hmac.compare_digest(code, _code(self.directory.key, head, address)):
                self.served += 1
                return address.decode("latin-1")
        return None


def forwarded_head(head: Head, client: str, key: bytes, *, is_upgrade: bool) -> bytes:
    """The head of a request as it is sent to the node with this key. One connection carries one request."""
    address = client.encode("latin-1")
    connection = [b"connection: upgrade", b"upgrade: websocket"] if is_upgrade else [b"connection: close"]
    dropped = _HOP_BY_HOP | {HEADER}
    lines = [
        b"%b %b HTTP/1.1" % (head.method, head.target),
        *(b"%b: %b" % (name, value) for name, value in head.headers if name not in dropped),
        *connection,
        b"%b: %b %b" % (HEADER, address, _code(key, head, address)),
        b"\r\n",
    ]
    return b"\r\n".join(lines)


def framing_of(head: Head) -> Callable[[bytes], bytes]:
    """How the parts of a request's body are written, an empty one at its end."""
    return _in_chunks if head.values(b"transfer-encoding") else _as_it_is


def _code(key: bytes, head: Head, address: bytes) -> bytes:
    signed = b"%b %b\n%b" % (head.method, head.target, address)
    return hmac.digest(key, signed, "sha256").hex().encode()


def _in_chunks(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part)


def _as_it_is(part: bytes) -> bytes:
    return part
