"""A Redis in memory and the brokers of several nodes, which can be cut off, stopped or emptied: all by one seed.

It knows the commands of leases and claims. What one node publishes arrives at another in its order, as in Redis; what
several nodes publish arrives in any. A frame may come twice, and is lost while either side is cut off.
"""

import asyncio
from collections import defaultdict, deque
from random import Random
from typing import TYPE_CHECKING, Any

from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.broker.leases import Lease
from hyred_chat.broker.partitions import Names

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_DELAY_SECONDS = 1.0
# How long a node may believe in a connection that has died.
UNNOTICED_SECONDS = 7.0


class FaultyRedis:
    """The data, under the clock of the running loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seed: int) -> None:
        self.loop = loop
        self.random = Random(seed)  # noqa: S311 - faults, not secrets
        self.brokers: list[FakeBroker] = []
        self.sets: dict[str, set[str]] = {}
        self.hashes: dict[str, dict[str, str]] = {}
        self._strings: dict[str, tuple[bytes, float]] = {}

    def flush(self) -> None:
        """Forget everything, as a server does that was restarted."""
        self.sets.clear()
        self.hashes.clear()
        self._strings.clear()

    def run(self, command: tuple[Any, ...]) -> Any:
        """The answer to one command."""
        verb, *arguments = command
        return getattr(self, f"_{verb.lower()}")(*arguments)

    def _sadd(self, key: str, *members: str) -> None:
        self.sets.setdefault(key, set()).update(members)

    def _srem(self, key: str, *members: str) -> None:
        self.sets.get(key, set()).difference_update(members)

    def _smembers(self, key: str) -> list[bytes]:
        return [member.encode() for member in sorted(self.sets.get(key, ()))]

    def _srandmember(self, key: str, count: int) -> list[bytes]:
        members = self._smembers(key)
        return self.random.sample(members, min(len(members), count))

    def _hset(self, key: str, field: str, value: str) -> None:
        self.hashes.setdefault(key, {})[field] = value

    def _hdel(self, key: str, field: str) -> None:
        self.hashes.get(key, {}).pop(field, None)

    def _hgetall(self, key: str) -> dict[bytes, bytes]:
        return {field.encode(): value.encode() for field, value in self.hashes.get(key, {}).items()}

    def _set(self, key: str, value: str | bytes, *options: Any) -> bytes | None:
        before = self._get(key)
        if before is None or "NX" not in options:
            milliseconds = options[options.index("PX") + 1]
            text = value.encode() if isinstance(value, str) else value
            self._strings[key] = (text, self.loop.time() + milliseconds / 1000)
        return before

    def _pexpire(self, key: str, milliseconds: int) -> None:
        if self._get(key) is not None:
            self._strings[key] = (self._strings[key][0], self.loop.time() + milliseconds / 1000)

    def _mget(self, *keys: str) -> list[bytes | None]:
        return [self._get(key) for key in keys]

    def _del(self, key: str) -> None:
        self._strings.pop(key, None)

    def _get(self, key: str) -> bytes | None:
        value, ends_at = self._strings.get(key, (b"", 0.0))
        return value if ends_at > self.loop.time() else None


class FakeBroker:
    """What `Broker` is to those who use it."""

    def __init__(self, redis: FaultyRedis, node_id: str) -> None:
        self.node_id = node_id
        self.names = Names("hyred")
        self.on_frame: Callable[[str, bytes], None] = lambda _channel, _frame: None
        self.on_restored: list[Callable[[str], None]] = []
        self.on_lost: list[Callable[[str], None]] = []
        self.on_lease_lost: list[Callable[[], None]] = []
        self.is_cut = False
        self.going_on = asyncio.Event()
        self.going_on.set()
        self.lease = Lease(node_id, self.names, self.pipeline, self._handle_lease_lost)
        self._redis = redis
        self._channels: set[str] = set()
        self._arrives_at: dict[FakeBroker, float] = {}
        self._turns: dict[FakeBroker, asyncio.Lock] = {}
        self._on_the_way: defaultdict[FakeBroker, deque[tuple[str, bytes]]] = defaultdict(deque)
        self._noticed: asyncio.TimerHandle | None = None
        redis.brokers.append(self)

    @property
    def incarnation(self) -> str:
        return self.lease.incarnation

    async def live_nodes(self) -> frozenset[str]:
        return await self.lease.list_live()

    async def dead_nodes(self) -> frozenset[str]:
        return await self.lease.list_dead()

    async def forget_node(self, incarnation: str) -> None:
        await self.lease.forget(incarnation)

    async def outlive(self, seconds: float) -> None:
        await self.lease.outlive(seconds)

    def subscribe(self, channel: str) -> None:
        self._channels.add(channel)

    def unsubscribe(self, channel: str) -> None:
        self._channels.discard(channel)

    def publish(self, channel: str, frame: bytes, *, droppable: bool = False) -> None:
        del droppable
        if self.is_cut:
            return
        for other in self._redis.brokers:
            if channel in other._channels:
                for _ in range(self._redis.random.choice((1, 1, 1, 2))):
                    self._redis.loop.create_task(self._send(other, channel, frame))

    async def pipeline(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        random = self._redis.random
        await asyncio.sleep(random.choice((0.0, 0.001, 0.02)))
        await self.going_on.wait()
        if self.is_cut and random.random() < 0.7:
            await asyncio.sleep(random.choice((0.0, 2.0)))
            raise BrokerUnavailableError("cut off")
        # A pipeline is no transaction: others' commands stand between its own, and it may be cut off amid them.
        answers = []
        for command in commands:
            if self.is_cut and random.random() < 0.3:
                break
            answers.append(self._redis.run(command))
            if random.random() < 0.1:
                await asyncio.sleep(0.001)
        if self.is_cut:
            raise BrokerUnavailableError("cut off before the answer")
        return answers

    def cut(self) -> None:
        """Nothing passes any more, which is noticed a while later."""
        self.is_cut = True
        after = self._redis.random.uniform(0, UNNOTICED_SECONDS)
        self._noticed = self._redis.loop.call_later(after, self._tell_lost)

    def restore(self) -> None:
        """Everything passes again."""
        if self._noticed is not None:
            self._noticed.cancel()
            self._tell_lost()
        self.is_cut = False
        self.lease.renew_soon()
        for listener in self.on_restored:
            listener("restored")

    def stop(self) -> None:
        """The process stands still: nothing leaves it, and what reaches it is read when it goes on."""
        self.going_on.clear()

    def go_on(self) -> None:
        self.going_on.set()

    def delay(self, to: "FakeBroker", seconds: float) -> None:
        """What is published from now on arrives at another node after so many seconds at the earliest."""
        self._arrives_at[to] = self._redis.loop.time() + seconds

    def die(self) -> None:
        """The process is gone."""
        self._channels.clear()
        if self._noticed is not None:
            self._noticed.cancel()

    def _tell_lost(self) -> None:
        self._noticed = None
        for listener in self.on_lost:
            listener("cut off")

    def _handle_lease_lost(self) -> None:
        for listener in self.on_lease_lost:
            listener()

    async def _send(self, to: "FakeBroker", channel: str, frame: bytes) -> None:
        """Send a frame after all that was sent to the same node before."""
        async with self._turns.setdefault(to, asyncio.Lock()):
            await self.going_on.wait()
            loop = self._redis.loop
            arrives_at = loop.time() + self._redis.random.choice((0.0, 0.01, LONGEST_DELAY_SECONDS))
            arrives_at = self._arrives_at[to] = max(arrives_at, self._arrives_at.get(to, 0.0))
        self._on_the_way[to].append((channel, frame))
        await asyncio.sleep(arrives_at - loop.time())
        await to.going_on.wait()
        channel, frame = self._on_the_way[to].popleft()
        if channel in to._channels and not to.is_cut and not self.is_cut:
            to.on_frame(channel, frame)
