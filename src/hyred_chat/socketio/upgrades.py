"""The upgrade of a session from polling to a WebSocket (Engine.IO protocol, "Upgrade")."""

from typing import Final

from hyred_chat.socketio import reasons
from hyred_chat.socketio.engine_packets import Encoded
from hyred_chat.socketio.polling import Polling
from hyred_chat.socketio.session import Session
from hyred_chat.socketio.turns import Allowance
from hyred_chat.socketio.websocket import WebSocket

_PROBE: Final = b"2probe"
_PROBED: Final = Encoded(b"3probe")
_UPGRADE: Final = b"5"


class Upgrade:
    """A WebSocket that wants to carry a session that polls. It gets that WebSocket's packets until it does.

    Attributes:
        started_at: loop time.
    """

    __slots__ = ("_is_probed", "_polling", "_session", "_websocket", "started_at")

    def __init__(self, session: Session, polling: Polling, websocket: WebSocket, started_at: float) -> None:
        self._session = session
        self._polling = polling
        self._websocket = websocket
        self._is_probed = False
        self.started_at = started_at

    @property
    def allowance(self) -> Allowance | None:
        """What the client may still send, over both transports together; None when there is no such limit."""
        return self._session.allowance

    def packet_received(self, packet: bytes) -> None:
        """Take a text packet from the WebSocket: the probe, then the upgrade. Anything else ends the attempt."""
        if packet == _PROBE and not self._is_probed:
            self._is_probed = True
            self._websocket.send(_PROBED)
            self._polling.start_probe()
        elif packet == _UPGRADE and self._is_probed:
            self._finish()
        else:
            self.end(reasons.PARSE_ERROR)

    def binary_received(self, message: bytes) -> None:  # noqa: ARG002 (a transport's peer has this signature)
        """Take a binary message from the WebSocket: there is none to expect."""
        self.end(reasons.PARSE_ERROR)

    def end(self, reason: str) -> None:
        """Give up: the WebSocket is closed, and the session goes on polling."""
        self._session.upgrade = None
        self._polling.stop_probe()
        self._websocket.close(reason)

    def _finish(self) -> None:
        session = self._session
        session.upgrade = None
        session.transport = self._websocket
        self._websocket.peer = session
        for encoded in self._polling.retire():
            self._websocket.send(encoded)
