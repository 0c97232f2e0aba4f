"""What stands at the port of several processes."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from hyred_chat.listening import take_port
from hyred_chat.supervisor.handle import Handle
from hyred_chat.supervisor.intake import Intake

PATIENCE_SECONDS = 20.0


@contextmanager
def process(owner: str) -> Iterator[tuple[Handle, socket.socket]]:
    """A process that serves, and its end of the channel."""
    ours, theirs = socket.socketpair()
    with theirs:
        for end in (ours, theirs):
            end.setblocking(False)
        handle = Handle(owner, ours, lambda: None)
        handle.is_ready = True
        yield handle, theirs
        handle.close()


def fill(handle: Handle) -> None:
    """It takes nothing from its channel, which is full, and one more connection waits for room."""
    with suppress(BlockingIOError):
        while True:
            handle._channel.send(b"u" * 4096)
    with suppress(BlockingIOError):
        while True:
            handle._channel.send(b"u")
    handle.hand_over(socket.socket())
    assert handle.is_full


async def test_nobody_waits_at_the_port_until_somebody_takes_connections() -> None:
    loop = asyncio.get_running_loop()
    with take_port("127.0.0.1", 0) as listener, process("0000") as (handle, theirs):
        address = listener.getsockname()
        intake = Intake(listener, lambda: [handle])
        intake.resume()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, PATIENCE_SECONDS)
        intake.open(8)
        with socket.create_connection(address, PATIENCE_SECONDS) as client:
            client.sendall(b"GET / HTTP/1.1\r\n")
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await loop.sock_recv(theirs, 1) == b"c"
        intake.close()


async def test_who_comes_goes_to_a_process_that_takes_connections_and_not_to_one_that_looks_empty() -> None:
    loop = asyncio.get_running_loop()
    with (
        take_port("127.0.0.1", 0) as listener,
        process("0000") as (slow, _),
        process("0001") as (quick, channel),
    ):
        fill(slow)
        quick._take(b"load 1000")
        intake = Intake(listener, lambda: [slow, quick])
        intake.open(8)
        with socket.create_connection(listener.getsockname(), PATIENCE_SECONDS) as client:
            client.sendall(b"GET / HTTP/1.1\r\n")
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await loop.sock_recv(channel, 1) == b"c"
        intake.close()


async def test_what_waits_for_a_process_is_part_of_its_load_whatever_it_reports() -> None:
    with process("0000") as (handle, _):
        fill(handle)
        handle._take(b"load 7")
        assert handle.load == 8
