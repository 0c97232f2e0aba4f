"""What a session's messages do to its sockets, without any transport."""

import asyncio
import logging
from typing import Any

import pytest

from hyred_chat.socketio import (
    ConnectionRefused,
    Event,
    Handshake,
    Namespace,
    PacketError,
    ServerSettings,
    Session,
    Socket,
    SocketServer,
    reasons,
)
from hyred_chat.socketio.clients import Client
from hyred_chat.socketio.sockets import MAX_HELD_MESSAGES
from tests.unit.socketio.fakes import RecordingTransport, new_session

PATIENCE_SECONDS = 5


class Talk:
    """A server, one session of it, and what that session was sent."""

    def __init__(self, **settings: Any) -> None:
        self.server = SocketServer(ServerSettings(**settings))
        self.namespace = self.server.namespace()
        self.transport = RecordingTransport()
        self.session: Session = new_session(self.transport)
        self.session.receiver = self.client = Client(self.server, self.session)

    def say(self, *said: str | bytes) -> None:
        for message in said:
            if isinstance(message, str):
                self.session.packet_received(message.encode())
            else:
                self.session.binary_received(message)

    async def connect(self, packet: str = "40", namespace: Namespace | None = None) -> Socket:
        self.say(packet)
        namespace = namespace or self.namespace
        await self.settle()
        socket = next(iter(namespace.sockets.values()))
        self.transport.sent.clear()
        return socket

    async def settle(self) -> None:
        """Until the tasks that could run have run."""
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
async def talk() -> Talk:
    return Talk()


async def test_a_handler_decides_before_the_client_is_told(talk: Talk) -> None:
    seen: list[Handshake] = []

    @talk.namespace.on_connect
    async def connect(socket: Socket, handshake: Handshake) -> None:
        seen.append(handshake)
        socket.join("room")
        socket.emit("welcome")
        talk.namespace.emit("news", room="room")
        assert not socket.connected
        assert not talk.namespace.sockets

    talk.say('40{"token":"t"}')
    await talk.settle()
    (socket,) = talk.namespace.sockets.values()
    assert talk.transport.sent == [b'40{"sid":"%b"}' % socket.sid.encode(), b'42["welcome"]', b'42["news"]']
    assert socket.connected
    assert seen[0].auth == {"token": "t"}
    assert (seen[0].address, seen[0].headers, seen[0].query["EIO"]) == ("192.0.2.1", {"host": "chat"}, "4")


async def test_a_refusal_says_why_and_leaves_nothing(talk: Talk) -> None:
    departures: list[str] = []
    talk.namespace.on_disconnect(lambda _, reason: departures.append(reason))

    @talk.namespace.on_connect
    async def connect(socket: Socket, _: Handshake) -> None:
        socket.join("room")
        raise ConnectionRefused("No", {"code": "no"})

    talk.say("40")
    await talk.settle()
    assert talk.transport.sent == [b'44{"message":"No","data":{"code":"no"}}']
    assert not talk.namespace.sockets
    assert not talk.namespace.sockets_in("room")
    talk.say("40")
    await talk.settle()
    assert len(talk.transport.sent) == 2
    talk.session.end(reasons.FORCED_CLOSE)
    assert departures == []


