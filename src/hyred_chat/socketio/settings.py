"""The server's settings and bounds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Settings of an Engine.IO or Socket.IO server. Every bound ends at most the session that crosses it.

    Attributes:
        path: where the server answers, with a slash at both ends.
        ping_interval_seconds: from a pong to the next ping.
        ping_timeout_seconds: from a ping to the pong that must have come.
        sid_prefix: what the ids of sessions begin with.
        connect_timeout_seconds: a session that is in no namespace by then is closed.
        upgrade_timeout_seconds: a WebSocket that has not finished its upgrade by then is closed; the polling goes on.
        max_payload_bytes: of one incoming WebSocket message (fragments joined), of one polling body, and of all the
            attachments of one binary packet together.
        max_buffered_bytes: waiting to be sent, per session. A session whose client reads too slowly is closed.
        max_pending_events: waiting for their coroutine handler, per socket. The newest is dropped past it.
        max_attachments: of one binary packet.
        max_nesting: of arrays and objects in a packet's JSON, the packet's own array included.
        max_brackets: opening brackets and braces in a packet's JSON, those in its strings included. Every array and
            object costs time and memory, however small it is.
        max_packets_to_connect: of a session that is in no namespace (any more).
        max_bytes_to_connect: likewise, of their payloads.
        max_refusals: of a session that asks for namespaces, until it is let into one.
        max_sessions_per_address: 0 means that there is no limit.
        max_handshakes_per_second: new sessions, and sockets of a session beyond its first. More are refused, before
            anything is done for them, with 503 or by a close: their clients come back. What is not let into a namespace
            does not count in the end. 0 means that there is no limit.
        allowed_origins: the values of `Origin` that browsers may connect from; None means any. Requests without that
            header do not come from a web page and are always let in.
    """

    path: str = "/socket.io/"
    sid_prefix: str = ""
    ping_interval_seconds: float = 25.0
    ping_timeout_seconds: float = 20.0
    connect_timeout_seconds: float = 45.0
    upgrade_timeout_seconds: float = 10.0
    max_payload_bytes: int = 1_000_000
    max_buffered_bytes: int = 4_000_000
    max_pending_events: int = 256
    max_attachments: int = 16
    max_nesting: int = 32
    max_brackets: int = 20_000
    max_packets_to_connect: int = 16
    max_bytes_to_connect: int = 16_384
    max_refusals: int = 16
    max_sessions_per_address: int = 0
    max_handshakes_per_second: float = 0.0
    allowed_origins: frozenset[str] | None = None
