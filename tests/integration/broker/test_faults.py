"""Redis dies, forgets, hangs or throws us out. What is published after it has recovered arrives, and we were told."""

import asyncio
import os
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio.connection import AbstractConnection

from hyred_chat.broker import leases, pulse
from hyred_chat.broker.address import Endpoint
from hyred_chat.broker.embedded import ValkeyServer
from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.broker.link import LinkState
from hyred_chat.broker.publish_queue import MAX_BYTES
from hyred_chat.broker.subscriptions import BATCH_CHANNELS
from tests.faulty_proxy import FaultyProxy, redis_proxy
from tests.integration.broker.nodes import Node, running


@pytest.fixture
async def proxy(private_valkey: ValkeyServer) -> AsyncIterator[FaultyProxy]:
    async with redis_proxy(private_valkey.port) as proxy:
        yield proxy


@pytest.fixture
async def node(proxy: FaultyProxy) -> AsyncIterator[Node]:
    """A node behind the proxy, subscribed to one channel."""
    async with running(proxy.url) as node:
        await node.subscribe(channel_of(node))
        yield node


def channel_of(node: Node) -> str:
    return node.broker.names.name("u", "42")


async def assert_whole(node: Node) -> None:
    """What is published now arrives."""
    assert node.broker.state is LinkState.CONNECTED
    node.broker.publish(channel_of(node), b"after")
    await node.hear(b"after")


async def test_a_server_that_was_killed_and_comes_back_empty(node: Node, private_valkey: ValkeyServer) -> None:
    private_valkey.stop(immediate=True)
    await node.wait_lost()
    assert node.broker.state is LinkState.UNREACHABLE
    with pytest.raises(BrokerUnavailableError):
        await node.broker.execute("PING")
    private_valkey.start()
    await node.wait_restored(2)
    await assert_whole(node)


async def test_what_is_published_meanwhile_is_sent_later_but_for_what_is_droppable(
    node: Node, private_valkey: ValkeyServer
) -> None:
    private_valkey.stop(immediate=True)
    await node.wait_lost()
    node.broker.publish(channel_of(node), b"kept")
    node.broker.publish(channel_of(node), b"typing", droppable=True)
    assert node.broker.waiting_frames >= 1
    private_valkey.start()
    await node.wait_restored(2)
    await assert_whole(node)
    assert (channel_of(node), b"typing") not in node.frames
    assert node.broker.counters.dropped == 1


async def test_what_is_published_while_a_connection_breaks_is_sent_by_the_next_one(
    node: Node, proxy: FaultyProxy
) -> None:
    (link,) = node.broker._routes.links
    session = link._session
    assert session is not None

    publisher, lose = session.publisher, session.publisher._on_lost
    assert lose is not None

    def publish_when_lost(reason: str) -> None:
        lose(reason)
        node.broker.publish(channel_of(node), b"in the middle")

    publisher._on_lost = publish_when_lost
    proxy.cut()
    await node.wait_restored(2)
    await node.hear(b"in the middle")


async def test_subscribers_that_are_killed_are_back_at_once(node: Node) -> None:
    began = time.monotonic()
    await node.broker.execute("CLIENT", "KILL", "TYPE", "pubsub")
    await node.wait_restored(2)
    assert time.monotonic() - began < 4  # sooner than by missing a probe
    await assert_whole(node)
    assert node.broker.counters.reconnects == 1


async def test_a_subscriber_that_reads_too_slowly_and_is_thrown_out(
    node: Node, proxy: FaultyProxy, private_valkey: ValkeyServer
) -> None:
    async with running(private_valkey.url, "b") as other:
        await other.broker.execute("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 1mb 1")
        proxy.pause()
        for _ in range(500):
            other.broker.publish(channel_of(node), bytes(60_000))
        assert await other.broker.drain(timeout_seconds=5)
        proxy.resume()
    await node.wait_restored(2)
    await assert_whole(node)


async def test_a_server_that_is_paused(node: Node) -> None:
    await node.broker.execute("CLIENT", "PAUSE", "4000", "ALL")
    await node.wait_lost()
    assert node.broker.state is LinkState.UNREACHABLE
    await node.wait_restored(2)
    await assert_whole(node)


async def test_a_connection_that_is_dead_without_a_word(node: Node, proxy: FaultyProxy) -> None:
    proxy.silence()
    await node.wait_restored(2)
    await assert_whole(node)


async def test_a_subscriber_that_hears_nothing_while_commands_are_answered(node: Node, proxy: FaultyProxy) -> None:
    """The worst of all: everything looks well. It is found out within 6 s, and said."""
    began = time.monotonic()
    proxy.lose_answers_to(b"SUBSCRIBE")
    await node.wait_lost()
    assert time.monotonic() - began < 7
    assert node.lost == ["nothing that is published arrives"]
    assert node.broker.state is LinkState.DEAF
    proxy.cut()
    await node.wait_restored(2)
    await assert_whole(node)
    assert node.broker.counters.deaf_seconds > 5


