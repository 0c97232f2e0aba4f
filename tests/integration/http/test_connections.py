"""What a connection may cost: its head, its body, its time, and what it does not read. Against a real uvicorn."""

import asyncio

import pytest

from hyred_chat.http import answers, connections
from hyred_chat.http.addresses import Proxies
from hyred_chat.http.connections import MAX_HEAD_BYTES, MAX_PIPELINED
from hyred_chat.http.door import Door
from tests.integration.http.served import LARGE_BYTES, LOOPBACK, Connection, admission, answer_to, connected, serving

HEAD = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n"
GET = b"GET /unread HTTP/1.1\r\nHost: here\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"

# Everything that is not the body of a request, as beginnings that go on for ever.
ENDLESS = {
    "address": (b"GET /", b"a" * 1000),
    "name of a header": (b"GET / HTTP/1.1\r\nX", b"a" * 1000),
    "value of a header": (b"GET / HTTP/1.1\r\nX: ", b"a" * 1000),
    "many headers": (b"GET / HTTP/1.1\r\n", b"X-Header: some value\r\n" * 50),
    "empty lines": (b"", b"\r\n" * 500),
    "chunk extension": (CHUNKED + b"1;", b"a" * 1000),
    "trailers": (CHUNKED + b"0\r\n", b"X-Trailer: some value\r\n" * 50),
    "value of a trailer": (CHUNKED + b"0\r\nX: ", b"a" * 1000),
}
UNFINISHED = {
    "head": b"POST / HTTP/1.1\r\nHost: here\r\n",
    "request line": b"POST / HT",
    "empty line": b"\r\n",
    "body": HEAD + b"abc",
    "body without a byte": HEAD,
    "chunks": CHUNKED + b"3\r\nabc\r\n",
    "second request": GET + b"GET / HT",
}


