"""Requests and answers that may be long: bounded by how long they stand still, and not by how long they take."""

import asyncio
import socket

import pytest

from hyred_chat.http import answers, connections
from hyred_chat.http.door import Door
from tests.integration.http.served import LARGE_BYTES, PATIENCE_SECONDS, Connection, admission, connected, serving

POST = b"POST /long HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n"
GET = b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n"
REFUSED = b"POST /refused HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n"
KNOWN = b"Authorization: somebody\r\n\r\n"
MEGABYTE = 2**20
SECONDS = 0.3


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a test can wait for."""
    monkeypatch.setattr(connections, "REQUEST_TIMEOUT_SECONDS", SECONDS)
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.2)
    monkeypatch.setattr(answers, "ANSWER_TIMEOUT_SECONDS", SECONDS)


def door() -> Door:
    return Door(admission=admission(), is_transfer=lambda head: head.path in (b"/long", b"/large", b"/refused"))


async def test_a_long_body_may_take_as_long_as_it_goes_on() -> None:
    part = bytes(answers.PROGRESS_BYTES)
    parts = 20
    async with serving(door()) as served, connected(served.port) as connection:
        connection.write(POST % (parts * len(part)))
        for _ in range(parts):
            connection.write(part)
            await asyncio.sleep(SECONDS / 5)
        assert (await connection.read_answer()).endswith(b"%d" % (parts * len(part)))


@pytest.mark.parametrize("part", [b"", b"x"], ids=["nothing", "next to nothing"])
async def test_a_long_body_that_stands_still_is_refused(part: bytes) -> None:
    async with serving(door()) as served, connected(served.port) as connection:
        connection.write(POST % 1_000_000 + bytes(answers.PROGRESS_BYTES))
        sending = asyncio.create_task(_trickle(connection, part))
        assert (await connection.read_to_end()).startswith(b"HTTP/1.1 408 ")
        sending.cancel()
        await served.wait_until_empty()


async def _trickle(connection: Connection, part: bytes) -> None:
    while True:
        connection.write(part)
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("is_transfer", [True, False], ids=["transfer", "answer"])
async def test_a_long_answer_may_take_as_long_as_its_client_goes_on(*, is_transfer: bool) -> None:
    behind = door() if is_transfer else Door(admission=admission())
    async with serving(behind) as served, connected(served.port) as connection:
        connection.write(GET)
        received = 0
        while part := await connection.read_some():
            received += len(part)
            if received >= LARGE_BYTES:
                break
            await asyncio.sleep(SECONDS / 100)
        assert (received >= LARGE_BYTES) == is_transfer


async def test_a_client_that_stops_taking_a_long_answer_is_cut_off() -> None:
    async with serving(door()) as served, connected(served.port) as connection:
        connection.stop_reading()
        connection.write(GET)
        await served.wait_until_empty()


async def test_an_answer_that_cannot_go_on_ends_its_connection() -> None:
    async with serving(door()) as served, connected(served.port) as connection:
        connection.write(GET.replace(b"/large", b"/cut"))
        answer = await connection.read_to_end()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.endswith((b"12345", b"\r\n\r\n"))
        await served.wait_until_empty()


def send_all_and_read(port: int, head: bytes, size: int) -> bytes:
    """What a simple client does: it sends all that it has, and then it reads. Raises `ConnectionError`."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(head % size + bytes(size))
        answer = b""
        while part := connection.recv(65_536):
            answer += part
        return answer


async def test_whoever_is_known_reads_why_a_file_is_refused_after_all_of_it_was_sent() -> None:
    async with serving(door()) as served:
        answer = await asyncio.to_thread(send_all_and_read, served.port, REFUSED + KNOWN, 8 * MEGABYTE)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"connection: close" in answer
        await served.wait_until_empty()


@pytest.mark.parametrize("bound", ["LINGER_BYTES", "TRANSFER_LINGER_BYTES"], ids=["a stranger", "somebody known"])
async def test_whoever_goes_on_sending_a_refused_file_is_cut_off(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    if bound == "TRANSFER_LINGER_BYTES":
        monkeypatch.setattr(connections, bound, MEGABYTE)
    head = REFUSED + (b"\r\n" if bound == "LINGER_BYTES" else KNOWN)
    async with serving(door()) as served:
        with pytest.raises(ConnectionError):
            await asyncio.to_thread(send_all_and_read, served.port, head, 24 * MEGABYTE)
        await served.wait_until_empty()


@pytest.mark.parametrize(
    ("part", "bound"),
    [(bytes(answers.PROGRESS_BYTES), ("TRANSFER_LINGER_SECONDS", 0.5)), (b"x", ("TRANSFER_LINGER_SECONDS", 60.0))],
    ids=["for long", "next to nothing"],
)
async def test_a_refused_file_is_thrown_away_for_so_long_and_as_long_as_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, part: bytes, bound: tuple[str, float]
) -> None:
    monkeypatch.setattr(connections, *bound)
    monkeypatch.setattr(connections, "TRANSFER_LINGER_BYTES", 1 << 40)
    async with serving(door()) as served, connected(served.port) as connection:
        connection.write(REFUSED % (1 << 40) + KNOWN)
        sending = asyncio.create_task(_trickle(connection, part))
        assert (await connection.read_to_end()).startswith(b"HTTP/1.1 400 ")
        await served.wait_until_empty()
        sending.cancel()
