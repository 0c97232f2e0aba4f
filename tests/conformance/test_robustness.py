"""Thousands of malformed frames, payloads and requests: whoever sends them hurts only themselves."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator

import psutil
import pytest

from tests.conformance.endpoints import PATIENCE_SECONDS, Endpoint
from tests.conformance.frames import encode_frame, open_frames, open_stream
from tests.conformance.malformed import Malformed
from tests.conformance.polling import PollingSession, new_http_session
from tests.conformance.servers import EchoProcess
from tests.conformance.socketio_client import connect_namespace, open_client
from tests.conformance.websocket import open_session

CLIENTS = 16
CONNECTIONS_EACH = 100
FRAMES_EACH = 2
PAYLOADS_EACH = 50
REQUESTS_EACH = 40


@pytest.fixture(scope="module", params=[False, True], ids=["socketio", "engine"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EchoProcess]:
    """An echo app of its own, since others should not wait behind this."""
    process = EchoProcess(tmp_path_factory.mktemp("robust") / f"{request.param}.log", engine=request.param)
    process.start()
    yield process
    process.stop()


async def in_parallel(work: Callable[[int], Coroutine[None, None, None]]) -> None:
    async with asyncio.TaskGroup() as clients:
        for seed in range(CLIENTS):
            clients.create_task(work(seed))


async def wait_for_no_connections(app: EchoProcess) -> None:
    """Waits until the app has closed every connection that it accepted."""
    process = psutil.Process(app.process.pid)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(connection.raddr for connection in process.net_connections("tcp")):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


async def check_serves(app: EchoProcess) -> None:
    """Checks that the app is the same as before: it echoes on both transports, and has logged no traceback."""
    endpoint = app.endpoint
    async with new_http_session() as http:
        session = await PollingSession.open(http, endpoint)
        if endpoint.path == "/engine.io/":
            async with open_session(endpoint) as socket:
                await socket.send("4hello")
                assert await socket.receive() == "4hello"
            await session.send("4hello")
            assert await session.receive() == ["4hello"]
        else:
            async with open_client(endpoint) as socket:
                await socket.send('421["message-with-ack","hello"]')
                assert await socket.receive() == '431["hello"]'
            await session.send("40")
            await session.receive_many(2)
            await session.send('421["message-with-ack","hello"]')
            assert await session.receive() == ['431["hello"]']
        await session.send("1")
    app.check_healthy()


async def test_malformed_frames_hurt_only_who_sends_them(app: EchoProcess) -> None:

    async def throw(seed: int) -> None:
        malformed = Malformed(seed)
        for number in range(CONNECTIONS_EACH):
            async with open_frames(app.endpoint) as stream:
                frames = [malformed.frame() for _ in range(FRAMES_EACH)]
                connect = [encode_frame(b"40")] if number % 2 else []
                await stream.say_and_leave(b"".join([*connect, *frames]))

    await in_parallel(throw)
    await check_serves(app)
    await wait_for_no_connections(app)


async def test_malformed_payloads_hurt_only_who_sends_them(app: EchoProcess) -> None:
    statuses: Counter[int] = Counter()

    async def throw(seed: int) -> None:
        malformed = Malformed(1000 + seed)
        async with new_http_session() as http:
            for number in range(PAYLOADS_EACH):
                session = await PollingSession.open(http, app.endpoint)
                if number % 2:
                    await session.send("40")
                reply = await session.post(malformed.payload())
                statuses[reply.status] += 1
                assert reply.status in {200, 400}

    await in_parallel(throw)
    # Most of them must have been what they should be.
    assert statuses[400] > CLIENTS * PAYLOADS_EACH / 2
    await check_serves(app)
    await wait_for_no_connections(app)


async def test_malformed_requests_hurt_only_who_sends_them(app: EchoProcess) -> None:

    async def throw(seed: int) -> None:
        malformed = Malformed(2000 + seed)
        for _ in range(REQUESTS_EACH):
            async with open_stream(app.endpoint) as stream:
                await stream.say_and_leave(malformed.request(app.endpoint))

    await in_parallel(throw)
    await check_serves(app)
    await wait_for_no_connections(app)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
async def test_nesting_is_bounded(socketio_echo: Endpoint, opening: str, closing: str) -> None:
    """RFC 8259, section 9. `max_nesting` is 32, and the array of arguments is one."""
    async with open_client(socketio_echo) as socket:
        deepest = f"{opening * 31}0{closing * 31}"
        await socket.send(f'42["message",{deepest}]')
        assert await socket.receive() == f'42["message-back",{deepest}]'
        await socket.send(f'42["message",{opening}{deepest}{closing}]')
        assert await socket.wait_closed() == []


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
async def test_nesting_without_end_costs_the_connection_and_nothing_else(socketio_echo: Endpoint, opening: str) -> None:
    """RFC 8259, section 9: an implementation may set limits on the depth of nesting."""
    async with open_client(socketio_echo) as other:
        for packet in (f'42["message",{opening * 150_000}', f"40{opening * 150_000}"):
            async with open_session(socketio_echo) as socket:
                if packet.startswith("42"):
                    await connect_namespace(socket)
                await socket.send(packet)
                await socket.wait_closed()
        await other.send('42["message","still here"]')
        assert await other.receive() == '42["message-back","still here"]'


async def test_whoever_opens_connections_and_says_nothing_holds_up_nobody(socketio_echo: Endpoint) -> None:
    """A connection without a request, and requests without an end."""
    starts = [b"", b"GET /socket.io/?EIO=4", b"POST /socket.io/ HTTP/1.1\r\nContent-Length: 99\r\n\r\n4"]
    streams = [await asyncio.open_connection("127.0.0.1", socketio_echo.port) for _ in range(60)]
    for index, (_, writer) in enumerate(streams):
        writer.write(starts[index % len(starts)])
    async with open_client(socketio_echo) as other:
        await other.send('42["message","still here"]')
        assert await other.receive() == '42["message-back","still here"]'
    for _, writer in streams:
        writer.close()
        await writer.wait_closed()
