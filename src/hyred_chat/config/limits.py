"""How much there may be of something: sizes and counts, and what one person may do in a time."""

from typing import ClassVar

from pydantic import Field

from hyred_chat.config.subject import Subject
from hyred_chat.config.variables import ConfigurationError, variable_of
from hyred_chat.pages import PAGE_BYTES

_MAX_UTF8_BYTES_PER_CHAR = 4
# Of a request: many clients write JSON in ASCII, where a character beyond the first 65,536 is two escapes of six bytes.
_MAX_ESCAPED_BYTES_PER_CHAR = 12
_ENVELOPE_BYTES = 2048  # what a message's request needs beside its content and its metadata, generously
# What a stored message has beside them: its sender with name and picture, and ids.
_SENDER_BYTES = 8192
# A join sends a page of history and a room with its newest message, and a message may come at the same time. A page is
# a third of the buffer at most, and a message a sixth, so that all of it fits.
_PAGES_PER_BUFFER = 3
_MESSAGES_PER_BUFFER = 6


class Bounds(Subject):
    """Sizes and counts."""

    title: ClassVar[str] = "Bounds"

    max_message_chars: int = Field(
        default=1000, ge=1, le=100_000, description="The longest message, in Unicode code points."
    )
    max_metadata_bytes: int = Field(
        default=4096, ge=2, le=65_536, description="The largest `metadata` of a message, as JSON."
    )
    max_body_bytes: int = Field(
        default=65_536, ge=4096, le=10_000_000, description="The largest body of a REST request."
    )
    max_payload_bytes: int = Field(
        default=100_000, ge=4096, le=10_000_000, description="The largest frame that a client may send over a socket."
    )
    max_buffered_bytes: int = Field(
        default=1_000_000,
        ge=65_536,
        le=100_000_000,
        description="The largest send buffer of a socket whose client reads slowly. When it is full, the socket is "
        "closed, and the client reconnects and resumes. Six of the longest messages always fit.",
    )
    max_connections_per_address: int = Field(
        default=1000,
        ge=0,
        le=1_000_000,
        description="Connections of any kind, and Socket.IO sessions, that one address may hold. IPv6 is counted by "
        "/64 network. 0: no limit. Behind a reverse proxy, set `HYRED_TRUSTED_PROXIES` as well.",
    )
    max_handshakes_per_second: int = Field(
        default=500,
        ge=0,
        le=100_000,
        description="Socket.IO handshakes that a process accepts per second, for when all clients reconnect at once. "
        "One address gets at most half. Others get 503, and retry by themselves. 0: no limit.",
    )
    max_rooms_per_socket: int = Field(
        default=1000, ge=1, le=100_000, description="Rooms that one socket may be in at once."
    )

    def check(self, *, in_production: bool) -> None:
        """The longest message must fit into a request. Raises `ConfigurationError`."""
        super().check(in_production=in_production)
        needed_bytes = _MAX_ESCAPED_BYTES_PER_CHAR * self.max_message_chars + self.max_metadata_bytes + _ENVELOPE_BYTES
        for name in ("max_body_bytes", "max_payload_bytes"):
            if getattr(self, name) < needed_bytes:
                sentence = f"must be at least {needed_bytes}, so that the longest message and its metadata fit."
                raise ConfigurationError(variable_of(name), sentence)

    @property
    def buffered_bytes(self) -> int:
        """What may wait for a slow socket, as it is kept: `max_buffered_bytes`, or more where messages are long."""
        longest = _MAX_UTF8_BYTES_PER_CHAR * self.max_message_chars + self.max_metadata_bytes + _SENDER_BYTES
        return max(self.max_buffered_bytes, _MESSAGES_PER_BUFFER * longest)

    @property
    def page_bytes(self) -> int:
        """The bound of an answer with messages: it never outgrows the buffer of a socket that has read the rest."""
        return min(PAGE_BYTES, self.buffered_bytes // _PAGES_PER_BUFFER)


class RateLimits(Subject):
    """What one person may do in a time."""

    title: ClassVar[str] = "Rate limits, per person"

    rate_limit_messages_burst: int = Field(
        default=60, ge=1, le=100_000, description="Messages that a person may send in a burst."
    )
    rate_limit_messages_per_minute: int = Field(
        default=600,
        ge=0,
        le=10_000_000,
        description="Messages that a person may send per minute, sustained. 0: no limit.",
    )
    rate_limit_events_burst: int = Field(
        default=240, ge=1, le=100_000, description="Other socket events of a person in a burst."
    )
    rate_limit_events_per_minute: int = Field(
        default=3000,
        ge=0,
        le=10_000_000,
        description="Other socket events of a person per minute, sustained. 0: no limit.",
    )
    rate_limit_requests_burst: int = Field(
        default=240, ge=1, le=100_000, description="REST requests of a person in a burst."
    )
    rate_limit_requests_per_minute: int = Field(
        default=3000, ge=0, le=10_000_000, description="REST requests of a person per minute, sustained. 0: no limit."
    )
    rate_limit_new_rooms_per_hour: int = Field(
        default=20,
        ge=0,
        le=1_000_000,
        description="New conversations that a person may open within any hour. Conversations that admins open, or that "
        "are opened with admins, are not limited. 0: no limit.",
    )
    rate_limit_reports_per_hour: int = Field(
        default=20,
        ge=0,
        le=1_000_000,
        description="Reports that a person may make within any hour. 0: no limit.",
    )
