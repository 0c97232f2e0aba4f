"""HTTP connections that do not wait for ever: uvicorn itself bounds only the pause between two requests."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# From the first byte of a request, or from the connection, to the end of its headers.
HEADERS_TIMEOUT_SECONDS = 20.0


class PatientHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol (tested with 0.54.0), which closes connections whose request does not come."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The clock runs until there are headers."""
        super().connection_made(transport)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody waits any more."""
        self._stop_clock()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins: a new one has its own time."""
        self._start_clock()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The request is here, or an upgrade to WebSocket, which has clocks of its own."""
        self._stop_clock()
        super().on_headers_complete()

    def _start_clock(self) -> None:
        self._stop_clock()
        self._deadline = self.loop.call_later(HEADERS_TIMEOUT_SECONDS, self.transport.abort)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
