"""Whatever happens to nodes and to Redis: within the bound of a lease everybody is shown as they are."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hyred_chat.broker import leases
from hyred_chat.presence import service
from hyred_chat.presence.claims import Claims
from hyred_chat.presence.elsewhere import OtherNodes
from hyred_chat.presence.node_relay import PresenceRelay
from hyred_chat.presence.repository import Seen
from hyred_chat.presence.service import PresenceService
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.nodes import Nodes
from tests.clocks import VirtualLoop
from tests.faulty_redis import FakeBroker, FaultyRedis

USERS = ("ana", "ben", "cem")
NODES = ("a", "b", "c")
GRACE_SECONDS = 2.0
# How long a node that was told to stop takes to close its sockets: longer than the grace.
CLOSING_SECONDS = 4.0
# What is promised of a node that died, and of whoever is there.
BOUND_SECONDS = 30.0


class World:
    """What nodes share: the database, in which everybody knows everybody, and what was shown to whom."""

    def __init__(self, seed: int) -> None:
        self.loop = VirtualLoop()
        self.redis = FaultyRedis(self.loop, seed)

    @asynccontextmanager
    async def connection(self) -> Any:
        await asyncio.sleep(self.redis.random.choice((0.0, 0.001, 0.3)))
        yield None


class Database:
    """The statements of presence, of a database that knows nothing."""

    async def store_last_seen(self, _connection: object, _moments: object) -> list[str]:
        return []

    async def expect_back(self, _connection: object, _user_ids: object, _seconds: float) -> None:
        """Nothing is recorded: others know it by what the node claims."""

    async def list_last_seen(
        self, _connection: object, pairs: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Seen]:
        return dict.fromkeys(pairs, Seen(None, is_expected=False))


class Device:
    """A socket of somebody, and what it was shown."""

    def __init__(self, node: "Node", user_id: str) -> None:
        self.user = SimpleNamespace(id=user_id)
        self.socket = self
        self.node = node
        self.shown: dict[str, bool] = {}
        # Whoever was ever shown as gone.
        self.missed: set[str] = set()
        self._told: set[str] = set()

    def send(self, encoded: tuple[str, tuple[Any, ...]]) -> None:
        event, (payload,) = encoded
        if event == "presence_changed":
            self._told.add(payload["userId"])
            self.shown[payload["userId"]] = payload["online"]
            self.missed |= set() if payload["online"] else {payload["userId"]}

    async def ask(self) -> None:
        """Ask how everybody is; what was told meanwhile is newer."""
        self._told.clear()
        for presence in await self.node.presence.list_for(self.user.id, USERS):
            if presence.user_id not in self._told:
                self.shown[presence.user_id] = presence.online


class Node:
    """The real parts of presence, on a broker that fails."""

    def __init__(self, world: World, name: str, life: int) -> None:
        self.name = name
        self.broker = FakeBroker(world.redis, f"{name}{life}")
        self.devices: list[Device] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self._loop = world.loop
        broker, database = cast("Any", self.broker), cast("Any", world)
        namespace = SimpleNamespace(encode=lambda event, *args: (event, args), sockets_in=lambda _room_id: ())
        self.hub = Hub(cast("Any", namespace))
        nodes = Nodes(broker, self.hub)
        claims = Claims(broker)
        rooms = SimpleNamespace(list_acquaintances=self._list_acquaintances)
        self._world = world
        elsewhere = OtherNodes(nodes, claims, self.hub)
        self.presence = PresenceService(
            database, cast("Any", rooms), self.hub, elsewhere, offline_grace_seconds=GRACE_SECONDS
        )
        relay = PresenceRelay(nodes, self.presence, claims)
        for work in (self.broker.lease.run(), self.presence.run(), relay.run()):
            self.do(work)

    @property
    def is_sound(self) -> bool:
        return self.broker.going_on.is_set() and not self.broker.is_cut

    @property
    def is_known(self) -> bool:
        """Whether Redis has everything that others need to know when this node dies."""
        redis, names = self._world.redis, self.broker.names
        users = redis.sets.get(names.name("users", self.broker.incarnation), set())
        known = redis.sets.get(names.name_in(0, "nodes", "all"), set())
        return self.broker.incarnation in known and users.issuperset(self.presence._online)

    def do(self, work: Any) -> None:
        self.tasks = [task for task in self.tasks if not task.done()]
        self.tasks.append(self._loop.create_task(work))

    async def _list_acquaintances(self, user_ids: Collection[str]) -> list[tuple[str, str]]:
        await self.broker.going_on.wait()
        async with self._world.connection():
            return [(user_id, other) for user_id in user_ids for other in USERS]


class PresenceOfNodes(RuleBasedStateMachine):
    """People come to nodes and go. Nodes are cut off, stopped and killed, and Redis loses its memory."""

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.world = World(seed)
        asyncio.set_event_loop(self.world.loop)
        names = SimpleNamespace(token_hex=lambda size: self.world.redis.random.randbytes(size).hex())
        self.patches: list[Any] = [
            patch.object(service, "repository", Database()),
            patch.object(leases, "secrets", names),
        ]
        for each in self.patches:
            each.start()
        self.lives = 0
        self.nodes: dict[str, Node] = {}
        self.dead: dict[str, float] = {}
        # Since when something has been so that must not last.
        self.wrong_since: dict[tuple[Device, str], float] = {}
        self.world.loop.run_until_complete(self._start(*NODES))

    async def _start(self, *names: str) -> None:
        for name in names:
            self.lives += 1
            self.nodes[name] = Node(self.world, name, self.lives)

    @rule(user_id=st.sampled_from(USERS), name=st.sampled_from(NODES))
    def come(self, user_id: str, name: str) -> None:
        if (node := self.nodes.get(name)) is not None and node.broker.going_on.is_set():
            self.world.loop.run_until_complete(self._connect(node, user_id))

    async def _connect(self, node: Node, user_id: str) -> None:
        device = Device(node, user_id)
        node.devices.append(device)
        if node.hub.add(cast("Any", device)):
            node.presence.arrive(user_id)
        node.do(device.ask())

    @rule(data=st.data())
    def go(self, data: st.DataObject) -> None:
        devices = [each for node in self.nodes.values() if node.broker.going_on.is_set() for each in node.devices]
        if devices:
            self.world.loop.run_until_complete(self._disconnect(data.draw(st.sampled_from(devices))))

    async def _disconnect(self, device: Device) -> None:
        device.node.devices.remove(device)
        if device.node.hub.remove(cast("Any", device)):
            device.node.presence.leave(device.user.id)

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        devices = [each for node in self.nodes.values() if node.broker.going_on.is_set() for each in node.devices]
        if devices:
            device = data.draw(st.sampled_from(devices))
            device.node.do(device.ask())

    @rule(name=st.sampled_from(NODES))
    def cut_off(self, name: str) -> None:
        if (node := self.nodes.get(name)) is not None and node.is_sound:
            self._call(node.broker.cut)

    @rule(name=st.sampled_from(NODES))
    def stop(self, name: str) -> None:
        if (node := self.nodes.get(name)) is not None and node.is_sound:
            self._call(node.broker.stop)

    @rule(name=st.sampled_from(NODES))
    def restore(self, name: str) -> None:
        if (node := self.nodes.get(name)) is not None and not node.is_sound:
            self._call(node.broker.restore if node.broker.is_cut else node.broker.go_on)

    @rule(name=st.sampled_from(NODES))
    def kill(self, name: str) -> None:
        """What Redis has forgotten of a node, nobody knows when it dies right then: two faults at once."""
        if (node := self.nodes.get(name)) is not None and node.is_known:
            del self.nodes[name]
            self.dead[node.broker.incarnation] = self.world.loop.now
            self.world.loop.run_until_complete(self._kill(node))

    async def _kill(self, node: Node) -> None:
        node.broker.die()
        for task in node.tasks:
            task.cancel()
        await asyncio.gather(*node.tasks, return_exceptions=True)

    @rule(name=st.sampled_from(NODES))
    def drain(self, name: str) -> None:
        """A node is told to stop: it sends everybody elsewhere, and ends."""
        if (node := self.nodes.get(name)) is not None and node.is_known and node.is_sound:
            self.world.loop.run_until_complete(self._send_away(node))
            self.pass_by(CLOSING_SECONDS)
            self.kill(name)

    async def _send_away(self, node: Node) -> None:
        await node.presence.hand_over()
        for device in list(node.devices):
            await self._disconnect(device)

    async def _kill_rest(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @precondition(lambda self: len(self.nodes) < len(NODES))
    @rule()
    def start(self) -> None:
        name = next(name for name in NODES if name not in self.nodes)
        self.world.loop.run_until_complete(self._start(name))

    @precondition(lambda self: not self._unforgotten())
    @rule()
    def empty_redis(self) -> None:
        """Who died just before is remembered by nobody then: that is two faults at once, and more than is promised."""
        self.world.redis.flush()

    @rule(seconds=st.sampled_from([0.05, 0.5, 3.0, 10.0, 20.0]))
    def pass_by(self, seconds: float) -> None:
        for _ in range(max(1, round(seconds * 2))):
            self.world.loop.pass_by(min(seconds, 0.5))
            self._look()

    @invariant()
    def nobody_is_shown_otherwise_for_long(self) -> None:
        if hasattr(self, "world"):
            self._look()

    def _look(self) -> None:
        now = self.world.loop.now
        is_sound = dict.fromkeys(USERS, True)
        here = dict.fromkeys(USERS, False)
        for node in self.nodes.values():
            for device in node.devices:
                here[device.user.id] = True
                is_sound[device.user.id] &= node.is_sound
        anybody = any(node.is_sound for node in self.nodes.values())
        wrong = {
            (device, user_id): self.wrong_since.get((device, user_id), now)
            for node in self.nodes.values()
            if node.is_sound
            for device in node.devices
            for user_id in USERS
            if is_sound[user_id] and device.shown.get(user_id, False) is not here[user_id]
        }
        self.wrong_since = wrong
        for (device, user_id), since in wrong.items():
            assert now - since <= BOUND_SECONDS, f"{user_id} is shown to {device.user.id} as {not here[user_id]}"
        if not anybody:
            self.dead = dict.fromkeys(self.dead, now)
        for incarnation, since in self.dead.items():
            if now - since > BOUND_SECONDS:
                assert incarnation not in self._claimed(), "what a dead node claimed is still there"

    def _claimed(self) -> set[str]:
        """The incarnations that claim anything."""
        redis = self.world.redis
        names = {field for claims in redis.hashes.values() for field in claims}
        return names | {key.rpartition("users:")[2] for key, users in redis.sets.items() if users and "users:" in key}

    def _unforgotten(self) -> set[str]:
        redis = self.world.redis
        live = {node.broker.incarnation for node in self.nodes.values()}
        return {name for key, names in redis.sets.items() if key.endswith("nodes:all") for name in names} - live

    def _call(self, function: Any) -> None:
        async def call() -> None:
            function()

        self.world.loop.run_until_complete(call())

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            for name in NODES:
                self.restore(name)
            self.pass_by(BOUND_SECONDS + GRACE_SECONDS)
        finally:
            for node in self.nodes.values():
                self.world.loop.run_until_complete(self._kill(node))
            self.world.loop.run_until_complete(self._kill_rest())
            for each in self.patches:
                each.stop()
            asyncio.set_event_loop(None)
            self.world.loop.close()


TestPresenceOfNodes = PresenceOfNodes.TestCase
# What fails is printed as it was drawn: making it smaller takes minutes.
TestPresenceOfNodes.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


@pytest.fixture
def world() -> Iterator[PresenceOfNodes]:
    """Three nodes, and ben at the second one, who watches."""
    machine = PresenceOfNodes()
    machine.begin(seed=1)
    machine.come(user_id="ben", name="b")
    yield machine
    machine.teardown()


def is_shown(world: PresenceOfNodes, user_id: str) -> bool:
    (device,) = world.nodes["b"].devices
    return device.shown.get(user_id, False)


def test_the_people_of_a_node_that_died_are_shown_as_gone_within_its_lease(world: PresenceOfNodes) -> None:
    world.come(user_id="ana", name="a")
    world.pass_by(seconds=5.0)
    assert is_shown(world, "ana")
    world.kill(name="a")
    world.pass_by(seconds=15.0)
    assert not is_shown(world, "ana")


def test_the_people_of_a_node_that_stood_still_are_shown_again_when_it_goes_on(world: PresenceOfNodes) -> None:
    world.come(user_id="ana", name="a")
    world.pass_by(seconds=5.0)
    world.stop(name="a")
    world.pass_by(seconds=20.0)
    assert not is_shown(world, "ana")
    world.restore(name="a")
    world.pass_by(seconds=10.0)
    assert is_shown(world, "ana")


def test_the_people_of_a_node_that_is_told_to_stop_are_not_shown_as_gone_while_they_are_expected_back(
    world: PresenceOfNodes,
) -> None:
    for user_id in ("ana", "cem"):
        world.come(user_id=user_id, name="a")
    world.pass_by(seconds=5.0)
    world.drain(name="a")
    world.pass_by(service.EXPECTED_SECONDS - CLOSING_SECONDS - 0.5)
    (watching,) = world.nodes["b"].devices
    assert not watching.missed
    world.come(user_id="ana", name="c")
    world.pass_by(seconds=10.0)
    assert watching.missed == {"cem"}
    assert (is_shown(world, "ana"), is_shown(world, "cem")) == (True, False)


class NoChance(Random):
    """Always the first of what there is to choose from, which is no delay and no repetition."""

    def choice(self, seq: Any) -> Any:
        return seq[0]

    def random(self) -> float:
        return 0.5


def test_who_came_to_one_node_while_another_told_of_their_leaving_is_shown_again(world: PresenceOfNodes) -> None:
    """Both nodes were right when they looked. What the one tells arrives after what the other does."""
    loop, nodes = world.world.loop, world.nodes
    world.world.redis.random = NoChance()
    world.come(user_id="ana", name="a")
    loop.pass_by(5.0)
    loop.run_until_complete(world._disconnect(*nodes["a"].devices))
    loop.pass_by(GRACE_SECONDS + 0.05)  # the one has not looked yet, and the other will look after it
    world.come(user_id="ana", name="c")
    nodes["a"].broker.delay(nodes["b"].broker, seconds=1.0)
    loop.pass_by(0.5)
    assert is_shown(world, "ana")
    loop.pass_by(0.6)
    assert not is_shown(world, "ana")
    loop.pass_by(service.SECOND_LOOK_SECONDS)
    assert is_shown(world, "ana")
