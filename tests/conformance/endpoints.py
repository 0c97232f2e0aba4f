"""Where a server under test is found, and the addresses that the two transports use."""

from dataclasses import dataclass
from urllib.parse import urlencode

PING_INTERVAL_SECONDS = 0.3
PING_TIMEOUT_SECONDS = 0.2
CONNECT_TIMEOUT_SECONDS = 1.0
MAX_PAYLOAD_BYTES = 1_000_000

# How long a test waits for something that should happen at once, and the echo apps for an answer.
PATIENCE_SECONDS = 5.0
# By how much something may be later than its time, by what else the machine does.
LATE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server's address: 127.0.0.1, a port, and the path that Engine.IO lives at."""

    port: int
    path: str = "/socket.io/"

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self.port}"

    def polling(self, *, sid: str | None = None, **changes: str | None) -> str:
        """The address of a polling request; `changes` replace query parameters, None leaves one out."""
        return self._address("http", {"EIO": "4", "transport": "polling", "sid": sid, **changes})

    def websocket(self, *, sid: str | None = None, **changes: str | None) -> str:
        """The address of a WebSocket; `changes` replace query parameters, None leaves one out."""
        return self._address("ws", {"EIO": "4", "transport": "websocket", "sid": sid, **changes})

    def _address(self, scheme: str, query: dict[str, str | None]) -> str:
        given = urlencode({name: value for name, value in query.items() if value is not None})
        return f"{scheme}://127.0.0.1:{self.port}{self.path}?{given}"
