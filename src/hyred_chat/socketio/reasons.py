"""Why a session or a socket ended: the strings that disconnect handlers get. The first eight are Node's."""

from typing import Final

TRANSPORT_CLOSE: Final = "transport close"
TRANSPORT_ERROR: Final = "transport error"
PARSE_ERROR: Final = "parse error"
PING_TIMEOUT: Final = "ping timeout"
FORCED_CLOSE: Final = "forced close"
CLIENT_DISCONNECT: Final = "client namespace disconnect"
SERVER_DISCONNECT: Final = "server namespace disconnect"
SERVER_SHUTTING_DOWN: Final = "server shutting down"
SLOW_CLIENT: Final = "too slow to read"
TOO_BUSY: Final = "server too busy"
TOO_MANY_PACKETS: Final = "too many packets"

OF_SESSIONS: Final = (
    TRANSPORT_CLOSE,
    TRANSPORT_ERROR,
    PARSE_ERROR,
    PING_TIMEOUT,
    FORCED_CLOSE,
    SERVER_SHUTTING_DOWN,
    SLOW_CLIENT,
    TOO_BUSY,
    TOO_MANY_PACKETS,
)
