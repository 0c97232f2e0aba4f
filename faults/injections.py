"""The faults: what breaks, for how long, and how it is put right. Each returns when it is over."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from redis.asyncio import Redis

from faults.deployment import Deployment
from faults.history import History
from faults.resp import Mischief

Inject: TypeAlias = Callable[[Deployment, random.Random, float], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault.

    Attributes:
        what: what breaks; of each, one thing at a time.
        inject: break it, wait, and put it right. Gets the length of a long one in seconds, returns details.
    """

    name: str
    what: str
    inject: Inject


async def _kill_node(deployment: Deployment, chance: random.Random, longest: float) -> str:
    node = chance.choice(deployment.nodes)
    await node.kill()
    await asyncio.sleep(chance.uniform(0, longest / 4))
    await node.start()
    return node.name


async def _freeze_node(deployment: Deployment, chance: random.Random, longest: float) -> str:
    node, seconds = chance.choice(deployment.nodes), chance.uniform(1, longest)
    node.freeze()
    try:
        await asyncio.sleep(seconds)
    finally:
        node.thaw()
    return f"{node.name}, {seconds:.1f} s"


async def _restart_nodes(deployment: Deployment, chance: random.Random, _longest: float) -> str:
    for node in chance.sample(deployment.nodes, len(deployment.nodes)):
        await node.stop()
        await node.start()
        await deployment.wait_until_ready()
    return "one after the other"


async def _restart_redis(deployment: Deployment, chance: random.Random, longest: float) -> str:
    seconds = chance.uniform(0, longest / 2)
    deployment.valkey.stop(immediate=True)
    try:
        await asyncio.sleep(seconds)
    finally:
        deployment.valkey.start()
    return f"away for {seconds:.1f} s, then empty"


async def _flush_redis(deployment: Deployment, _chance: random.Random, _longest: float) -> str:
    await _command(deployment, "FLUSHALL")
    return ""


async def _pause_redis(deployment: Deployment, chance: random.Random, longest: float) -> str:
    seconds = chance.uniform(0.5, longest / 2)
    await _command(deployment, "CLIENT", "PAUSE", str(int(seconds * 1000)), "ALL")
    await asyncio.sleep(seconds)
    return f"{seconds:.1f} s"


async def _kill_subscribers(deployment: Deployment, _chance: random.Random, _longest: float) -> str:
    await _command(deployment, "CLIENT", "KILL", "TYPE", "pubsub")
    return ""


async def _silence_redis(deployment: Deployment, chance: random.Random, longest: float) -> str:
    node = chance.choice(deployment.nodes)
    node.redis.silence()
    await asyncio.sleep(min(longest, 8))  # 6 s until it knows
    return node.name


async def _mangle(mischief: Mischief, deployment: Deployment, chance: random.Random, longest: float) -> str:
    nodes = chance.sample(deployment.nodes, chance.randint(1, len(deployment.nodes)))
    for node in nodes:
        node.redis.mischief = mischief
    try:
        await asyncio.sleep(chance.uniform(longest / 2, longest))
    finally:
        for node in nodes:
            node.redis.mischief = None
    return ", ".join(node.name for node in nodes)


async def _lose_messages(deployment: Deployment, chance: random.Random, longest: float) -> str:
    return await _mangle(Mischief(lost=0.3), deployment, chance, longest)


async def _double_messages(deployment: Deployment, chance: random.Random, longest: float) -> str:
    return await _mangle(Mischief(doubled=0.5), deployment, chance, longest)


async def _delay_messages(deployment: Deployment, chance: random.Random, longest: float) -> str:
    return await _mangle(Mischief(delayed=0.5), deployment, chance, longest)


async def _restart_postgres(deployment: Deployment, chance: random.Random, longest: float) -> str:
    seconds = chance.uniform(0, longest / 4)
    await asyncio.to_thread(deployment.postgres.stop, immediate=True)
    try:
        await asyncio.sleep(seconds)
    finally:
        await asyncio.to_thread(deployment.postgres.start)
    return f"as if it had crashed, away for {seconds:.1f} s"


