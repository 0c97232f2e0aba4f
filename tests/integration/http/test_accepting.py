"""How fast connections are accepted while the loop is busy."""

import asyncio
import socket
from time import perf_counter

import uvloop

from hyred_chat.server import ACCEPTED_PER_TURN, listeners_of

WAITING = 80
BUSY_SECONDS = 0.002


async def count_turns_until_all_are_accepted() -> int:
    """Iterations of a busy loop until all who wait in the kernel's queue have a connection."""
    loop = asyncio.get_running_loop()
    accepted: list[asyncio.BaseTransport] = []
    turns = 0

    class Peer(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.append(transport)

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        servers = [await loop.create_server(Peer, sock=each, backlog=2 * WAITING) for each in listeners_of(listener)]
        waiting = [socket.create_connection(listener.getsockname(), timeout=10) for _ in range(WAITING)]
        while len(accepted) < WAITING:
            turns += 1
            until = perf_counter() + BUSY_SECONDS
            while perf_counter() < until:
                pass
            await asyncio.sleep(0)
        for connection in waiting:
            connection.close()
        for transport in accepted:
            transport.close()
        for server in servers:
            server.close()
            await server.wait_closed()
    return turns


def test_several_connections_are_accepted_in_each_iteration_of_the_loop() -> None:
    turns = uvloop.run(asyncio.wait_for(count_turns_until_all_are_accepted(), 30))
    assert turns < 2 * WAITING / ACCEPTED_PER_TURN
