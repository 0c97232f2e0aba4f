"""The Engine.IO session's state machine."""

import pytest

from hyred_chat.socketio import Encoded, PacketError, Session, reasons
from tests.unit.socketio.fakes import RecordingKeeper, RecordingReceiver, RecordingTransport, new_request, new_session


@pytest.fixture
def transport() -> RecordingTransport:
    return RecordingTransport()


@pytest.fixture
def keeper() -> RecordingKeeper:
    return RecordingKeeper()


@pytest.fixture
def receiver() -> RecordingReceiver:
    return RecordingReceiver()


@pytest.fixture
def session(transport: RecordingTransport, keeper: RecordingKeeper, receiver: RecordingReceiver) -> Session:
    session = new_session(transport, keeper)
    session.receiver = receiver
    return session


def test_messages_go_to_the_receiver(session: Session, receiver: RecordingReceiver) -> None:
    session.packet_received(b"4hello")
    session.binary_received(b"\1")
    assert receiver.received == [b"4hello", b"\1"]


@pytest.mark.parametrize("packet", [b"", b"0{}", b"2", b"2probe", b"5", b"6", b"7", b"abc", b"\x1e"])
def test_packets_that_no_client_may_send_are_refused(session: Session, packet: bytes) -> None:
    with pytest.raises(PacketError):
        session.packet_received(packet)


def test_a_pong_schedules_the_next_ping_and_pongs_that_nobody_asked_for_do_not(
    session: Session, keeper: RecordingKeeper, transport: RecordingTransport
) -> None:
    session.packet_received(b"3")
    assert keeper.pings == []
    session.ping(12.5)
    assert transport.sent == [b"2"]
    assert session.ping_sent_at == 12.5
    session.packet_received(b"3")
    session.packet_received(b"3")
    assert keeper.pings == ["sid"]
    assert session.ping_sent_at == 0


def test_a_session_ends_once_and_is_silent_from_then_on(
    session: Session, keeper: RecordingKeeper, transport: RecordingTransport, receiver: RecordingReceiver
) -> None:
    session.packet_received(b"1")
    session.end(reasons.FORCED_CLOSE)
    session.packet_received(b"4hello")
    session.packet_received(b"abc")
    session.binary_received(b"\1")
    session.send(Encoded(b"4hello"))
    assert receiver.closed == transport.closed == [reasons.TRANSPORT_CLOSE]
    assert receiver.received == transport.sent == []
    assert keeper.forgotten == [session]


def test_a_request_keeps_its_headers_and_query_for_whoever_asks() -> None:
    request = new_request(
        b"EIO=4&transport=polling&name=M%C3%A4x&empty=&EIO=5", b"host: chat\r\ncookie: a\r\ncookie: b"
    )
    assert request.headers == {"host": "chat", "cookie": "a, b"}
    assert request.query == {"EIO": "5", "transport": "polling", "name": "Mäx", "empty": ""}
