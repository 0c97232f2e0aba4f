"""Requests for another node's sessions: who answers them, for whom, and what they may cost. Two real uvicorns."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from hyred_chat.http import relay
from hyred_chat.http.door import Door
from hyred_chat.http.forwarding import Directory, Forwarding, Peer, forwarded_head
from hyred_chat.http.head import Head
from hyred_chat.http.relay import Relay
from tests.integration.http.served import (
    LARGE_BYTES,
    PATIENCE_SECONDS,
    Served,
    admission,
    answer_to,
    connected,
    serving,
)

FRONT, OWNER = "front", "owner"
KEY = b"the key of the owner"
CLIENT = "127.0.0.2"
# What the application behind both doors says to /whence, and to /unread.
WHENCE = b'["%b","http"]'
UNREAD = b'"no matter what"'

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Table:
    """A directory: node names are words, and the ids of sessions begin with them."""

    name: str
    key: bytes = KEY
    peers: dict[str, Peer] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()

    def is_elsewhere(self, sid: str) -> bool:
        return not sid.startswith(self.name)

    def is_node_at(self, host: str) -> bool:
        return host in self.hosts

    async def find(self, sid: str) -> Peer | None:
        return self.peers.get(sid.partition("-")[0])


def door(table: Directory, path: bytes, *, max_requests: int = 100, answer_seconds: float = 10.0) -> Door:
    forwarding = Forwarding(table, path, max_requests=max_requests, answer_seconds=answer_seconds)
    return Door(admission=admission(), forwarding=forwarding)


def forwarding_of(served: Served) -> Forwarding:
    assert served.door.forwarding is not None
    return served.door.forwarding


@asynccontextmanager
async def front_of(port: int, path: bytes, *, key: bytes = KEY, **bounds: Any) -> AsyncIterator[Served]:
    """A node that knows the owner at this port."""
    table = Table(FRONT, b"the key of the front", {OWNER: Peer("127.0.0.1", port, key)})
    async with serving(door(table, path, **bounds)) as front:
        yield front


@asynccontextmanager
async def two(path: bytes, **bounds: Any) -> AsyncIterator[tuple[Served, Served]]:
    """A node, and the owner of the sessions that are asked for."""
    async with serving(door(Table(OWNER), path)) as owner, front_of(owner.port, path, **bounds) as front:
        yield front, owner
        assert forwarding_of(front).current == 0


@asynccontextmanager
async def front_of_handler(path: bytes, handle: Handler, **bounds: Any) -> AsyncIterator[Served]:
    """A node, and in the place of the owner something else that accepts its connections."""
    async with (
        await asyncio.start_server(handle, "127.0.0.1", 0) as server,
        front_of(server.sockets[0].getsockname()[1], path, **bounds) as front,
    ):
        yield front


def get(path: str, *lines: str) -> bytes:
    head = [f"GET {path} HTTP/1.1", "Host: here", *lines]
    return "\r\n".join([*head, "", ""]).encode()


async def test_a_session_s_node_answers_and_knows_whose_request_it_is() -> None:
    async with two(b"/whence") as (front, owner):
        answer = await answer_to(front.port, get("/whence?sid=owner-1"), CLIENT)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.endswith(WHENCE % CLIENT.encode())
        assert forwarding_of(owner).served == forwarding_of(front).outcomes["answered"] == 1
        await front.wait_until_empty()
        await owner.wait_until_empty()


async def test_what_is_not_for_another_node_is_not_passed_on() -> None:
    queries = ("", "?sid=front-1", "?sid=owner-1&sid=front-1", "?x=sid", "?" + "sid=owner-1&" * 40)
    async with two(b"/whence") as (front, owner):
        for path in ("/unread?sid=owner-1", *(f"/whence{query}" for query in queries)):
            await answer_to(front.port, get(path, "Connection: close"))
        await answer_to(front.port, get("/whence?sid=owner-1", "Connection: close").replace(b"GET", b"OPTIONS"))
        assert forwarding_of(owner).served == 0


async def test_bodies_arrive_whole() -> None:
    async with two(b"/") as (front, owner):
        for size, is_chunked, said in product((0, 1, 1000), (False, True), ("Expect: 100-continue", "X: none")):
            length = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {size}"
            async with connected(front.port) as connection:
                connection.write(get("/?sid=owner-1", length, said).replace(b"GET", b"POST"))
                for part in (bytes(size)[:300], bytes(size)[300:]):
                    await connection.drain()
                    connection.write(b"%x\r\n%b\r\n" % (len(part), part) if is_chunked and part else part)
                connection.write(b"0\r\n\r\n" if is_chunked else b"")
                assert (await connection.read_to_end()).endswith(b"\r\n\r\n%d" % size)
        assert forwarding_of(owner).served == 12


async def test_a_body_that_is_refused_before_its_end_gets_its_answer() -> None:
    async with two(b"/") as (front, _), connected(front.port) as connection:
        connection.write(get("/?sid=owner-1", "Content-Length: 2000").replace(b"GET", b"POST") + bytes(500))
        assert (await connection.read_answer()).startswith(b"HTTP/1.1 413 ")


async def test_a_client_that_reads_slowly_has_nothing_pile_up_here(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[int] = []
    take = Relay.data_received

    def measured(self: Relay, data: bytes) -> None:
        take(self, data)
        waiting.append(self._client.transport.get_write_buffer_size())

    monkeypatch.setattr(Relay, "data_received", measured)
    async with two(b"/large") as (front, _), connected(front.port) as connection:
        connection.stop_reading()
        connection.write(get("/large?sid=owner-1"))
        seen = -1
        async with asyncio.timeout(PATIENCE_SECONDS):
            while seen < len(waiting) or not waiting:  # until nothing more is read from the owner
                seen = len(waiting)
                await asyncio.sleep(0.2)
        assert 0 < max(waiting) < 1_000_000
        connection.resume_reading()
        answer = await connection.read_to_end()
        assert len(answer.partition(b"\r\n\r\n")[2]) == LARGE_BYTES
        assert max(waiting) < 1_000_000


@pytest.mark.parametrize("is_read", [True, False])
async def test_a_client_that_reads_no_more_is_cut_off(is_read: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the other node has gone meanwhile, and has been read to its end or not."""
    monkeypatch.setattr(relay, "TAKE_SECONDS", 0.3)
    connection_made = Relay.connection_made

    def with_room(self: Relay, transport: asyncio.BaseTransport) -> None:
        connection_made(self, transport)
        self._client.transport.set_write_buffer_limits(high=2 * LARGE_BYTES)

    if is_read:
        monkeypatch.setattr(Relay, "connection_made", with_room)

    async def say_much_and_go(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(bytes(LARGE_BYTES))
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(1):
                await writer.drain()
        writer.close()

    async with front_of_handler(b"/unread", say_much_and_go) as front, connected(front.port) as connection:
        connection.stop_reading()
        connection.write(get("/unread?sid=owner-1"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not forwarding_of(front).outcomes["answered"]:  # noqa: ASYNC110  # nobody is told of it
                await asyncio.sleep(0.01)
        await front.wait_until_empty()


async def test_a_node_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "TAKE_SECONDS", 0.3)
    enough = asyncio.Event()

    async def read_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await enough.wait()
        writer.transport.abort()

    async with front_of_handler(b"/unread", read_nothing) as front, connected(front.port) as connection:
        head = get("/unread?sid=owner-1", f"Content-Length: {LARGE_BYTES}").replace(b"GET", b"POST")
        connection.write(head + bytes(LARGE_BYTES))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not forwarding_of(front).outcomes["unreachable"]:  # noqa: ASYNC110  # nobody is told of it
                await asyncio.sleep(0.01)
        enough.set()
        await front.wait_until_empty()


async def test_a_node_that_reads_slowly_has_nothing_pile_up_here() -> None:
    arrived, enough = asyncio.Event(), asyncio.Event()

    async def read_no_more(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        arrived.set()
        await enough.wait()
        writer.transport.abort()

    async with front_of_handler(b"/unread", read_no_more) as front, connected(front.port) as connection:
        head = get("/unread?sid=owner-1", f"Content-Length: {LARGE_BYTES}").replace(b"GET", b"POST")
        connection.write(head + bytes(LARGE_BYTES))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await arrived.wait()
        with pytest.raises(TimeoutError):  # the kernel's buffers are full, and nobody takes more
            async with asyncio.timeout(1):
                await connection.drain()
        enough.set()


async def test_sessions_of_nobody_and_of_a_node_that_is_gone_are_answered_here() -> None:
    async with serving(door(Table(OWNER), b"/unread")) as owner:
        port = owner.port
    async with front_of(port, b"/unread") as front:
        for sid, outcome in (("owner-1", "unreachable"), ("nobody-1", "unknown")):
            for request in (
                get(f"/unread?sid={sid}"),
                get(f"/unread?sid={sid}", "Content-Length: 5").replace(b"GET", b"POST") + b"abcde",
                get(f"/unread?sid={sid}", "Transfer-Encoding: chunked").replace(b"GET", b"POST") + b"0\r\n\r\n",
            ):
                answer = await answer_to(front.port, request)
                assert answer.startswith(b"HTTP/1.1 200 ")
                assert answer.endswith(UNREAD)
            assert forwarding_of(front).outcomes[outcome] == 3  # type: ignore[index]
        await front.wait_until_empty()


async def close_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


@pytest.mark.parametrize("handle", [close_at_once, say_nothing])
async def test_a_node_that_ends_or_hangs_before_it_answers_is_as_good_as_gone(handle: Handler) -> None:
    async with front_of_handler(b"/unread", handle, answer_seconds=0.2) as front:
        assert (await answer_to(front.port, get("/unread?sid=owner-1"))).endswith(UNREAD)
        assert forwarding_of(front).outcomes["unreachable"] == 1
        await front.wait_until_empty()


async def test_an_answer_that_breaks_off_breaks_off_for_the_client() -> None:
    beginning = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"

    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(beginning)
        await writer.drain()
        writer.close()

    async with front_of_handler(b"/unread", break_off) as front:
        assert await answer_to(front.port, get("/unread?sid=owner-1")) == beginning
        await front.wait_until_empty()


async def test_a_client_that_leaves_is_gone_for_the_other_node_as_well() -> None:
    arrived, left = asyncio.Event(), asyncio.Event()

    async def watch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        await reader.read()
        left.set()
        writer.close()

    async with front_of_handler(b"/unread", watch) as front, asyncio.timeout(PATIENCE_SECONDS):
        async with connected(front.port) as connection:
            connection.write(get("/unread?sid=owner-1"))
            await arrived.wait()
            assert forwarding_of(front).current == 1
        await left.wait()
        assert forwarding_of(front).current == 0


async def test_what_a_client_asked_that_has_left_meanwhile_is_not_passed_on() -> None:
    """It may have asked again elsewhere. A poll that came late would take what is for its next one."""
    found = asyncio.Event()

    class SlowTable(Table):
        async def find(self, sid: str) -> Peer | None:
            await found.wait()
            return await super().find(sid)

    async with serving(door(Table(OWNER), b"/whence")) as owner:
        table = SlowTable(FRONT, b"the key of the front", {OWNER: Peer("127.0.0.1", owner.port, KEY)})
        async with serving(door(table, b"/whence")) as front:
            for request in (
                get("/whence?sid=owner-1"),
                get("/whence?sid=owner-1", "Content-Length: 2000").replace(b"GET", b"POST") + bytes(2000),
            ):
                async with connected(front.port) as connection, asyncio.timeout(PATIENCE_SECONDS):
                    connection.write(request)
                    while not forwarding_of(front).current:  # noqa: ASYNC110  # nobody is told of it
                        await asyncio.sleep(0)
                await front.wait_until_empty()
            found.set()
            assert (await answer_to(front.port, get("/whence?sid=owner-1"))).startswith(b"HTTP/1.1 200 ")
            assert forwarding_of(owner).served == forwarding_of(front).outcomes["answered"] == 1
            assert forwarding_of(front).current == 0


async def test_little_waits_for_a_node_that_is_not_connected_to_yet() -> None:
    found = asyncio.Event()

    class SlowTable(Table):
        async def find(self, sid: str) -> Peer | None:  # noqa: ARG002
            await found.wait()
            return None

    async with serving(door(SlowTable(FRONT), b"/unread")) as front, connected(front.port) as connection:
        head = get("/unread?sid=owner-1", f"Content-Length: {LARGE_BYTES}").replace(b"GET", b"POST")
        connection.write(head + bytes(LARGE_BYTES))
        with pytest.raises(TimeoutError):  # the kernel's buffers are full, and nobody takes more
            async with asyncio.timeout(1):
                await connection.drain()
        found.set()
        assert (await connection.read_to_end()).startswith(b"HTTP/1.1 413 ")


async def test_no_more_than_a_bound_are_passed_on_at_the_same_time() -> None:
    async with (
        front_of_handler(b"/unread", say_nothing, max_requests=2, answer_seconds=60) as front,
        connected(front.port) as first,
        connected(front.port) as second,
    ):
        for connection in (first, second):
            connection.write(get("/unread?sid=owner-1"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while forwarding_of(front).current < 2:  # noqa: ASYNC110  # nobody is told of it
                await asyncio.sleep(0)
        refused = await answer_to(front.port, get("/unread?sid=owner-1", "Connection: close"))
        assert refused.startswith(b"HTTP/1.1 503 ")
        assert forwarding_of(front).outcomes["refused"] == 1
        assert (await answer_to(front.port, get("/unread?sid=front-1", "Connection: close"))).endswith(UNREAD)


async def test_a_request_that_names_its_own_way_back_is_passed_on_once() -> None:
    """The table says that the owner is where the request came in."""
    table = Table(FRONT)
    async with serving(door(table, b"/unread")) as front:
        table.peers[OWNER] = Peer("127.0.0.1", front.port, KEY)
        assert (await answer_to(front.port, get("/unread?sid=owner-1"))).endswith(UNREAD)
        assert forwarding_of(front).outcomes == {"answered": 1, "unknown": 0, "unreachable": 0, "refused": 0}
        assert forwarding_of(front).served == 1


def header_of(path: bytes, client: str, key: bytes, method: bytes = b"GET") -> str:
    """What a node with this key would say of a client."""
    head = forwarded_head(Head(method, path, []), client, key, is_upgrade=False)
    return next(line for line in head.decode().split("\r\n") if line.startswith("x-hyred-forwarded"))


STRANGERS = (
    "X-Hyred-Forwarded: 203.0.113.7",
    f"X-Hyred-Forwarded: 203.0.113.7 {'0' * 64}",
    "X-Hyred-Forwarded: 203.0.113.7 \xe9",
    header_of(b"/whence?sid=owner-1", "203.0.113.7", b"another key"),
    header_of(b"/whence?sid=owner-2", "203.0.113.7", KEY),
    header_of(b"/whence?sid=owner-1", "203.0.113.8", KEY).replace("203.0.113.8", "203.0.113.7"),
)


async def test_a_stranger_who_claims_to_be_a_node_is_a_stranger() -> None:
    async with two(b"/whence") as (front, owner):
        for header in STRANGERS:
            request = get("/whence?sid=owner-1", header, "Connection: close")
            assert (await answer_to(owner.port, request, CLIENT)).endswith(WHENCE % CLIENT.encode())
            # Nor is it passed on: what has the header never is.
            assert (await answer_to(front.port, request, CLIENT)).endswith(WHENCE % CLIENT.encode())
        assert forwarding_of(owner).served == forwarding_of(front).outcomes["answered"] == 0


async def test_what_one_node_asks_for_many_clients_counts_for_each_of_them() -> None:
    table = Table(OWNER, hosts=frozenset({"127.0.0.1"}))
    bounded = Door(
        admission=admission(max_per_address=2),
        forwarding=Forwarding(table, b"/unread", max_requests=10, answer_seconds=10),
    )
    async with serving(bounded) as owner, AsyncExitStack() as stack:
        for _ in range(3):  # whose requests have not come yet
            await stack.enter_async_context(connected(owner.port))
        statuses: dict[int, list[bytes]] = {}
        for number in (1, 1, 1, 2, 3):
            connection = await stack.enter_async_context(connected(owner.port))
            said = header_of(b"/?sid=owner-1", f"203.0.113.{number}", KEY, method=b"POST")
            request = get("/?sid=owner-1", said, "Content-Length: 5", "Expect: 100-continue").replace(b"GET", b"POST")
            connection.write(request)  # it lasts: its body does not come
            statuses.setdefault(number, []).append((await connection.read_line()).split()[1])
        assert statuses == {1: [b"100", b"100", b"429"], 2: [b"100"], 3: [b"100"]}


async def test_the_next_request_of_a_connection_is_not_answered_by_the_other_node() -> None:
    async with two(b"/whence") as (front, owner):
        answer = await answer_to(front.port, get("/whence?sid=owner-1") + get("/whence?sid=front-1"))
        assert answer.count(b"HTTP/1.1 ") == 1
        assert forwarding_of(owner).served == 1


async def test_a_node_that_cannot_be_connected_to_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "CONNECT_SECONDS", 0.0)
    async with two(b"/unread") as (front, _):
        assert (await answer_to(front.port, get("/unread?sid=owner-1"))).endswith(UNREAD)
        assert forwarding_of(front).outcomes["unreachable"] == 1
