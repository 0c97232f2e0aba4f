"""What ended sessions have left for their clients' next polls."""

import pytest

from hyred_chat.socketio import engine, reasons
from hyred_chat.socketio.engine import EngineServer
from hyred_chat.socketio.engine_packets import Encoded
from hyred_chat.socketio.session import Session
from hyred_chat.socketio.settings import ServerSettings
from tests.unit.socketio.fakes import RecordingReceiver, new_request


async def test_they_are_bounded_by_their_bytes_and_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MAX_FAREWELL_BYTES", 25_000)
    sessions: list[Session] = []

    def receive(session: Session) -> RecordingReceiver:
        sessions.append(session)
        return RecordingReceiver()

    server = EngineServer(ServerSettings(), receive)
    for _ in range(4):
        server.open_polling(new_request()).take_payload()
        sessions[-1].send(Encoded(b"4" + b"x" * 10_000))
        sessions[-1].end(reasons.FORCED_CLOSE)
    farewells = [server.take_farewell(session.sid) for session in sessions]
    assert [farewell is not None for farewell in farewells] == [False, False, True, True]
    for session in sessions[2:]:
        assert server.take_farewell(session.sid) == b"1"
    assert server._farewell_bytes == 0
    await server.close()
