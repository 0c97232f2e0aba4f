"""Clients that do not take what they are sent: their buffer is bounded, and it is they who are closed."""

import asyncio

import aiohttp

from tests.conformance.endpoints import PATIENCE_SECONDS
from tests.conformance.frames import encode_frame, open_frames
from tests.conformance.polling import PollingSession
from tests.conformance.recorder import Recorder
from tests.conformance.servers import new_server, serving
from tests.conformance.socketio_client import open_connected

KILOBYTE = "x" * 1000


async def test_a_client_that_never_polls_is_closed_and_others_are_not(http: aiohttp.ClientSession) -> None:
    server = new_server(max_buffered_bytes=100_000)
    namespace = server.namespace()
    recorder = Recorder(namespace)
    async with serving(server) as endpoint:
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        slow = await recorder.get_connection()
        async with open_connected(endpoint) as client:
            for number in range(150):
                namespace.emit("news", number, KILOBYTE)
                assert str(await client.receive()).startswith(f'42["news",{number},')
            assert (await recorder.get_departure())[0] == slow.sid
            assert [socket.sid for socket in namespace.sockets.values()] != [slow.sid]
            assert len(namespace.sockets) == 1
        assert (await session.poll()).status == 400


async def test_a_client_that_polls_in_time_gets_all_of_it(http: aiohttp.ClientSession) -> None:
    server = new_server(max_buffered_bytes=100_000)
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint:
        session = await PollingSession.open(http, endpoint)
        await session.send("40")
        await session.receive()
        socket = await recorder.get_connection()
        for start in range(0, 300, 50):
            for number in range(start, start + 50):
                socket.emit("news", number, KILOBYTE)
            packets = await session.receive_many(50)
            assert packets == [f'42["news",{number},"{KILOBYTE}"]' for number in range(start, start + 50)]
        assert recorder.departures.empty()


async def test_a_client_that_never_reads_its_websocket_is_closed() -> None:
    server = new_server(max_buffered_bytes=1_000_000)
    recorder = Recorder(server.namespace())
    async with serving(server) as endpoint, open_frames(endpoint) as stream:
        stream.writer.write(encode_frame(b"40"))
        socket = await recorder.get_connection()
        # What the kernel holds comes on top, so that it takes some megabytes more.
        async with asyncio.timeout(PATIENCE_SECONDS):
            for _ in range(200):
                if not socket.connected:
                    break
                socket.emit("news", KILOBYTE * 500)
                await asyncio.sleep(0)
        assert (await recorder.get_departure())[0] == socket.sid
        assert server.session_count == 0
