"""One run: people are made, they live while things break, all is put right, and what is left is written down."""

import asyncio
import random
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from faults.deployment import Deployment, Node
from faults.devices import LEAVE_SECONDS, Device
from faults.history import History
from faults.injections import Storm
from faults.people import Pace, Somebody
from tests.acceptance.people import Chat
from tests.postgres import Connection

PRESENCE_SECONDS = 30.0
CALM_SECONDS = 3.0
POLL_SECONDS = 0.25
ARRIVAL_SECONDS = 60.0
PAGE = 100
EVERYBODY = 12
GROUP = 5
# Of each five devices: one that polls where it has connected, and one each of whose requests comes to any node.
POLLS, POLLS_BY_CHANCE = 0, 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run.

    Attributes:
        seconds: for how long things break.
        longest: how long a long fault takes, in seconds.
        quiet: how long nothing breaks between two, in seconds.
        faults: which, by their names; all if empty.
        is_calm: nothing breaks at all.
        ends_with_death: at the end a node is killed, and some people never come back.
        whole_seconds: how long everybody may take to have everything afterwards, before it is written down.
    """

    seed: int
    seconds: float
    people: int
    longest: float
    quiet: float
    pace: Pace
    faults: Sequence[str] = ()
    is_calm: bool = False
    ends_with_death: bool = False
    whole_seconds: float = 25.0


class Run:
    """Makes a history of a plan.

    Args:
        say: is told how it goes.
    """

    def __init__(self, plan: Plan, deployment: Deployment, history: History, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._deployment = deployment
        self._history = history
        self._say = say
        self._chance = random.Random(plan.seed)
        self._crowd: list[Somebody] = []
        self._settled_at = 0.0
        self._storm = Storm(
            deployment,
            history,
            random.Random(f"{plan.seed} faults"),
            longest=plan.longest,
            quiet=plan.quiet,
            names=plan.faults,
            say=say,
        )

    async def run(self) -> None:
        """All of it. Raises TimeoutError when a node does not come back."""
        rooms = await self._settle()
        devices = [device for somebody in self._crowd for device in somebody.devices]
        self._history.write(
            "start",
            seed=self._plan.seed,
            seconds=self._plan.seconds,
            nodes=[node.name for node in self._deployment.nodes],
            commit=_commit(),
            rooms=rooms,
            devices={device.name: device.user_id for device in devices},
        )
        running = [asyncio.create_task(device.run()) for device in devices]
        try:
            await _wait_until_there(devices)
            await self._live()
            if self._plan.ends_with_death:
                await self._storm.kill_for_good(lambda: self._choose_who_stays(devices))
                await self._deployment.wait_until_ready()
            else:
                self._choose_who_stays(devices)
            self._settled_at = asyncio.get_running_loop().time()
            await self._wait_until_whole(devices)
            await self._look(devices)
        finally:
            await _end(running)
            ends = await asyncio.gather(*running, return_exceptions=True)
        for node in self._deployment.nodes:
            await node.stop()
            for line in node.errors:
                self._history.write("log", node=node.name, line=line)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    async def _live(self) -> None:
        over = asyncio.Event()
        living = [asyncio.create_task(somebody.live(over)) for somebody in self._crowd]
        try:
            if self._plan.is_calm:
                await asyncio.sleep(self._plan.seconds)
            else:
                await self._storm.rage(self._plan.seconds)
                await self._deployment.wait_until_ready()
            self._history.write("healed")
            await asyncio.sleep(CALM_SECONDS)
        finally:
            over.set()
            done = await asyncio.gather(*living, return_exceptions=True)
        for error in done:
            if isinstance(error, BaseException):
                raise error

    def _choose_who_stays(self, devices: Sequence[Device]) -> None:
        """Most come back; some people are gone, and must be seen to be."""
        gone = {somebody.id for somebody in self._chance.sample(self._crowd, len(self._crowd) // 5)}
        for device in devices:
            if device.user_id in gone:
                device.go_offline()
            else:
                device.come_back()

    async def _settle(self) -> dict[str, list[str]]:
        """Make people and rooms: pairs, some groups, and a large room of everybody. Returns the rooms."""
        server = self._deployment.nodes[0].server
        chat = await Chat.open(server)
        people = [await chat.person(f"Person {number}") for number in range(self._plan.people)]
        groups = [people[at : at + 2] for at in range(0, len(people) - 1, 2)]
        groups += [self._chance.sample(people, 2) for _ in range(len(people) // 2)]
        groups += [self._chance.sample(people, min(GROUP, len(people))) for _ in range(3)]
        groups += [self._chance.sample(people, min(EVERYBODY, len(people))), people]
        rooms = {await chat.room(*group): group for group in groups}
        for number, person in enumerate(people):
            own = [room_id for room_id, group in rooms.items() if person in group]
            devices = [
                Device(
                    name=f"{person.id}/{each}",
                    user_id=person.id,
                    token=person.token,
                    rooms=own,
                    nodes=self._deployment.nodes,
                    history=self._history,
                    http=self._deployment.http,
                    chance=random.Random(f"{self._plan.seed} {number} {each}"),
                    transport="polling" if (number + each) % 5 in {POLLS, POLLS_BY_CHANCE} else "websocket",
                    way=self._deployment.way.url if (number + each) % 5 == POLLS_BY_CHANCE else None,
                )
                for each in range(2 if number % 3 == 0 else 1)
            ]
            self._crowd.append(
                Somebody(
                    user_id=person.id,
                    token=person.token,
                    rooms=own,
                    devices=devices,
                    deployment=self._deployment,
                    history=self._history,
                    chance=random.Random(f"{self._plan.seed} {number}"),
                    pace=self._plan.pace,
                )
            )
        await chat.close()
        return {room_id: [person.id for person in group] for room_id, group in rooms.items()}

    async def _wait_until_whole(self, devices: Sequence[Device]) -> None:
        """Wait until everybody has everything; the checker says what is missing if that takes too long."""
        async with self._deployment.look() as database:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._plan.whole_seconds):
                    while not await _are_whole(database, devices):
                        await asyncio.sleep(POLL_SECONDS)

    async def _look(self, devices: Sequence[Device]) -> None:
        await self._look_at_presence(devices)
        self._history.write("over")
        async with self._deployment.look() as database:
            await self._look_at_database(database)
        nodes = self._deployment.nodes
        for somebody in self._crowd:
            for node in nodes:
                await self._fetch(somebody, node)
            await self._read_rooms(somebody, self._chance.choice(nodes))

    async def _look_at_presence(self, devices: Sequence[Device]) -> None:
        """Ask every node who is there until all say the truth, or until they should have.

        On a busy machine a device may lose its connection without any fault, or be late to come back: then the nodes
        have their time from that moment on.
        """
        ids = ",".join(somebody.id for somebody in self._crowd)
        asker, now = self._crowd[0], asyncio.get_running_loop().time
        wrong = list(self._deployment.nodes)
        truth, true_since = self._who_is_there(devices), self._settled_at
        latest = max(now(), self._settled_at + PRESENCE_SECONDS) + PRESENCE_SECONDS
        while wrong:
            for node in list(wrong):
                _, envelope = await asker.request(node, "GET", "/api/chat/presence", params={"userIds": ids})
                if (there := self._who_is_there(devices)) != truth:
                    truth, true_since = there, now()
                online = {each["userId"]: each["online"] for each in envelope.get("data", [])}
                if online == truth or now() > min(true_since + PRESENCE_SECONDS, latest):
                    self._history.write("presence", node=node.name, online=online, truth=truth)
                    wrong.remove(node)
            await asyncio.sleep(POLL_SECONDS)

    def _who_is_there(self, devices: Sequence[Device]) -> dict[str, bool]:
        """Who has a device that is connected."""
        truth = {somebody.id: False for somebody in self._crowd}
        for device in devices:
            truth[device.user_id] |= device.node is not None
        return truth

    async def _look_at_database(self, database: Connection) -> None:
        for room in await database.fetch("SELECT id, last_seq FROM chat_rooms"):
            messages = await database.fetch(
                "SELECT seq, id, sender_id, client_message_id FROM messages WHERE room_id = $1 ORDER BY seq", room["id"]
            )
            members = await database.fetch(
                "SELECT user_id, last_read_seq FROM chat_members WHERE room_id = $1", room["id"]
            )
            self._history.write(
                "stored",
                room=room["id"],
                lastSeq=room["last_seq"],
                messages=[list(message) for message in messages],
                read={member["user_id"]: member["last_read_seq"] for member in members},
            )

    async def _fetch(self, somebody: Somebody, node: Node) -> None:
        _, listed = await somebody.request(node, "GET", "/api/chat/rooms")
        _, counted = await somebody.request(node, "GET", "/api/chat/unread-count")
        for room in listed["data"]:
            self._history.write(
                "fetched",
                user=somebody.id,
                node=node.name,
                room=room["id"],
                lastSeq=room["lastSeq"],
                lastReadSeq=room["lastReadSeq"],
                unread=room["unreadCount"],
                counted=counted["data"]["rooms"].get(room["id"], 0),
            )

    async def _read_rooms(self, somebody: Somebody, node: Node) -> None:
        for room_id in somebody.rooms:
            messages: list[list[object]] = []
            more = True
            while more:
                params = {"after": messages[-1][0] if messages else 0, "limit": PAGE}
                path = f"/api/chat/rooms/{room_id}/messages"
                _, envelope = await somebody.request(node, "GET", path, params=params)
                messages += [[message["seq"], message["id"]] for message in envelope["data"]]
                more = bool(envelope["data"])
            self._history.write("page", user=somebody.id, node=node.name, room=room_id, messages=messages)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks until they end: the client's library may take a cancellation for a lost connection."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=2 * LEAVE_SECONDS)


async def _wait_until_there(devices: Sequence[Device]) -> None:
    """Wait until all have connected: on a busy machine a short run would be over before."""
    with suppress(TimeoutError):
        async with asyncio.timeout(ARRIVAL_SECONDS):
            while not all(device.is_whole for device in devices):
                await asyncio.sleep(POLL_SECONDS)


async def _are_whole(database: Connection, devices: Sequence[Device]) -> bool:
    rows = await database.fetch(
        "SELECT id, user_id, last_seq, last_read_seq FROM chat_rooms JOIN chat_members ON room_id = id"
    )
    truth = {(row["id"], row["user_id"]): (row["last_seq"], row["last_read_seq"]) for row in rows}
    return all(_is_whole(device, truth) for device in devices)


def _is_whole(device: Device, truth: dict[tuple[str, str], tuple[int, int]]) -> bool:
    if not device.is_wanted:
        return device.node is None
    return (
        device.is_whole
        and all(device.last_seq(room_id) == truth[room_id, device.user_id][0] for room_id in device.wanted)
        and all(device.shows(room_id) == truth[room_id, device.user_id] for room_id in device.held)
    )


def _commit() -> str:
    """What is run, or nothing where there is no git."""
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return done.stdout.strip()
