"""An Engine.IO session over long-polling, one request at a time and nothing hidden."""

import asyncio
import json
from collections.abc import AsyncIterable, Mapping
from types import SimpleNamespace
from typing import IO, Any, NamedTuple, Self

import aiohttp

from tests.conformance.endpoints import PATIENCE_SECONDS, Endpoint

SEPARATOR = "\x1e"


class Reply(NamedTuple):
    """What came back for one request."""

    status: int
    text: str
    headers: Mapping[str, str]


def new_http_session() -> aiohttp.ClientSession:
    """A session for `request`; the caller closes it."""
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_tell_that_headers_were_sent)
    return aiohttp.ClientSession(
        trace_configs=[trace],
        timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS),
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def _tell_that_headers_were_sent(_session: aiohttp.ClientSession, context: SimpleNamespace, _: object) -> None:
    sent = context.trace_request_ctx
    if sent is not None:
        sent.set()


async def request(
    http: aiohttp.ClientSession,
    method: str,
    address: str,
    *,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    sent: asyncio.Event | None = None,
) -> Reply:
    """One HTTP request, its body read; `sent` is set as soon as the headers are on their way."""
    async with http.request(method, address, data=body, headers=headers, trace_request_ctx=sent) as response:
        return Reply(response.status, await response.text(), response.headers.copy())


def decode_open_packet(packet: str | bytes) -> dict[str, Any]:
    """The payload of an `open` packet."""
    assert isinstance(packet, str)
    assert packet.startswith("0"), packet
    payload: dict[str, Any] = json.loads(packet[1:])
    return payload


class PollingSession:
    """A session by its sid."""

    def __init__(self, http: aiohttp.ClientSession, endpoint: Endpoint, sid: str) -> None:
        self.sid = sid
        self.address = endpoint.polling(sid=sid)
        self.target = self.address.removeprefix(endpoint.origin)
        self._http = http

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, endpoint: Endpoint) -> Self:
        """Does the handshake."""
        reply = await request(http, "GET", endpoint.polling())
        assert reply.status == 200, reply
        return cls(http, endpoint, decode_open_packet(reply.text)["sid"])

    async def poll(self) -> Reply:
        """One GET."""
        return await request(self._http, "GET", self.address)

    async def start_poll(self) -> asyncio.Task[Reply]:
        """One GET that has left this process when the call returns; its reply is still to come."""
        sent = asyncio.Event()
        pending = asyncio.create_task(request(self._http, "GET", self.address, sent=sent))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await sent.wait()
        return pending

    async def post(self, body: str | bytes | IO[bytes] | AsyncIterable[bytes]) -> Reply:
        """One POST, as plain text whatever it is; chunked when the body is an iterable."""
        headers = {"Content-Type": "text/plain;charset=UTF-8"}
        return await request(self._http, "POST", self.address, body=body, headers=headers)

    async def send(self, *packets: str) -> None:
        """One POST that must be accepted."""
        reply = await self.post(SEPARATOR.join(packets))
        assert (reply.status, reply.text) == (200, "ok"), reply

    async def receive(self) -> list[str]:
        """The packets of the next poll that holds more than pings and noops; pings are answered."""
        wanted: list[str] = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not wanted:
                reply = await self.poll()
                assert reply.status == 200, reply
                packets = reply.text.split(SEPARATOR)
                if "2" in packets:
                    await self.send("3")
                wanted = [packet for packet in packets if packet not in {"2", "6"}]
        return wanted

    async def receive_many(self, count: int) -> list[str]:
        """The next packets that are neither pings nor noops, at least `count` of them."""
        packets: list[str] = []
        while len(packets) < count:
            packets += await self.receive()
        return packets