async def _freeze_postgres(deployment: Deployment, chance: random.Random, longest: float) -> str:
    seconds = chance.uniform(0.5, longest / 3)
    deployment.postgres.freeze()
    try:
        await asyncio.sleep(seconds)
    finally:
        deployment.postgres.thaw()
    return f"{seconds:.1f} s"


async def _end_backends(deployment: Deployment, _chance: random.Random, _longest: float) -> str:
    async with deployment.look() as database:
        ended = await database.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    return f"{ended} connections"


async def _lose_answers(deployment: Deployment, chance: random.Random, _longest: float) -> str:
    node, seconds = chance.choice(deployment.nodes), chance.uniform(0.1, 0.6)
    node.database.lose_answers()
    await asyncio.sleep(seconds)
    node.database.cut()
    return f"{node.name}: what is committed within {seconds:.1f} s is not answered"


async def _command(deployment: Deployment, *words: str) -> None:
    async with Redis(port=deployment.valkey.port) as redis:
        await redis.execute_command(*words)


FAULTS = (
    Fault("node killed", "node", _kill_node),
    Fault("node stopped", "node", _freeze_node),
    Fault("rolling restart", "node", _restart_nodes),
    Fault("Redis restarted empty", "redis", _restart_redis),
    Fault("Redis flushed", "redis", _flush_redis),
    Fault("Redis paused", "redis", _pause_redis),
    Fault("Redis silent", "redis", _silence_redis),
    Fault("subscribers killed", "redis", _kill_subscribers),
    Fault("messages lost", "redis", _lose_messages),
    Fault("messages doubled", "redis", _double_messages),
    Fault("messages delayed", "redis", _delay_messages),
    Fault("PostgreSQL restarted", "postgres", _restart_postgres),
    Fault("PostgreSQL stopped", "postgres", _freeze_postgres),
    Fault("connections ended", "postgres", _end_backends),
    Fault("answers lost", "postgres", _lose_answers),
)


class Storm:
    """Faults one after another, sometimes two at a time, as a seed has it.

    Args:
        longest: how long a long fault takes, in seconds.
        quiet: how long nothing breaks in between, in seconds.
    """

    def __init__(
        self,
        deployment: Deployment,
        history: History,
        chance: random.Random,
        *,
        longest: float,
        quiet: float,
        names: Sequence[str] = (),
        say: Callable[[str], None],
    ) -> None:
        self._deployment = deployment
        self._history = history
        self._chance = chance
        self._longest = longest
        self._quiet = quiet
        self._faults = [fault for fault in FAULTS if not names or fault.name in names]
        self._bag: list[Fault] = []
        self._number = 0
        self._say = say

    async def rage(self, seconds: float) -> None:
        """Break things for that long; returns when the last one is put right."""
        end_at = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end_at:
            await asyncio.sleep(self._chance.uniform(self._quiet / 2, self._quiet))
            faults = [self._draw()]
            if self._chance.random() < 1 / 3:
                faults += [fault for fault in [self._draw()] if fault.what != faults[0].what]
            await asyncio.gather(*(self._inject(fault) for fault in faults))

    async def kill_for_good(self, leave: Callable[[], None]) -> None:
        """End a node, and have people leave who can say goodbye to nobody; then start it again."""
        node = self._chance.choice(self._deployment.nodes)
        number = self._begin("node killed")
        await node.kill()
        leave()
        await node.start()
        self._end(number, "node killed", f"{node.name}, and people leave meanwhile")

    def _draw(self) -> Fault:
        """Each kind once before any comes again."""
        if not self._bag:
            self._bag = self._chance.sample(self._faults, len(self._faults))
        return self._bag.pop()

    async def _inject(self, fault: Fault) -> None:
        chance = random.Random(self._chance.random())
        number = self._begin(fault.name)
        self._end(number, fault.name, await fault.inject(self._deployment, chance, self._longest))

    def _begin(self, name: str) -> int:
        self._number += 1
        self._history.write("fault", number=self._number, name=name, edge="begin", detail="")
        self._say(f"{name} …")
        return self._number

    def _end(self, number: int, name: str, detail: str) -> None:
        self._history.write("fault", number=number, name=name, edge="end", detail=detail)
