"""Stand-ins for what is outside a session: its transport, and its server."""

import time

from hyred_chat.socketio import Encoded
from hyred_chat.socketio.requests import Request
from hyred_chat.socketio.session import Session


class RecordingTransport:
    """Keeps what a session sends."""

    def __init__(self) -> None:
        self.sent: list[bytes | None] = []
        self.closed: list[str] = []

    def send(self, encoded: Encoded) -> None:
        self.sent.append(encoded.text)
        self.sent.extend(encoded.attachments)

    async def drain(self) -> None:
        """Everything is taken at once."""

    def close(self, reason: str) -> list[bytes]:
        self.closed.append(reason)
        return []


class RecordingKeeper:
    """Keeps what a session asks of its server."""

    def __init__(self) -> None:
        self.pings: list[str] = []
        self.forgotten: list[Session] = []
        self.farewell: list[bytes] = []

    def schedule_ping(self, sid: str) -> None:
        self.pings.append(sid)

    def forget(self, session: Session, _reason: str, farewell: list[bytes]) -> None:
        self.farewell = farewell
        self.forgotten.append(session)


class RecordingReceiver:
    """Keeps what a session delivers."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.closed: list[str] = []

    def text_received(self, packet: bytes) -> None:
        self.received.append(packet)

    def binary_received(self, message: bytes) -> None:
        self.received.append(message)

    def session_closed(self, reason: str) -> None:
        self.closed.append(reason)


def new_request(query_string: bytes = b"EIO=4&transport=polling", headers: bytes = b"host: chat") -> Request:
    request = Request("GET", "/socket.io/", query_string, headers, "192.0.2.1")
    assert abs(request.received_at - time.time()) < 60
    return request


def new_session(transport: RecordingTransport | None = None, keeper: RecordingKeeper | None = None) -> Session:
    return Session("sid", new_request(), transport or RecordingTransport(), keeper or RecordingKeeper())