@pytest.fixture(autouse=True)
def short_farewell(monkeypatch: pytest.MonkeyPatch) -> None:
    """These clients read to the end before they close; most close at once."""
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.2)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a test can wait for."""
    monkeypatch.setattr(connections, "SILENCE_TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr(connections, "REQUEST_TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(answers, "ANSWER_TIMEOUT_SECONDS", 0.3)


async def trickle(connection: Connection, part: bytes) -> None:
    """Send something now and then, for ever."""
    while True:
        connection.write(part)
        await asyncio.sleep(0.02)


@pytest.mark.usefixtures("quick")
async def test_a_connection_that_says_nothing_is_closed_without_a_word() -> None:
    async with serving() as served:
        assert await answer_to(served.port, b"") == b""


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("sent", UNFINISHED.values(), ids=UNFINISHED)
async def test_a_request_that_does_not_come_to_its_end_is_refused_and_the_connection_closed(sent: bytes) -> None:
    async with serving() as served:
        last = (await answer_to(served.port, sent)).rpartition(b"HTTP/1.1 ")[2]
        assert last.startswith(b"408 ")
        assert b'"code":"request_timeout"' in last
        await served.wait_until_empty()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("begun", "part"),
    [(b"GET / HTTP/1.1\r\nX: ", b"a"), (HEAD.replace(b"10", b"999"), b"a"), (CHUNKED, b"1\r\na\r\n"), (b"", b"\r\n")],
    ids=["head", "body", "chunks", "empty lines"],
)
async def test_sending_a_little_now_and_then_does_not_make_the_deadline_later(begun: bytes, part: bytes) -> None:
    async with serving() as served, connected(served.port) as connection:
        connection.write(begun)
        sending = asyncio.create_task(trickle(connection, part))
        answer = await connection.read_to_end()
        sending.cancel()
        assert answer.startswith(b"HTTP/1.1 408 ")
        await served.wait_until_empty()


@pytest.mark.usefixtures("quick")
async def test_empty_lines_between_requests_do_not_keep_a_connection() -> None:
    async with serving() as served, connected(served.port) as connection:
        connection.write(GET)
        await connection.read_answer()
        connection.write(b"\r\n")
        assert (await connection.read_to_end()).startswith(b"HTTP/1.1 408 ")


async def test_an_idle_connection_of_a_trusted_proxy_is_closed_by_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connections.IDLE_TIMEOUT_SECONDS > 60
    assert connections.PROXY_IDLE_TIMEOUT_SECONDS > 120
    monkeypatch.setattr(connections, "IDLE_TIMEOUT_SECONDS", 0.2)
    behind_proxy = Door(admission(), proxies=Proxies(LOOPBACK))
    async with (
        serving(behind_proxy) as proxied,
        serving() as served,
        connected(proxied.port) as proxy,
        connected(served.port) as stranger,
    ):
        for connection in (proxy, stranger):
            connection.write(GET)
            await connection.read_answer()
        assert await stranger.read_to_end() == b""
        proxy.write(GET)
        assert (await proxy.read_answer()).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(("begun", "part"), ENDLESS.values(), ids=ENDLESS)
async def test_what_is_not_the_body_is_counted_while_it_arrives(begun: bytes, part: bytes) -> None:
    async with serving() as served, connected(served.port) as connection:
        connection.write(begun)
        sent = len(begun)
        reading = asyncio.create_task(connection.read_to_end())
        while not reading.done() and sent < 4 * MAX_HEAD_BYTES:
            connection.write(part)
            sent += len(part)
            await connection.drain()
            await asyncio.sleep(0.001)
        assert (await reading).startswith(b"HTTP/1.1 431 ")
        await served.wait_until_empty()


async def test_a_head_over_the_bound_is_refused_also_when_it_comes_in_one_piece() -> None:
    async with serving() as served:
        head = b"GET / HTTP/1.1\r\nHost: here\r\nX: " + b"a" * MAX_HEAD_BYTES + b"\r\n\r\n"
        answer = await answer_to(served.port, head)
        assert answer.startswith(b"HTTP/1.1 431 ")
        assert b'"code":"too_large"' in answer


async def test_a_head_within_the_bound_is_served_and_so_is_a_body_in_the_smallest_chunks() -> None:
    async with serving() as served, connected(served.port) as connection:
        connection.write(GET[:-2] + b"X: " + b"a" * (MAX_HEAD_BYTES - 200) + b"\r\n\r\n")
        assert (await connection.read_answer()).startswith(b"HTTP/1.1 200 ")
        connection.write(CHUNKED + b"1\r\na\r\n" * 1000 + b"0\r\n\r\n")
        assert (await connection.read_answer()).endswith(b"1000")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("path", [b"/", b"/unread"], ids=["too large", "not read"])
async def test_an_answer_to_a_body_that_was_not_read_is_the_last_and_can_be_read(path: bytes) -> None:
    async with serving() as served, connected(served.port) as connection:
        connection.write(b"POST %s HTTP/1.1\r\nHost: here\r\nContent-Length: 999999\r\n\r\n" % path + b"a" * 5000)
        sending = asyncio.create_task(trickle(connection, b"a"))
        answer = await connection.read_to_end()
        sending.cancel()
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"connection: close" in answer
        assert answer.count(b"HTTP/1.1 ") == 1
        await served.wait_until_empty()


@pytest.mark.parametrize(
    ("chunk", "bound"),
    [(b"8000\r\n" + b"a" * 0x8000 + b"\r\n", ("LINGER_SECONDS", 60.0)), (b"1\r\na\r\n", ("LINGER_BYTES", 1 << 30))],
    ids=["much", "a little now and then"],
)
async def test_a_client_that_goes_on_sending_after_the_last_answer_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, chunk: bytes, bound: tuple[str, float]
) -> None:
    """By how much it sends and by how long it does, each without the other."""
    monkeypatch.setattr(connections, *bound)
    async with serving() as served, connected(served.port) as connection:
        connection.write(CHUNKED.replace(b"POST / ", b"POST /unread "))
        sending = asyncio.create_task(trickle(connection, chunk))
        assert (await connection.read_to_end()).startswith(b"HTTP/1.1 200 ")
        await served.wait_until_empty()
        sending.cancel()


async def test_a_body_that_was_there_already_keeps_the_connection() -> None:
    async with serving() as served, connected(served.port) as connection:
        for _ in range(2):
            connection.write(HEAD.replace(b"POST / ", b"POST /unread ") + b"0123456789")
            assert (await connection.read_answer()).startswith(b"HTTP/1.1 200 ")


@pytest.mark.usefixtures("quick")
async def test_a_client_that_does_not_read_its_answer_is_cut_off() -> None:
    async with serving() as served, connected(served.port) as connection:
        connection.stop_reading()
        connection.write(GET.replace(b"/unread", b"/large"))
        await served.wait_until_empty()


async def test_an_answer_that_is_read_is_whole_however_large() -> None:
    async with serving() as served, connected(served.port) as connection:
        for _ in range(2):
            connection.write(GET.replace(b"/unread", b"/large"))
            assert len(await connection.read_answer()) > LARGE_BYTES


async def test_requests_that_do_not_wait_for_their_answers_are_few() -> None:
    async with serving() as served, connected(served.port) as connection:
        connection.write(GET * MAX_PIPELINED)
        for _ in range(MAX_PIPELINED):
            assert (await connection.read_answer()).startswith(b"HTTP/1.1 200 ")
        connection.write(GET * 1000)
        assert (await connection.read_to_end()).count(b"HTTP/1.1 200 ") <= MAX_PIPELINED
        await served.wait_until_empty()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("head", [GET[:-2] + b"Upgrade: other\r\nConnection: upgrade\r\n\r\n"])
async def test_a_request_for_another_protocol_gets_one_answer(head: bytes) -> None:
    async with serving() as served, connected(served.port) as connection:
        connection.write(head)
        answer = await connection.read_to_end()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"connection: close" in answer
        await served.wait_until_empty()


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01", b"NOT HTTP AT ALL\r\n\r\n"])
async def test_what_is_no_http_is_refused_in_the_envelope(sent: bytes) -> None:
    async with serving() as served:
        answer = await answer_to(served.port, sent)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b'"code":"bad_request"' in answer
