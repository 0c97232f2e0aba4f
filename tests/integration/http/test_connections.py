"""Connections whose requests do not come, against a real uvicorn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI, Request

from hyred_chat.http import connections, limits
from hyred_chat.http.connections import PatientHttpProtocol
from hyred_chat.http.errors import install_error_handlers
from hyred_chat.http.limits import BodyLimit

PATIENCE_SECONDS = 10.0


@asynccontextmanager
async def server() -> AsyncIterator[int]:
    """A server of one route that reads its body; its port."""
    app = FastAPI()
    install_error_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=1000)

    @app.post("/")
    async def read(request: Request) -> int:
        return len(await request.body())

    running = uvicorn.Server(
        uvicorn.Config(app, port=0, http=PatientHttpProtocol, log_config=None, lifespan="off", ws="none")
    )
    task = asyncio.create_task(running._serve())
    while not running.started:  # noqa: ASYNC110  # uvicorn tells nobody
        await asyncio.sleep(0)
    yield running.servers[0].sockets[0].getsockname()[1]
    running.should_exit = True
    await task


async def read_answer(port: int, sent: bytes) -> bytes:
    """All that the server says to `sent`, until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(PATIENCE_SECONDS):
        try:
            answer = await reader.read()
        except ConnectionResetError:
            answer = b""
    writer.close()
    return answer


@pytest.mark.parametrize("sent", [b"", b"POST / HT", b"POST / HTTP/1.1\r\nHost: here\r\n"])
async def test_a_connection_whose_headers_do_not_come_is_closed(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADERS_TIMEOUT_SECONDS", 0.1)
    async with server() as port:
        assert await read_answer(port, sent) == b""


async def test_a_body_that_stops_coming_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_TIMEOUT_SECONDS", 0.1)
    head = b"POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 10\r\n\r\n"
    async with server() as port:
        assert b'"code":"bad_request"' in await read_answer(port, head + b"abc")
        assert (await read_answer(port, head + b"0123456789")).endswith(b"10")
