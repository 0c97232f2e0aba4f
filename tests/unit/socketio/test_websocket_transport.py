"""The WebSocket transport between picows and a session, without a connection: writes, frames, upgrades."""

import asyncio
from typing import cast

import pytest
from picows import WSCloseCode, WSFrame, WSMsgType, WSTransport
from picows.picows import _make_test_ws_frame

from hyred_chat.socketio import Encoded, Session, reasons
from hyred_chat.socketio.outboxes import Outboxes
from hyred_chat.socketio.polling import Polling
from hyred_chat.socketio.requests import Request
from hyred_chat.socketio.turns import Allowance, Turns
from hyred_chat.socketio.upgrades import Upgrade
from hyred_chat.socketio.websocket import Shared, WebSocket
from tests.unit.socketio.fakes import RecordingKeeper, RecordingReceiver, new_request, new_session

MAX_PAYLOAD_BYTES = 100
MAX_BUFFERED_BYTES = 1000


class Connection:
    """The loop's transport."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.waiting_bytes = 0
        self.is_aborted = False
        self.is_broken = False
        self.is_open = True
        self.resumed = asyncio.Event()
        self.resumed.set()

    @property
    def is_paused(self) -> bool:
        return not self.resumed.is_set()

    def pause_reading(self) -> None:
        self.resumed.clear()

    def resume_reading(self) -> None:
        self.resumed.set()

    def is_reading(self) -> bool:
        return not self.is_paused

    def write(self, data: bytes) -> None:
        assert self.is_open, "nothing may follow a close frame"
        if self.is_broken:
            raise MemoryError
        self.written.append(data)

    def get_write_buffer_size(self) -> int:
        return self.waiting_bytes

    def abort(self) -> None:
        self.is_aborted = True


class Transport:
    """picows's transport."""

    def __init__(self) -> None:
        self.underlying_transport = Connection()
        self.is_close_frame_sent = False
        self.close_codes: list[WSCloseCode] = []

    def send_close(self, code: WSCloseCode) -> None:
        if not self.is_close_frame_sent:
            self.underlying_transport.is_open = False
            self.close_codes.append(code)
        self.is_close_frame_sent = True

    def disconnect(self) -> None:
        assert self.is_close_frame_sent


class Peer:
    """What gets the packets."""

    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket
        self.received: list[bytes] = []
        self.ended: list[str] = []
        self.allowance: Allowance | None = None

    def packet_received(self, packet: bytes) -> None:
        if packet == b"fault":
            raise RuntimeError("on purpose")
        self.received.append(packet)

    def binary_received(self, message: bytes) -> None:
        self.received.append(b"binary:" + message)

    def end(self, reason: str) -> None:
        self.ended.append(reason)
        self.websocket.close(reason)


class Opened:
    """A WebSocket after its handshake, and everything around it."""

    def __init__(self, outboxes: Outboxes | None = None) -> None:
        self.transport = Transport()
        self.connection = self.transport.underlying_transport
        self.websocket = WebSocket(
            new_request(), Shared(outboxes or Outboxes(MAX_BUFFERED_BYTES), Turns(), MAX_PAYLOAD_BYTES), self._open
        )
        self.websocket.on_ws_connected(cast("WSTransport", self.transport))

    def _open(self, websocket: WebSocket, request: Request) -> None:
        assert request.method == "GET"
        self.peer = websocket.peer = Peer(websocket)

    def take(self, *frames: WSFrame) -> None:
        for each in frames:
            self.websocket.on_ws_frame(cast("WSTransport", self.transport), each)


@pytest.fixture
async def opened() -> Opened:
    return Opened()


def frame(
    payload: bytes, kind: WSMsgType = WSMsgType.TEXT, *, is_last: bool = True, is_compressed: bool = False
) -> WSFrame:
    return _make_test_ws_frame(kind, payload, is_last, is_compressed)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_everything_sent_in_one_turn_of_the_loop_is_one_write(opened: Opened) -> None:
    for text in (b"4a", b"4b", b"4c"):
        opened.websocket.send(Encoded(text))
    assert opened.connection.written == []
    await asyncio.sleep(0)
    assert opened.connection.written == [b"\x81\x024a\x81\x024b\x81\x024c"]
    opened.websocket.send(Encoded(b"4d"))
    await asyncio.sleep(0)
    assert opened.connection.written[1:] == [b"\x81\x024d"]


async def test_what_was_sent_before_a_close_goes_out_first(opened: Opened) -> None:
    opened.websocket.send(Encoded(b"41"))
    opened.websocket.close(reasons.FORCED_CLOSE)
    assert opened.connection.written == [b"\x81\x0241"]
    assert opened.transport.close_codes == [WSCloseCode.OK]
    opened.websocket.send(Encoded(b"4late"))
    await asyncio.sleep(0)
    assert len(opened.connection.written) == 1


