"""What a broker does while nothing is wrong."""

import asyncio
from uuid import uuid4

import pytest
from redis.exceptions import ResponseError

from hyred_chat.broker.broker import Broker
from hyred_chat.broker.embedded import ValkeyServer
from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.broker.link import LinkState
from hyred_chat.broker.subscriptions import BATCH_CHANNELS
from tests.integration.broker.nodes import running


@pytest.fixture
def prefix() -> str:
    """Names of the test's own on the shared server."""
    return uuid4().hex


async def test_what_is_published_arrives_at_every_node_that_subscribes(valkey: ValkeyServer, prefix: str) -> None:
    async with running(valkey.url, "a", prefix=prefix) as a, running(valkey.url, "b", prefix=prefix) as b:
        channel = a.broker.names.name("u", "42")
        await a.subscribe(channel)
        await b.subscribe(channel)
        a.broker.publish(channel, b"one")
        await a.hear(b"one")
        await b.hear(b"one")
        assert b.frames == [(channel, b"one")]


async def test_frames_of_a_channel_arrive_in_the_order_in_which_they_were_published(
    valkey: ValkeyServer, prefix: str
) -> None:
    async with running(valkey.url, prefix=prefix) as node:
        channel = node.broker.names.name("r", "1")
        await node.subscribe(channel)
        frames = [b"%d" % number for number in range(5000)]
        for frame in frames:
            node.broker.publish(channel, frame)
        await node.hear(frames[-1])
        assert [frame for _, frame in node.frames] == frames


async def test_a_node_hears_nothing_of_channels_that_it_does_not_subscribe_to(
    valkey: ValkeyServer, prefix: str
) -> None:
    async with running(valkey.url, prefix=prefix) as node:
        names = node.broker.names
        wanted, left = names.name("u", "1"), names.name("u", "2")
        await node.subscribe(left)
        node.broker.unsubscribe(left)
        await node.subscribe(wanted)  # confirmed after the other one has ended
        node.broker.publish(left, b"not for us")
        node.broker.publish(wanted, b"for us")
        await node.hear(b"for us")
        assert node.frames == [(wanted, b"for us")]


async def test_thousands_of_channels_are_subscribed_to_in_batches(valkey: ValkeyServer, prefix: str) -> None:
    async with running(valkey.url, prefix=prefix) as node:
        channels = [node.broker.names.name("u", str(number)) for number in range(3 * BATCH_CHANNELS)]
        for channel in channels:
            node.broker.subscribe(channel)
        for channel in channels:
            await node.broker.wait_subscribed(channel)
        for channel in channels:
            node.broker.publish(channel, b"x")
        node.broker.publish(channels[0], b"last")
        await node.hear(b"last")
        assert [channel for channel, frame in node.frames if frame == b"x"] == channels


async def test_a_callback_that_fails_disturbs_nobody(valkey: ValkeyServer, prefix: str) -> None:
    async with running(valkey.url, prefix=prefix) as node:
        channel = node.broker.names.name("u", "1")
        await node.subscribe(channel)
        note_down = node.broker.on_frame

        def fail_once(name: str, frame: bytes) -> None:
            node.broker.on_frame = note_down
            raise RuntimeError(name, frame)

        node.broker.on_frame = fail_once
        node.broker.publish(channel, b"one")
        node.broker.publish(channel, b"two")
        await node.hear(b"two")
        assert node.broker.state is LinkState.CONNECTED


async def test_a_frame_that_is_too_large_is_refused_at_once(valkey: ValkeyServer, prefix: str) -> None:
    async with running(valkey.url, prefix=prefix) as node:
        with pytest.raises(ValueError, match="65536"):
            node.broker.publish(node.broker.names.name("u", "1"), bytes(65_537))


async def test_drain_returns_when_redis_has_everything(valkey: ValkeyServer, prefix: str) -> None:
    async with running(valkey.url, prefix=prefix) as node:
        for _ in range(1000):
            node.broker.publish(node.broker.names.name("u", "1"), b"x")
        assert await node.broker.drain(timeout_seconds=5)
        assert node.broker.waiting_frames == 0
        assert node.broker.counters.published >= 1000


async def test_commands_and_scripts_are_answered(valkey: ValkeyServer, prefix: str) -> None:
    async with running(valkey.url, prefix=prefix) as node:
        broker = node.broker
        key = broker.names.name("on", "42")
        assert await broker.pipeline([("HSET", key, "node", "here"), ("HGETALL", key)]) == [1, {b"node": b"here"}]
        script = "redis.call('HDEL', KEYS[1], ARGV[1]) return redis.call('HLEN', KEYS[1])"
        assert await broker.execute("EVAL", script, 1, key, "node") == 0
        with pytest.raises(ResponseError, match="unknown command"):
            await broker.execute("NONSENSE")


async def test_more_commands_at_once_than_there_are_connections_wait_for_one_another(
    valkey: ValkeyServer, prefix: str
) -> None:
    async with running(valkey.url, prefix=prefix) as node:
        key = node.broker.names.name("count", "1")
        await asyncio.gather(*(node.broker.execute("INCR", key) for _ in range(200)))
        assert await node.broker.execute("GET", key) == b"200"


async def test_a_command_that_is_cancelled_is_cancelled_whenever_that_is(valkey: ValkeyServer, prefix: str) -> None:
    async with running(valkey.url, prefix=prefix) as node:
        for turns in range(30):
            task = asyncio.create_task(node.broker.execute("PING"))
            for _ in range(turns):
                await asyncio.sleep(0)
            is_cancelled = task.cancel()
            await asyncio.wait([task])
            assert task.cancelled() is is_cancelled


async def test_nodes_that_hold_a_lease_are_live(valkey: ValkeyServer, prefix: str) -> None:
    async with running(valkey.url, "a", prefix=prefix) as a, running(valkey.url, "b", prefix=prefix) as b:
        assert await a.broker.live_nodes() == {a.broker.incarnation, b.broker.incarnation}
        assert a.broker.incarnation.startswith("a#")
        await a.broker.execute("DEL", a.broker.names.name_in(0, "node", b.broker.incarnation))
        assert await a.broker.dead_nodes() == {b.broker.incarnation}
        await a.broker.forget_node(b.broker.incarnation)
        assert await a.broker.dead_nodes() == frozenset()


async def test_waiting_for_a_subscription_that_is_never_confirmed_ends_in_time(
    valkey: ValkeyServer, prefix: str
) -> None:
    broker = await Broker.connect(valkey.url, node_id="a", prefix=prefix)  # and `run` does not run
    channel = broker.names.name("u", "1")
    broker.subscribe(channel)
    with pytest.raises(BrokerUnavailableError, match="in time"):
        await broker.wait_subscribed(channel, timeout_seconds=0.05)
    await broker.close()