async def test_a_link_that_is_slow_is_not_dead(node: Node, proxy: FaultyProxy) -> None:
    proxy.delay_seconds = 0.2
    await assert_whole(node)
    assert node.lost == []


async def test_a_flush_takes_the_lease_and_no_subscription(
    private_valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 0.2)
    async with running(private_valkey.url) as node:
        await node.subscribe(channel_of(node))
        before = node.broker.incarnation
        await node.broker.execute("FLUSHALL")
        await node.wait_lease_lost()
        assert node.broker.incarnation != before
        assert await node.broker.live_nodes() == {node.broker.incarnation}
        await assert_whole(node)
        assert node.lost == []


async def test_a_lease_that_a_server_lost_by_restarting_is_taken_anew_at_once(
    private_valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 3600)
    async with running(private_valkey.url) as node:
        private_valkey.stop(immediate=True)
        await node.wait_lost()
        private_valkey.start()
        await node.wait_lease_lost()
        assert await node.broker.live_nodes() == {node.broker.incarnation}


async def test_restored_is_said_when_everything_is_subscribed_to_again(
    node: Node, proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "PROBE_SECONDS", 0.1)  # some come back meanwhile
    for number in range(12 * BATCH_CHANNELS):
        node.broker.subscribe(node.broker.names.name("r", str(number)))
    last = node.broker.names.name("r", "last")
    await node.subscribe(last)
    proxy.delay_seconds = 0.08
    proxy.cut()
    await node.wait_restored(2)
    assert node.was_whole


async def test_what_a_server_does_not_read_waits_in_the_bounded_queue(node: Node, proxy: FaultyProxy) -> None:
    proxy.pause()
    for _ in range(20):
        for _ in range(50):
            node.broker.publish(channel_of(node), bytes(60_000))
        await asyncio.sleep(0)
    (link,) = node.broker._routes.links
    assert link._session is not None
    transport = link._session.publisher._transport
    assert transport is not None
    assert transport.get_write_buffer_size() < 3 * 1024 * 1024
    assert 0 < node.broker.waiting_bytes <= MAX_BYTES
    assert node.broker.counters.dropped > 0
    proxy.resume()


async def test_a_primary_that_becomes_a_replica_is_left_when_it_refuses_to_write(node: Node) -> None:
    await node.broker.execute("REPLICAOF", "127.0.0.1", "1")
    with pytest.raises(BrokerUnavailableError, match="read only"):
        await node.broker.execute("SET", "key", "value")
    await node.wait_lost()
    await node.broker.execute("REPLICAOF", "NO", "ONE")
    await node.wait_restored(2)
    await assert_whole(node)


async def test_a_process_that_was_stopped_for_a_while_says_so(node: Node) -> None:
    own = os.getpid()
    process = await asyncio.create_subprocess_exec("sh", "-c", f"kill -STOP {own}; sleep 3.5; kill -CONT {own}")
    await process.wait()
    await node.wait_restored(2)
    assert node.lost == ["this process did not run for a while"]
    await assert_whole(node)


async def test_a_server_that_refuses_connections_again_and_again_is_asked_ever_more_rarely(
    node: Node, proxy: FaultyProxy
) -> None:
    proxy.refuse()
    await node.wait_lost()
    await proxy.wait_refused(5)
    proxy.cut()
    await node.wait_restored(2)
    await assert_whole(node)
    assert node.broker.counters.reconnects >= 2


async def test_a_server_that_is_out_of_memory_is_unavailable_and_carries_frames_all_the_same(node: Node) -> None:
    await node.broker.execute("CONFIG", "SET", "maxmemory", "1")
    with pytest.raises(BrokerUnavailableError, match="memory"):
        await node.broker.execute("SET", "key", "value")
    await assert_whole(node)
    assert node.lost == []


async def test_an_error_that_nobody_expected_ends_nothing(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment = node.broker._deployment
    connect, failures = deployment.new_connection, [RuntimeError("unexpected"), RuntimeError("again")]

    def fail_twice(endpoint: Endpoint) -> AbstractConnection:
        if failures:
            raise failures.pop()
        return connect(endpoint)

    monkeypatch.setattr(deployment, "new_connection", fail_twice)
    await node.broker.execute("CLIENT", "KILL", "TYPE", "pubsub")
    await node.wait_restored(2)
    await assert_whole(node)


async def test_commands_that_the_user_may_not_run_are_unavailable(node: Node, private_valkey: ValkeyServer) -> None:
    await node.broker.execute("ACL", "SETUSER", "reader", "on", "nopass", "~hyred:*", "&*", "+@all", "-set")
    async with running(private_valkey.url.replace("://", "://reader:any@"), "b") as reader:
        with pytest.raises(BrokerUnavailableError, match="permissions"):
            await reader.broker.execute("SET", "hyred:key", "value")
        await reader.subscribe(channel_of(reader))
        await assert_whole(reader)  # without a lease, but not without frames