async def test_a_client_that_does_not_read_is_cut_off_past_the_bound(opened: Opened) -> None:
    opened.websocket.pause_writing()
    opened.connection.waiting_bytes = MAX_BUFFERED_BYTES
    opened.websocket.send(Encoded(b"4a"))
    await asyncio.sleep(0)
    assert not opened.connection.is_aborted
    opened.connection.waiting_bytes += 1
    opened.websocket.send(Encoded(b"4b"))
    await asyncio.sleep(0)
    assert opened.connection.is_aborted
    assert opened.peer.ended == [reasons.SLOW_CLIENT]


async def test_no_session_goes_on_without_what_could_not_be_written() -> None:
    outboxes = Outboxes(MAX_BUFFERED_BYTES)
    broken, other = Opened(outboxes), Opened(outboxes)
    broken.connection.is_broken = True
    for each in (broken, other):
        each.websocket.send(Encoded(b"4lost"))
    await asyncio.sleep(0)
    broken.connection.is_broken = False
    broken.websocket.send(Encoded(b"4next"))
    await settle()
    assert broken.connection.written == []
    assert broken.connection.is_aborted
    assert broken.peer.ended == [reasons.TRANSPORT_ERROR]
    assert other.connection.written == [b"\x81\x054lost"]
    assert other.peer.ended == []


async def test_fragments_are_joined(opened: Opened) -> None:
    opened.take(
        frame(b"4he", is_last=False),
        frame(b"", WSMsgType.CONTINUATION, is_last=False),
        frame(b"llo", WSMsgType.CONTINUATION),
        frame(b"\1", WSMsgType.BINARY, is_last=False),
        frame(b"\2", WSMsgType.CONTINUATION),
        frame("4né".encode()[:3], is_last=False),
        frame("4né".encode()[3:], WSMsgType.CONTINUATION),
        frame(b"3"),
    )
    await settle()
    assert opened.peer.received == [b"4hello", b"binary:\1\2", "4né".encode(), b"3"]


@pytest.mark.parametrize(
    ("frames", "code", "reason"),
    [
        ([frame(b"4\xff")], WSCloseCode.INVALID_TEXT, reasons.TRANSPORT_ERROR),
        ([frame(b"x", WSMsgType.CONTINUATION)], WSCloseCode.PROTOCOL_ERROR, reasons.TRANSPORT_ERROR),
        ([frame(b"4a", is_last=False), frame(b"4b")], WSCloseCode.PROTOCOL_ERROR, reasons.TRANSPORT_ERROR),
        ([frame(b"4a", is_compressed=True)], WSCloseCode.PROTOCOL_ERROR, reasons.TRANSPORT_ERROR),
        (
            [frame(b"4" * 60, is_last=False), frame(b"4" * 60, WSMsgType.CONTINUATION, is_last=False)],
            WSCloseCode.MESSAGE_TOO_BIG,
            reasons.TRANSPORT_ERROR,
        ),
        ([frame(b"\x03\xe8", WSMsgType.CLOSE)], WSCloseCode.OK, reasons.TRANSPORT_CLOSE),
        ([frame(b"fault")], WSCloseCode.INTERNAL_ERROR, reasons.TRANSPORT_ERROR),
    ],
    ids=["not UTF-8", "continues nothing", "inside a fragmented one", "compressed", "too long", "closed", "our fault"],
)
async def test_frames_that_end_the_connection(
    opened: Opened, frames: list[WSFrame], code: WSCloseCode, reason: str
) -> None:
    opened.websocket.send(Encoded(b"4early"))
    opened.take(*frames, frame(b"4late"))
    await settle()
    assert opened.connection.written == [b"\x81\x064early"]
    assert opened.transport.close_codes == [code]
    assert opened.peer.ended == [reason]
    assert opened.peer.received == []


async def test_frames_that_picows_parses_after_it_refused_one_are_ignored(opened: Opened) -> None:
    opened.transport.send_close(WSCloseCode.MESSAGE_TOO_BIG)
    opened.take(frame(b"4late"))
    assert opened.peer.received == []


async def test_a_message_behind_the_last_fragment_of_another_is_still_text(opened: Opened) -> None:
    opened.take(frame(b"4he", is_last=False))
    await settle()
    opened.take(frame(b"llo", WSMsgType.CONTINUATION), frame(b"4a"))
    await settle()
    opened.take(frame(b"4b"))
    assert opened.peer.received == [b"4hello", b"4a", b"4b"]


async def test_a_message_inside_a_fragmented_one_ends_the_connection_also_when_it_comes_later(opened: Opened) -> None:
    opened.take(frame(b"4he", is_last=False))
    await settle()
    opened.take(frame(b"4a"))
    await settle()
    assert opened.transport.close_codes == [WSCloseCode.PROTOCOL_ERROR]


async def test_a_small_message_that_comes_alone_is_taken_at_once(opened: Opened) -> None:
    opened.take(frame(b"4a"))
    assert opened.peer.received == [b"4a"]


async def test_a_large_message_waits_for_its_turn_and_nothing_is_read_until_then(opened: Opened) -> None:
    large = b"4" * 5000
    opened.take(frame(large))
    assert opened.connection.is_paused
    assert opened.peer.received == []
    opened.take(frame(b"4small"))
    await settle()
    assert opened.peer.received == [large, b"4small"]
    assert not opened.connection.is_paused
    opened.take(frame(b"4at once"))
    assert opened.peer.received[2:] == [b"4at once"]


