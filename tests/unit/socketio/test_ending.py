"""How a server that is closed ends its sessions: evenly, those that wait still served."""

import asyncio

from hyred_chat.socketio import Encoded, Session, reasons
from hyred_chat.socketio.engine import EngineServer
from hyred_chat.socketio.settings import ServerSettings
from tests.unit.socketio.fakes import RecordingReceiver, new_request

SESSIONS = 100
OVER_SECONDS = 0.2


async def test_sessions_are_ended_evenly_and_those_that_wait_are_served() -> None:
    sessions: list[Session] = []
    receivers: list[RecordingReceiver] = []

    def receive(session: Session) -> RecordingReceiver:
        sessions.append(session)
        receivers.append(RecordingReceiver())
        return receivers[-1]

    server = EngineServer(ServerSettings(), receive)
    pollings = [server.open_polling(new_request()) for _ in range(SESSIONS)]
    loop = asyncio.get_running_loop()
    started_at = loop.time()
    closing = asyncio.create_task(server.close(over_seconds=OVER_SECONDS))
    await asyncio.sleep(0)
    assert SESSIONS / 2 < server.session_count < SESSIONS
    waiting = sessions[-1]
    pollings[-1].take_payload()
    waiting.send(Encoded(b"4still here"))
    assert pollings[-1].take_payload() == b"4still here"
    waiting.packet_received(b"4me too")
    assert receivers[-1].received == [b"4me too"]
    await closing
    assert loop.time() - started_at > OVER_SECONDS / 2
    assert server.session_count == 0
    assert all(receiver.closed == [reasons.SERVER_SHUTTING_DOWN] for receiver in receivers)


async def test_without_a_time_they_are_ended_at_once() -> None:
    server = EngineServer(ServerSettings(), lambda _: RecordingReceiver())
    server.open_polling(new_request())
    await server.close()
    assert server.session_count == 0