async def test_a_connect_handler_that_fails_refuses_and_tells_nothing(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    @talk.namespace.on_connect
    async def connect(_: Socket, __: Handshake) -> None:
        raise RuntimeError("secret")

    talk.say("40")
    await talk.settle()
    assert talk.transport.sent == [b'44{"message":"Internal server error"}']
    assert "secret" in caplog.text


@pytest.mark.parametrize("how", ["41", "1"])
async def test_a_connect_handler_is_cancelled_when_the_client_leaves(talk: Talk, how: str) -> None:
    cancelled = asyncio.Event()

    @talk.namespace.on_connect
    async def connect(socket: Socket, _: Handshake) -> None:
        socket.join("room")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    talk.say("40")
    await talk.settle()
    talk.say(how)
    await asyncio.wait_for(cancelled.wait(), PATIENCE_SECONDS)
    await talk.settle()
    assert not talk.namespace.sockets
    assert not talk.namespace.sockets_in("room")
    assert talk.transport.sent == []
    assert not talk.server.tasks._running


@pytest.mark.parametrize(
    "said",
    [
        ['42["a"]'],
        ["41"],
        ["430[]"],
        ["40", '42["a"]'],
        [b"\1"],
        ["40/other,", '42/other,["a"]'],
        ['451-["a",{"_placeholder":true,"num":0}]', '42["a"]'],
        ['451-["a",{"_placeholder":true,"num":1}]', b"\1"],
        ['450-["a",{"_placeholder":true,"num":0}]'],
    ],
    ids=repr,
)
async def test_packets_out_of_place_are_refused(talk: Talk, said: list[str | bytes]) -> None:
    with pytest.raises(PacketError):
        talk.say(*said)
    talk.session.end(reasons.PARSE_ERROR)
    await talk.settle()


async def test_asking_twice_to_connect_connects_once(talk: Talk) -> None:
    talk.say("40", "40")
    await talk.settle()
    assert len(talk.namespace.sockets) == len(talk.transport.sent) == 1


async def test_connecting_when_connected_is_refused(talk: Talk) -> None:
    await talk.connect()
    with pytest.raises(PacketError):
        talk.say("40")


@pytest.mark.parametrize("is_known", [False, True])
async def test_unknown_namespaces_are_refused_and_not_remembered_and_too_many_end_the_session(
    talk: Talk, is_known: bool
) -> None:
    if is_known:
        await talk.connect()
    for number in range(3000):
        talk.say(f"40/n{number},")
    assert len(talk.transport.sent) == 17
    assert talk.transport.sent[7] == b'44/n7,{"message":"Invalid namespace"}'
    assert talk.transport.closed == [reasons.TOO_MANY_PACKETS]
    assert talk.client._sockets() == []


async def test_refusals_are_forgotten_with_the_next_success(talk: Talk) -> None:
    for _ in range(5):
        for number in range(16):
            talk.say(f"40/n{number},")
        await talk.connect()
        talk.say("41")
    assert talk.session.is_open


async def test_attachments_are_bounded_together() -> None:
    talk = Talk(max_payload_bytes=100)
    await talk.connect()
    talk.say('452-["a",{"_placeholder":true,"num":0}]', b"x" * 60)
    with pytest.raises(PacketError):
        talk.say(b"x" * 60)


async def test_binary_events_arrive_whole(talk: Talk) -> None:
    events: list[Event] = []
    talk.namespace.on_any(events.append)
    await talk.connect()
    talk.say('452-12["file",{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}]', b"\1", b"\2")
    assert (events[0].name, events[0].args) == ("file", [{"a": b"\2"}, b"\1"])
    events[0].acknowledge(b"\3")
    assert talk.transport.sent == [b'461-12[{"_placeholder":true,"num":0}]', b"\3"]


async def one_asked_for_and_one_not(talk: Talk) -> list[Event]:
    """Two events, of which the client wants the first acknowledged."""
    events: list[Event] = []
    talk.namespace.on("a")(events.append)
    await talk.connect()
    talk.say('420["a"]', '42["a"]')
    return events


async def test_an_event_is_acknowledged_once_and_only_when_asked_for(talk: Talk) -> None:
    asked, not_asked = await one_asked_for_and_one_not(talk)
    assert asked.wants_acknowledgement
    assert not not_asked.wants_acknowledgement
    with pytest.raises(TypeError):
        asked.acknowledge(object())
    asked.acknowledge(1)
    asked.acknowledge(2)
    not_asked.acknowledge(3)
    assert talk.transport.sent == [b"430[1]"]


async def test_an_acknowledgement_in_json_is_sent_once_and_only_when_asked_for(talk: Talk) -> None:
    asked, not_asked = await one_asked_for_and_one_not(talk)
    asked.acknowledge_encoded(b'{"success":true}')
    asked.acknowledge_encoded(b"{}")
    not_asked.acknowledge_encoded(b"{}")
    assert talk.transport.sent == [b'430[{"success":true}]']


async def test_coroutine_handlers_run_one_after_another_in_order(talk: Talk) -> None:
    log: list[str] = []
    gate = asyncio.Event()

    @talk.namespace.on("slow")
    async def slow(event: Event) -> None:
        log.append(f"start {event.args[0]}")
        await gate.wait()
        log.append(f"end {event.args[0]}")

    @talk.namespace.on("fast")
    def fast(event: Event) -> None:
        log.append(f"fast {event.args[0]}")

    await talk.connect()
    talk.say('42["slow",1]', '42["slow",2]', '42["fast",3]')
    await talk.settle()
    assert log == ["fast 3", "start 1"]
    gate.set()
    await talk.settle()
    assert log[1:] == ["start 1", "end 1", "start 2", "end 2"]
    assert not talk.server.tasks._running


async def test_what_came_in_before_a_client_left_is_worked_off(talk: Talk) -> None:
    done: list[int] = []

    @talk.namespace.on("work")
    async def work(event: Event) -> None:
        await asyncio.sleep(0)
        done.append(event.args[0])
        event.acknowledge("nobody there")

    await talk.connect()
    talk.say('421["work",1]', '422["work",2]')
    talk.session.end(reasons.TRANSPORT_CLOSE)
    await talk.settle()
    assert done == [1, 2]
    assert talk.transport.sent == []


async def test_too_many_waiting_events_are_dropped_counted_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    talk = Talk(max_pending_events=3)
    gate = asyncio.Event()
    handled: list[int] = []

    @talk.namespace.on("work")
    async def work(event: Event) -> None:
        await gate.wait()
        handled.append(event.args[0])

    await talk.connect()
    with caplog.at_level(logging.WARNING):
        for number in range(10):
            talk.say(f'42["work",{number}]')
    gate.set()
    await talk.settle()
    assert handled == [0, 1, 2]
    assert talk.namespace.dropped_event_count == 7
    assert caplog.text.count("dropping") == 1


async def test_a_handler_that_fails_ends_nothing(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    @talk.namespace.on("plain")
    def plain(_: Event) -> None:
        raise RuntimeError("plain failed")

    @talk.namespace.on("coroutine")
    async def coroutine(_: Event) -> None:
        raise RuntimeError("coroutine failed")

    socket = await talk.connect()
    talk.say('42["plain"]', '42["coroutine"]', '42["coroutine"]')
    await talk.settle()
    assert socket.connected
    assert caplog.text.count("RuntimeError: coroutine failed") == 2
    assert caplog.text.count("RuntimeError: plain failed") == 1


async def test_a_socket_that_is_gone_still_has_its_rooms_when_its_departure_is_told(talk: Talk) -> None:
    departures: list[tuple[set[str], bool, str]] = []
    talk.namespace.on_disconnect(
        lambda socket, reason: departures.append((set(socket.rooms), socket.connected, reason))
    )
    socket = await talk.connect()
    socket.join("a")
    socket.join("b")
    socket.leave("b")
    talk.say("41")
    assert departures == [({"a"}, False, reasons.CLIENT_DISCONNECT)]
    assert not socket.rooms
    socket.join("c")
    assert not talk.namespace.sockets_in("c")
    assert not talk.namespace._rooms
    talk.session.end(reasons.FORCED_CLOSE)
    assert len(departures) == 1


async def test_what_a_client_says_before_it_knows_of_its_disconnection_is_ignored(talk: Talk) -> None:
    events: list[Event] = []
    talk.namespace.on_any(events.append)
    socket = await talk.connect()
    socket.disconnect()
    assert talk.transport.sent == [b"41"]
    talk.say('42["a"]', "430[]", '42["b"]')
    assert events == []
    assert await talk.connect() is not socket


async def test_disconnecting_with_close_ends_the_session(talk: Talk) -> None:
    departures: list[str] = []
    talk.namespace.on_disconnect(lambda _, reason: departures.append(reason))
    socket = await talk.connect()
    socket.disconnect(close=True)
    assert departures == [reasons.SERVER_DISCONNECT]
    assert talk.transport.closed == [reasons.FORCED_CLOSE]


async def test_calls_are_answered_time_out_and_fail_with_the_connection(talk: Talk) -> None:
    socket = await talk.connect()
    answered = asyncio.ensure_future(socket.call("ask", 1))
    await asyncio.sleep(0)
    talk.say('431["yes"]', '431["again"]', "4399[]")
    assert await answered == ["yes"]
    with pytest.raises(TimeoutError):
        await socket.call("ask", timeout_seconds=0.01)
    talk.say("432[]")
    lost = asyncio.ensure_future(socket.call("ask"))
    await asyncio.sleep(0)
    talk.session.end(reasons.TRANSPORT_CLOSE)
    with pytest.raises(ConnectionError):
        await lost
    with pytest.raises(ConnectionError):
        await socket.call("ask")
    assert not socket._calls


async def test_a_connect_handler_that_never_returns_holds_a_bounded_number_of_messages(talk: Talk) -> None:
    @talk.namespace.on_connect
    async def connect(socket: Socket, _: Handshake) -> None:
        socket.join("room")
        await asyncio.Event().wait()

    talk.say("40")
    await talk.settle()
    for _ in range(MAX_HELD_MESSAGES + 1):
        talk.namespace.emit("news", room="room")
    assert talk.transport.closed == [reasons.SLOW_CLIENT]


async def test_a_broadcast_reaches_the_room_and_not_who_is_excluded() -> None:
    server = SocketServer(ServerSettings())
    namespace = server.namespace()
    talks = [Talk() for _ in range(3)]
    for talk in talks:
        talk.server, talk.namespace = server, namespace
        talk.session.receiver = Client(server, talk.session)
    sockets = []
    for talk in talks:
        talk.say("40")
        await talk.settle()
        sockets.append(list(namespace.sockets.values())[-1])
        talk.transport.sent.clear()
    sockets[0].join("room")
    sockets[1].join("room")
    namespace.emit("a", room="room", exclude=[sockets[0]])
    namespace.emit("b")
    namespace.emit("c", room="nobody")
    assert [talk.transport.sent for talk in talks] == [[b'42["b"]'], [b'42["a"]', b'42["b"]'], [b'42["b"]']]
    assert set(namespace.sockets_in("room")) == set(sockets[:2])