async def test_many_frames_that_wait_hold_their_sender_back(opened: Opened) -> None:
    opened.take(frame(b"4" * 5000), *(frame(b"4%d" % number) for number in range(300)))
    assert opened.connection.is_paused
    async with asyncio.timeout(5):
        await opened.connection.resumed.wait()
    assert opened.peer.received[1:] == [b"4%d" % number for number in range(300)]


async def test_what_came_before_the_end_of_the_connection_is_taken_first(opened: Opened) -> None:
    opened.take(frame(b"4" * 5000), frame(b"4a"))
    opened.websocket.on_ws_disconnected(cast("WSTransport", opened.transport))
    assert opened.peer.ended == []
    await settle()
    assert opened.peer.received[1:] == [b"4a"]
    assert opened.peer.ended == [reasons.TRANSPORT_CLOSE]


async def test_what_waits_is_dropped_when_the_session_ends(opened: Opened) -> None:
    opened.take(frame(b"4" * 5000), frame(b"4a"))
    opened.websocket.close(reasons.FORCED_CLOSE)
    await settle()
    assert opened.peer.received == []


@pytest.mark.parametrize(
    "flood",
    [
        frame(b"3"),
        frame(b"4a"),
        frame(b"", WSMsgType.PING),
        frame(b"", WSMsgType.PONG),
        frame(b"x", WSMsgType.BINARY),
        frame(b"", WSMsgType.CONTINUATION, is_last=False),
    ],
    ids=["pong", "text", "ping frame", "pong frame", "binary", "empty fragment"],
)
async def test_a_stranger_may_send_so_many_frames_and_no_more_whatever_they_are(opened: Opened, flood: WSFrame) -> None:
    opened.peer.allowance = Allowance(16, 1000, 0.0)
    opened.take(frame(b"4", is_last=False), *[flood] * 15)
    assert opened.peer.ended == []
    opened.take(flood)
    assert opened.peer.ended == [reasons.TOO_MANY_PACKETS]
    assert opened.transport.close_codes == [WSCloseCode.POLICY_VIOLATION]


async def test_a_stranger_s_bytes_are_counted_before_anything_is_made_of_them(opened: Opened) -> None:
    opened.peer.allowance = Allowance(16, 1000, 0.0)
    opened.take(frame(b"4" * 1001))
    assert opened.peer.ended == [reasons.TOO_MANY_PACKETS]
    await settle()
    assert opened.peer.received == []


class Upgrading:
    """A session that polls, with one message to fetch, and the WebSocket that wants to take over."""

    def __init__(self) -> None:
        self.opened = Opened()
        self.websocket = self.opened.websocket
        self.polling = Polling(MAX_BUFFERED_BYTES, lambda: None)
        self.receiver = RecordingReceiver()
        self.session: Session = new_session(keeper=RecordingKeeper())
        self.session.transport, self.session.receiver = self.polling, self.receiver
        self.session.upgrade = self.websocket.peer = Upgrade(self.session, self.polling, self.websocket, 0.0)

    async def say(self, *packets: bytes) -> list[bytes]:
        self.opened.take(*map(frame, packets))
        await asyncio.sleep(0)
        return self.opened.connection.written


@pytest.fixture
async def upgrading() -> Upgrading:
    return Upgrading()


async def test_an_upgrade_takes_along_what_was_not_fetched(upgrading: Upgrading) -> None:
    assert await upgrading.say(b"2probe") == [b"\x81\x063probe"]
    assert upgrading.polling.take_payload() == b"6"
    upgrading.session.send(Encoded(b"4waiting"))
    written = await upgrading.say(b"5", b"4hello")
    assert written[1:] == [b"\x81\x084waiting"]
    assert upgrading.receiver.received == [b"4hello"]
    assert upgrading.session.transport is upgrading.websocket
    assert upgrading.session.upgrade is None


@pytest.mark.parametrize(
    "packets", [[b"5"], [b"4hello"], [b"2probe", b"2probe"], [b"2probe", b"4hello"], [b"2"], [b""]]
)
async def test_an_upgrade_that_breaks_the_rules_leaves_the_session_polling(
    upgrading: Upgrading, packets: list[bytes]
) -> None:
    await upgrading.say(*packets)
    assert upgrading.opened.transport.close_codes == [WSCloseCode.PROTOCOL_ERROR]
    assert upgrading.session.is_open
    assert upgrading.session.transport is upgrading.polling
    assert upgrading.session.upgrade is None
    upgrading.polling.take_payload()
    assert not upgrading.polling.has_payload()


async def test_a_session_that_ends_takes_its_upgrade_along(upgrading: Upgrading) -> None:
    upgrading.session.end(reasons.PING_TIMEOUT)
    assert upgrading.opened.transport.is_close_frame_sent
    assert upgrading.session.upgrade is None
    assert upgrading.receiver.closed == [reasons.PING_TIMEOUT]
