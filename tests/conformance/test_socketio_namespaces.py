"""Socket.IO v5: several namespaces on one connection, and section "Disconnection from a namespace"."""

import asyncio

import aiohttp

from hyred_chat.socketio import Event
from tests.conformance.endpoints import PATIENCE_SECONDS, Endpoint
from tests.conformance.polling import SEPARATOR, PollingSession, request
from tests.conformance.recorder import Recorder
from tests.conformance.servers import new_server, serving
from tests.conformance.socketio_client import connect_namespace, open_client, open_connected
from tests.conformance.websocket import open_session


async def test_two_namespaces_share_a_connection() -> None:
    """Introduction: multiplexing. An event reaches the namespace that it names, and no other."""
    server = new_server()
    main, admin = Recorder(server.namespace()), Recorder(server.namespace("/admin"))
    async with serving(server) as endpoint, open_session(endpoint) as client:
        sids = [await connect_namespace(client), await connect_namespace(client, "40/admin,")]
        assert server.session_count == 1
        await client.send('42/admin,1["one"]', '421["two"]')
        one, two = await admin.get_event(), await main.get_event()
        assert [two.socket.sid, one.socket.sid] == sids
        assert [two.socket.namespace.name, one.socket.namespace.name] == ["/", "/admin"]
        # The same ID in two namespaces is two IDs.
        two.acknowledge("of main")
        one.acknowledge("of admin")
        one.socket.emit("news", b"\1")
        assert await client.receive_many(4) == [
            '431["of main"]',
            '43/admin,1["of admin"]',
            '451-/admin,["news",{"_placeholder":true,"num":0}]',
            b"\1",
        ]


async def test_the_handlers_of_one_namespace_hear_nothing_of_another() -> None:
    """Introduction: multiplexing."""
    server = new_server()
    heard: list[str] = []
    for name in ("/", "/a", "/b"):

        def hear(event: Event, name: str = name) -> None:
            heard.append(f"{name} {event.args[0]}")
            event.acknowledge()

        server.namespace(name).on("say")(hear)
    async with serving(server) as endpoint, open_session(endpoint) as client:
        await connect_namespace(client, "40/a,")
        await connect_namespace(client, "40/b,")
        await client.send('42/a,1["say",1]', '42/b,1["say",2]')
        assert await client.receive_many(2) == ["43/a,1[]", "43/b,1[]"]
    assert heard == ["/a 1", "/b 2"]


async def test_leaving_a_custom_namespace_leaves_the_main_one(socketio_echo: Endpoint) -> None:
    """Disconnection from a namespace: the low-level connection is kept for the others."""
    async with open_client(socketio_echo) as socket:
        await socket.send("40/custom")
        assert len(await socket.receive_many(2)) == 2
        await socket.send("41/custom", '42["message","message to main namespace"]')
        assert await socket.receive() == '42["message-back","message to main namespace"]'


async def test_leaving_the_main_namespace_leaves_the_custom_one() -> None:
    """Disconnection from a namespace: `/` is a namespace like the others."""
    server = new_server()
    main, admin = Recorder(server.namespace()), Recorder(server.namespace("/admin"))
    async with serving(server) as endpoint, open_session(endpoint) as client:
        sid = await connect_namespace(client)
        await connect_namespace(client, "40/admin,")
        await client.send("41", '42/admin,["still here"]')
        assert await main.get_departure() == (sid, "client namespace disconnect")
        assert (await admin.get_event()).name == "still here"
        assert not server.namespace().sockets
        assert admin.departures.empty()


async def test_leaving_the_last_namespace_keeps_the_connection_for_the_next(socketio_echo: Endpoint) -> None:
    """Disconnection from a namespace: no response is expected, heartbeats go on."""
    async with open_client(socketio_echo) as socket:
        await socket.send("41")
        assert await socket.receive_any() == "2"
        await socket.send("3")
        await connect_namespace(socket, "40/custom,")
        assert await socket.receive() == '42/custom,["auth",{}]'


