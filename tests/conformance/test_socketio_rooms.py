"""Rooms and broadcasts: who gets what, how often, and in which form.

The protocol knows nothing of rooms: what is proved here is what `Namespace` and `Socket` promise.
"""

import contextlib
from collections.abc import AsyncIterator

import aiohttp

from hyred_chat.socketio import Namespace, Socket
from tests.conformance.polling import PollingSession
from tests.conformance.recorder import Recorder
from tests.conformance.servers import new_server, serving
from tests.conformance.socketio_client import open_connected
from tests.conformance.websocket import EngineSocket


@contextlib.asynccontextmanager
async def gather(count: int) -> AsyncIterator[tuple[Namespace, list[EngineSocket], list[Socket]]]:
    """A namespace with `count` clients in it, and their sockets on the server."""
    server = new_server()
    namespace = server.namespace()
    recorder = Recorder(namespace)
    async with serving(server) as endpoint, contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(open_connected(endpoint)) for _ in range(count)]
        yield namespace, clients, [await recorder.get_connection() for _ in range(count)]


async def check_received(namespace: Namespace, clients: list[EngineSocket], expected: list[list[str]]) -> None:
    """Checks that each client received what is expected and nothing else: everybody gets an end mark after it."""
    namespace.emit("end")
    for client, packets in zip(clients, expected, strict=True):
        received = []
        while (packet := await client.receive()) != '42["end"]':
            received.append(packet)
        assert received == packets


async def test_a_broadcast_reaches_everybody_in_the_namespace() -> None:
    async with gather(3) as (namespace, clients, _):
        namespace.emit("news", 1, {"a": "é"})
        await check_received(namespace, clients, [['42["news",1,{"a":"é"}]']] * 3)


async def test_a_broadcast_to_a_room_reaches_its_sockets_only() -> None:
    async with gather(3) as (namespace, clients, sockets):
        sockets[0].join("room")
        sockets[2].join("room")
        assert set(namespace.sockets_in("room")) == {sockets[0], sockets[2]}
        namespace.emit("news", room="room")
        namespace.emit("nobody hears this", room="elsewhere")
        await check_received(namespace, clients, [['42["news"]'], [], ['42["news"]']])


async def test_a_broadcast_leaves_out_whom_it_excludes() -> None:
    async with gather(3) as (namespace, clients, sockets):
        for socket in sockets:
            socket.join("room")
        namespace.emit("news", room="room", exclude=[sockets[1]])
        namespace.emit("all", exclude={sockets[0], sockets[2]})
        await check_received(namespace, clients, [['42["news"]'], ['42["all"]'], ['42["news"]']])


async def test_joining_twice_receives_once_and_leaving_ends_it() -> None:
    async with gather(2) as (namespace, clients, sockets):
        for _ in range(2):
            sockets[0].join("room")
        sockets[1].join("room")
        sockets[1].leave("room")
        sockets[1].leave("never joined")
        assert (set(sockets[0].rooms), set(sockets[1].rooms)) == ({"room"}, set())
        namespace.emit("news", room="room")
        await check_received(namespace, clients, [['42["news"]'], []])
        sockets[0].leave("room")
        assert not namespace.sockets_in("room")


async def test_a_socket_may_be_in_many_rooms() -> None:
    async with gather(1) as (namespace, clients, sockets):
        sockets[0].join("a")
        sockets[0].join("b")
        namespace.emit("news", room="a")
        namespace.emit("news", room="b")
        await check_received(namespace, clients, [['42["news"]'] * 2])


async def test_a_disconnected_socket_is_in_no_room() -> None:
    async with gather(2) as (namespace, clients, sockets):
        for socket in sockets:
            socket.join("room")
        sockets[0].disconnect()
        assert await clients[0].receive() == "41"
        assert set(namespace.sockets_in("room")) == {sockets[1]}
        assert not sockets[0].rooms
        namespace.emit("news", room="room")
        await check_received(namespace, clients[1:], [['42["news"]']])


async def test_rooms_of_two_namespaces_are_two_rooms() -> None:
    server = new_server()
    recorders = [Recorder(server.namespace(name)) for name in ("/a", "/b")]
    async with (
        serving(server) as endpoint,
        open_connected(endpoint, "40/a,") as first,
        open_connected(endpoint, "40/b,") as second,
    ):
        for recorder in recorders:
            (await recorder.get_connection()).join("room")
        server.namespace("/a").emit("news", 1, room="room")
        server.namespace("/b").emit("news", 2, room="room")
        assert await first.receive() == '42/a,["news",1]'
        assert await second.receive() == '42/b,["news",2]'


async def test_what_is_encoded_once_can_be_sent_to_many() -> None:
    async with gather(3) as (namespace, clients, sockets):
        encoded = namespace.encode("news", {"seq": 1})
        for socket in sockets[:2]:
            socket.send(encoded)
            socket.send(encoded)
        await check_received(namespace, clients, [['42["news",{"seq":1}]'] * 2] * 2 + [[]])


async def test_a_broadcast_carries_binary_to_both_transports(http: aiohttp.ClientSession) -> None:
    """Packet encoding: attachments as they are over WebSocket, base64 over polling."""
    server = new_server()
    Recorder(server.namespace())
    packet = '451-["news",{"_placeholder":true,"num":0}]'
    async with serving(server) as endpoint, open_connected(endpoint) as client:
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        await session.receive()
        server.namespace().emit("news", b"\1\2\3\4")
        assert await client.receive_many(2) == [packet, b"\1\2\3\4"]
        assert await session.receive_many(2) == [packet, "bAQIDBA=="]


async def test_order_is_kept_between_broadcasts_and_single_events() -> None:
    async with gather(2) as (namespace, clients, sockets):
        for number in range(0, 60, 3):
            namespace.emit("n", number)
            sockets[0].emit("n", number + 1)
            sockets[1].emit("n", number + 1)
            namespace.emit("n", number + 2, exclude=[])
        await check_received(namespace, clients, [[f'42["n",{number}]' for number in range(60)]] * 2)
