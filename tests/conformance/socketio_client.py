"""A Socket.IO client that does nothing by itself but answer heartbeats; packets are read and written as text."""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from tests.conformance.endpoints import Endpoint
from tests.conformance.websocket import EngineSocket, open_session


def decode_packet(packet: str | bytes, prefix: str) -> Any:
    """The JSON of a packet that must start with `prefix`: `decode_packet('42["a"]', "42") == ["a"]`."""
    assert isinstance(packet, str), packet
    assert packet.startswith(prefix), packet
    return json.loads(packet[len(prefix) :])


async def connect_namespace(socket: EngineSocket, packet: str = "40") -> str:
    """Sends a CONNECT packet and returns the sid that the server gives."""
    await socket.send(packet)
    namespace = packet[2:].split(",", maxsplit=1)[0]
    prefix = f"40{namespace}," if namespace.startswith("/") else "40"
    sid: str = decode_packet(await socket.receive(), prefix)["sid"]
    return sid


@contextlib.asynccontextmanager
async def open_client(endpoint: Endpoint) -> AsyncIterator[EngineSocket]:
    """A client of the echo app in `/`, its `auth` event received."""
    async with open_connected(endpoint) as socket:
        assert await socket.receive() == '42["auth",{}]'
        yield socket


@contextlib.asynccontextmanager
async def open_connected(endpoint: Endpoint, packet: str = "40") -> AsyncIterator[EngineSocket]:
    """A client in one namespace, nothing received but the CONNECT."""
    async with open_session(endpoint) as socket:
        await connect_namespace(socket, packet)
        yield socket