async def test_coming_back_to_a_namespace_gives_another_sid() -> None:
    """Connection to a namespace: each CONNECT is a socket of its own."""
    server = new_server()
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint, open_session(endpoint) as client:
        first_sid = await connect_namespace(client)
        first = await recorder.get_connection()
        await client.send("41")
        second_sid = await connect_namespace(client)
        second = await recorder.get_connection()
        assert [first.sid, second.sid] == [first_sid, second_sid]
        assert first_sid != second_sid
        assert (first.connected, second.connected) == (False, True)
        assert list(server.namespace().sockets) == [second_sid]
        first.emit("to nobody")
        second.emit("hello")
        assert await client.receive() == '42["hello"]'


async def test_the_server_disconnects_one_namespace() -> None:
    """Disconnection from a namespace: at any time, one side can end the connection."""
    server = new_server()
    Recorder(server.namespace())
    admin = Recorder(server.namespace("/admin"))
    async with serving(server) as endpoint, open_session(endpoint) as client:
        await connect_namespace(client)
        sid = await connect_namespace(client, "40/admin,")
        socket = await admin.get_connection()
        socket.emit("last words")
        socket.disconnect()
        assert await client.receive_many(2) == ['42/admin,["last words"]', "41/admin,"]
        assert await admin.get_departure() == (sid, "server namespace disconnect")
        assert not socket.connected
        server.namespace().emit("news")
        server.namespace("/admin").emit("news")
        assert await client.receive() == '42["news"]'


async def test_the_server_ends_the_whole_connection() -> None:
    """Disconnection from a namespace, and the close of the transport."""
    server = new_server()
    main, admin = Recorder(server.namespace()), Recorder(server.namespace("/admin"))
    async with serving(server) as endpoint, open_session(endpoint) as client:
        await connect_namespace(client)
        await connect_namespace(client, "40/admin,")
        (await main.get_connection()).disconnect(close=True)
        said = await client.wait_closed()
        assert "41" in said
        assert set(said) <= {"41", "41/admin,", "1"}
        await main.get_departure()
        await admin.get_departure()
        assert server.session_count == 0


async def test_the_server_ends_a_polling_connection(http: aiohttp.ClientSession) -> None:
    """HTTP long-polling: a client that waits is told, and its session is gone."""
    server = new_server()
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint:
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        await session.receive()
        pending = await session.start_poll()
        (await recorder.get_connection()).disconnect(close=True)
        packets = (await pending).text.split(SEPARATOR)
        while (reply := await session.poll()).status == 200:
            packets += reply.text.split(SEPARATOR)
        assert packets == ["41", "1"]
        assert reply.status == 400


async def test_a_message_that_is_waiting_for_a_poll_is_not_lost_by_a_disconnect(http: aiohttp.ClientSession) -> None:
    """Disconnection from a namespace: what was said before is delivered before."""
    server = new_server()
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint:
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        socket = await recorder.get_connection()
        socket.emit("last words")
        socket.disconnect()
        connected, *others = await session.receive_many(3)
        assert connected.startswith("40{")
        assert others == ['42["last words"]', "41"]


async def test_closing_the_server_tells_everybody_and_refuses_newcomers(http: aiohttp.ClientSession) -> None:
    """Disconnection from a namespace: every socket, whatever its transport."""
    server = new_server()
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint, open_connected(endpoint) as client:
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        await session.receive()
        pending = await session.start_poll()
        closing = asyncio.create_task(server.close())
        assert await client.wait_closed() == []
        # No close packet on either transport: clients come back.
        assert "1" not in (await pending).text.split(SEPARATOR)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await closing
        assert {(await recorder.get_departure())[0] for _ in range(2)} == {
            (await recorder.get_connection()).sid for _ in range(2)
        }
        assert recorder.departures.empty()
        assert server.session_count == 0
        assert (await request(http, "GET", endpoint.polling())).status in {400, 403, 503}
