"""Sentinel fails over, slots move, servers of a cluster die and come back: nodes follow, and say so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from hyred_chat.broker.broker import Broker
from hyred_chat.broker.deployments import SentinelPrimary
from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.broker.link import LinkState
from hyred_chat.broker.partitions import PARTITION_SLOTS, Names, partition_of
from tests.integration.broker.clusters import (
    PATIENCE_SECONDS,
    SERVICE,
    Cluster,
    ask,
    cluster_of_three,
    wait_until,
    watched_pair,
)
from tests.integration.broker.nodes import Node, running

CHANNEL = Names("hyred").name("u", "42")
SLOT = PARTITION_SLOTS[partition_of("42")]
CHANNELS = [Names("hyred").name("u", str(number)) for number in range(600)]


@pytest.fixture(scope="module")
async def cluster() -> AsyncIterator[Cluster]:
    async with cluster_of_three() as cluster:
        yield cluster


async def increment(broker: Broker) -> int:
    """Count up once the primary takes commands: Sentinel may not name the new one yet."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with suppress(BrokerUnavailableError):
                count: int = await broker.execute("INCR", "key")
                return count


async def test_nodes_follow_when_the_primary_dies_and_another_one_is_promoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SentinelPrimary, "relocation_seconds", 3600.0)  # it is asked for when a connection breaks
    async with (
        watched_pair() as (sentinel, primary),
        running(sentinel.url, "a") as a,
        running(sentinel.url, "b") as b,
    ):
        await a.subscribe(CHANNEL)
        primary.stop(immediate=True)
        await a.wait_restored(2)
        await b.wait_restored(2)
        b.broker.publish(CHANNEL, b"on the new one")
        await a.hear(b"on the new one")
        assert a.was_whole
        assert await increment(a.broker) > 0


async def test_nodes_follow_when_the_primary_is_replaced_and_lives_on_as_a_replica() -> None:
    async with (
        watched_pair() as (sentinel, _),
        running(sentinel.url, "a") as a,
        running(sentinel.url, "b") as b,
    ):
        await a.subscribe(CHANNEL)
        await ask(sentinel, "SENTINEL", "FAILOVER", SERVICE)
        await a.wait_restored(2)
        await b.wait_restored(2)
        await wait_until(lambda: _is_whole(a, b))
        assert await increment(a.broker) > 0


async def test_frames_cross_a_cluster_on_the_server_that_has_their_slot(cluster: Cluster) -> None:
    async with running(cluster.url, "a") as a, running(cluster.url, "b") as b:
        for channel in CHANNELS:
            a.broker.subscribe(channel)
        for channel in CHANNELS:
            await a.broker.wait_subscribed(channel)
        for channel in CHANNELS:
            b.broker.publish(channel, channel.encode())
        for channel in CHANNELS:
            await a.hear(channel.encode())
        assert sorted(a.frames) == sorted((channel, channel.encode()) for channel in CHANNELS)
        counts = [len(await ask(server, "PUBSUB", "SHARDCHANNELS")) for server in cluster.servers]
        assert sum(counts) == len(CHANNELS) + 2 * len(cluster.servers)  # and a probe of each node to each server
        assert min(counts) > 100


async def test_a_slot_that_moves_takes_its_subscriptions_along(cluster: Cluster) -> None:
    source = cluster.owner(SLOT)
    target = cluster.servers[cluster.servers.index(source) - 1]
    async with running(cluster.url, "a") as a, running(cluster.url, "b") as b:
        for channel in CHANNELS:
            a.broker.subscribe(channel)
        await a.subscribe(CHANNEL)
        before = len(a.restored)
        await cluster.move(SLOT, source, target)
        await a.wait_restored(before + 1)
        await wait_until(lambda: _is_whole(a, b))
        assert a.was_whole
        await cluster.move(SLOT, target, source)
        await wait_until(lambda: _is_whole(a, b))
        await a.broker.wait_connected(timeout_seconds=5)
        assert a.was_whole
        assert a.broker.counters.reconnects == 0  # the other slots of the server were not disturbed


async def _is_whole(a: Node, b: Node) -> bool:
    """Whether what one node publishes arrives at the other one."""
    count = len(a.frames)
    b.broker.publish(CHANNEL, b"x")
    await b.broker.drain(timeout_seconds=2)
    await a.broker.execute("PING")
    return len(a.frames) > count


async def test_a_server_of_a_cluster_that_is_killed_and_comes_back(cluster: Cluster) -> None:
    async with running(cluster.url, "a") as a, running(cluster.url, "b") as b:
        await a.subscribe(CHANNEL)
        server = cluster.owner(SLOT)
        server.stop(immediate=True)
        await a.wait_lost()
        assert a.broker.state is LinkState.UNREACHABLE
        before = len(a.restored)
        server.start()
        await a.wait_restored(before + 1)
        await wait_until(lambda: _is_whole(a, b))
        await wait_until(cluster.is_whole)


async def test_commands_go_to_the_server_that_has_their_key(cluster: Cluster) -> None:
    async with running(cluster.url) as node:
        names = [node.broker.names.name("count", str(number)) for number in range(50)]
        assert await node.broker.pipeline([("INCR", name) for name in names]) == [1] * 50
        assert await node.broker.execute("EVAL", "return redis.call('GET', KEYS[1])", 1, names[0]) == b"1"
        assert node.broker.incarnation in await node.broker.live_nodes()
