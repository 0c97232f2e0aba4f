"""How many connections there may be, for whom a proxy speaks, and which names are answered to."""

import ipaddress
from contextlib import AsyncExitStack

import pytest

from hyred_chat.http import connections
from hyred_chat.http.addresses import Proxies
from hyred_chat.http.door import Door
from hyred_chat.http.head import Head
from hyred_chat.http.hosts import Hosts
from tests.integration.http.served import LOOPBACK, Served, admission, answer_to, connected, serving

GET = b"GET /unread HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
UPGRADE = b"GET /unread HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"
HEALTH = GET.replace(b"/unread", b"/whence")
OPEN = b"GET /unread HTTP/1.1\r\n"


def is_health(head: Head) -> bool:
    return head.path == b"/whence"


async def hold(stack: AsyncExitStack, served: Served, count: int, sent: bytes = OPEN) -> None:
    """Connections whose heads never end."""
    for _ in range(count):
        connection = await stack.enter_async_context(connected(served.port))
        connection.write(sent)
        await connection.drain()


async def test_past_the_bound_only_what_is_essential_is_answered_and_everything_is_counted_out_again() -> None:
    door = Door(admission=admission(max_connections=4, reserve=2), is_essential=is_health)
    async with serving(door) as served:
        async with AsyncExitStack() as stack:
            await hold(stack, served, 4)
            for _ in range(20):
                refused = await answer_to(served.port, GET)
                assert refused.startswith(b"HTTP/1.1 503 ")
                assert b'"code":"unavailable"' in refused
                assert (await answer_to(served.port, UPGRADE)).startswith(b"HTTP/1.1 503 ")
                assert (await answer_to(served.port, HEALTH)).startswith(b"HTTP/1.1 200 ")
        await served.wait_until_empty()
        assert (await answer_to(served.port, GET)).startswith(b"HTTP/1.1 200 ")


async def test_a_crowd_before_the_reserve_does_not_keep_health_checks_out() -> None:
    door = Door(admission=admission(max_connections=4, reserve=2), is_essential=is_health)
    async with serving(door) as served, AsyncExitStack() as stack:
        await hold(stack, served, 50)
        assert door.admission.connection_count <= 6
        assert (await answer_to(served.port, HEALTH)).startswith(b"HTTP/1.1 200 ")


async def test_in_the_reserve_a_head_has_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "RESERVE_TIMEOUT_SECONDS", 0.2)
    door = Door(admission=admission(max_connections=0, reserve=2))
    async with serving(door) as served:
        assert (await answer_to(served.port, OPEN)).startswith(b"HTTP/1.1 408 ")
        await served.wait_until_empty()


async def test_an_address_has_no_more_connections_than_it_may() -> None:
    door = Door(admission=admission(max_per_address=3), is_essential=is_health)
    async with serving(door) as served, AsyncExitStack() as stack:
        await hold(stack, served, 3)
        refused = await answer_to(served.port, GET)
        assert refused.startswith(b"HTTP/1.1 429 ")
        assert b"retry-after" in refused
        assert (await answer_to(served.port, HEALTH)).startswith(b"HTTP/1.1 200 ")


async def test_one_address_never_gets_more_than_half_of_all() -> None:
    door = Door(admission=admission(max_connections=6, max_per_address=1000))
    async with serving(door) as served, AsyncExitStack() as stack:
        await hold(stack, served, 3)
        assert (await answer_to(served.port, GET)).startswith(b"HTTP/1.1 429 ")


async def test_behind_a_trusted_proxy_the_clients_are_counted_and_not_the_proxy() -> None:
    door = Door(admission=admission(max_per_address=2), proxies=Proxies(LOOPBACK))
    waiting = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\nX-Forwarded-For: %s\r\n\r\n"
    async with serving(door) as served, AsyncExitStack() as stack:
        await hold(stack, served, 5)  # of the proxy itself
        await hold(stack, served, 2, waiting % b"2001:db8::1")
        for address, status in ((b"2001:db8::2", b"429"), (b"2001:db8:0:1::1", b"200"), (b"192.0.2.1", b"200")):
            answer = await answer_to(served.port, GET[:-2] + b"X-Forwarded-For: %s\r\n\r\n" % address)
            assert answer.startswith(b"HTTP/1.1 " + status), address


async def test_a_proxy_s_connection_is_counted_for_a_client_only_while_it_serves_it() -> None:
    door = Door(admission=admission(max_per_address=1), proxies=Proxies(LOOPBACK))
    keep = b"GET /unread HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"
    async with serving(door) as served, connected(served.port) as first, connected(served.port) as second:
        for connection in (first, second, first, second):
            connection.write(keep)
            assert (await connection.read_answer()).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("networks", "headers", "address", "scheme"),
    [
        ([], b"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n", "127.0.0.1", "http"),
        (LOOPBACK, b"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n", "192.0.2.1", "https"),
        (LOOPBACK, b"X-Forwarded-For: 6.6.6.6, 192.0.2.1\r\n", "192.0.2.1", "http"),
        (LOOPBACK, b"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1", "http"),
        (LOOPBACK, b"X-Forwarded-Proto: https, http\r\n", "127.0.0.1", "http"),
        (LOOPBACK, b"X-Forwarded-Proto: gopher\r\n", "127.0.0.1", "http"),
    ],
)
async def test_only_a_trusted_proxy_says_whom_it_speaks_for(
    networks: list[ipaddress.IPv4Network], headers: bytes, address: str, scheme: str
) -> None:
    door = Door(admission=admission(), proxies=Proxies(networks))
    async with serving(door) as served:
        answer = await answer_to(served.port, HEALTH[:-2] + headers + b"\r\n")
        assert answer.endswith(f'["{address}","{scheme}"]'.encode())


async def test_a_request_for_another_s_name_is_refused_by_http_and_websocket() -> None:
    door = Door(admission=admission(), hosts=Hosts(["chat.example"]))
    async with serving(door) as served:
        for request in (GET, UPGRADE):
            refused = await answer_to(served.port, request.replace(b"here", b"attacker.example"))
            assert refused.startswith(b"HTTP/1.1 421 ")
            assert b'"code":"unknown_host"' in refused
        assert (await answer_to(served.port, GET.replace(b"here", b"chat.example:3000"))).startswith(b"HTTP/1.1 200 ")
        twice = GET.replace(b"Host: here", b"Host: chat.example\r\nHost: attacker.example")
        assert (await answer_to(served.port, twice)).startswith(b"HTTP/1.1 421 ")
