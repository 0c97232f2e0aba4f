"""The workload: people who write, read, type, come and go, as a seed has it, and write down how it went."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from faults.devices import Device
from faults.history import History

if TYPE_CHECKING:
    from faults.deployment import Deployment, Node

MAX_ATTEMPTS = 8
RETRY_SECONDS = (0.2, 2.0)
# How often a message that was acknowledged is sent once more all the same, and how often one that was not is given up.
REPEAT, GIVE_UP = 0.05, 0.1
REST_SHARE = 0.3
UNDER_WAY = 4
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Pace:
    """How much the people do.

    Attributes:
        pause_seconds: of each, between two things that they do, on average.
        longest_offline_seconds: how long they stay away at most.
    """

    pause_seconds: float
    longest_offline_seconds: float


class Somebody:
    """A person with one or two devices."""

    def __init__(
        self,
        *,
        user_id: str,
        token: str,
        rooms: Sequence[str],
        devices: Sequence[Device],
        deployment: "Deployment",
        history: History,
        chance: random.Random,
        pace: Pace,
    ) -> None:
        self.id = user_id
        self.rooms = rooms
        self.devices = devices
        self.headers = {"Authorization": f"Bearer {token}"}
        self._nodes = deployment.nodes
        self._http = deployment.http
        self._history = history
        self._chance = chance
        self._pace = pace
        self._count = 0
        self._under_way: set[asyncio.Task[None]] = set()

    async def live(self, over: asyncio.Event) -> None:
        """Do one thing after another until it is over; returns when all that was begun has an outcome."""
        doings: list[tuple[Callable[[str, Device], Awaitable[None]], int]] = [
            (self._write, 48),
            (self._read, 22),
            (self._type, 12),
            (self._come_or_go, 9),
            (self._go_offline, 3),
        ]
        choices, weights = zip(*doings, strict=True)
        while not over.is_set():
            await asyncio.sleep(self._chance.expovariate(1 / self._pace.pause_seconds))
            doing = self._chance.choices(choices, weights)[0]
            room_id = self._chance.choice(self.rooms)
            if len(self._under_way) < UNDER_WAY:
                task = asyncio.create_task(self._do(doing(room_id, self._chance.choice(self.devices))))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
        await asyncio.gather(*self._under_way)

    async def _do(self, doing: Awaitable[None]) -> None:
        try:
            await doing
        except ConnectionError:  # of the device: it has noted that, and comes back
            return

    async def _write(self, room_id: str, device: Device) -> None:
        self._count += 1
        client_message_id = f"{self.id}-{self._count}"
        for attempt in range(1, MAX_ATTEMPTS + 1):
            outcome = await self._send(room_id, client_message_id, device, attempt)
            if self._chance.random() < (GIVE_UP if outcome == "unknown" else 1 - REPEAT):
                return
            await asyncio.sleep(self._chance.uniform(*RETRY_SECONDS))
            device = self._chance.choice(self.devices)

    async def _send(self, room_id: str, client_message_id: str, device: Device, attempt: int) -> str:
        began = self._history.now()
        message = {"content": f"This is {client_message_id}.", "clientMessageId": client_message_id}
        if device.node is None or self._chance.random() < REST_SHARE:
            node, by = self._chance.choice(self._nodes), None
            path = f"/api/chat/rooms/{room_id}/messages"
            outcome, envelope = await self.request(node, "POST", path, json=message)
        else:
            node, by = device.node, device.name
            outcome, envelope = await device.ask("send_message", {"chatRoomId": room_id, **message})
        data = envelope.get("data") or {}
        about = {"room": room_id, "clientMessageId": client_message_id, "attempt": attempt}
        answer = {"code": envelope.get("code"), "id": data.get("id"), "seq": data.get("seq")}
        self._note("send", node, by, began, outcome, **about, **answer)
        return outcome

    async def _read(self, room_id: str, device: Device) -> None:
        node, seq, began = device.node, device.last_seq(room_id), self._history.now()
        if node is None:
            return
        outcome, envelope = await device.ask("mark_read", {"chatRoomId": room_id, "seq": seq})
        position = (envelope.get("data") or {}).get("lastReadSeq")
        if position is not None:
            device.note_read(room_id, position)
        answer = {"code": envelope.get("code"), "asked": seq, "position": position}
        self._note("read", node, device.name, began, outcome, room=room_id, **answer)

    async def _type(self, room_id: str, device: Device) -> None:
        await device.type(room_id, is_typing=self._chance.random() < 2 / 3)

    async def _come_or_go(self, room_id: str, device: Device) -> None:
        if room_id in device.wanted:
            await device.leave(room_id)
        else:
            await device.join(room_id)

    async def _go_offline(self, _room_id: str, device: Device) -> None:
        if not device.is_wanted:
            return
        device.go_offline()
        await asyncio.sleep(self._chance.uniform(0, self._pace.longest_offline_seconds))
        device.come_back()

    async def request(self, node: "Node", method: str, path: str, **options: Any) -> tuple[str, dict[str, Any]]:
        """A request of this person's: its outcome, and the envelope if there is one."""
        try:
            answer = await self._http.request(method, f"{node.url}{path}", headers=self.headers, **options)
        except httpx.ConnectError:
            return "failed", {}
        except httpx.TransportError:
            return "unknown", {}
        envelope = _envelope_of(answer)
        if envelope is None:
            about = {"status": answer.status_code, "text": answer.text[:LONGEST_TEXT]}
            self._history.write("bare", node=node.name, request=f"{method} {path}", **about)
            return "unknown", {}
        if answer.is_success:
            return "ok", envelope
        return ("unknown" if answer.is_server_error else "failed"), envelope

    def _note(self, op: str, node: "Node", device: str | None, began: float, outcome: str, **fields: Any) -> None:
        about = {"op": op, "user": self.id, "device": device, "node": node.name}
        self._history.write("op", **about, began=began, outcome=outcome, **fields)


def _envelope_of(answer: httpx.Response) -> dict[str, Any] | None:
    try:
        found = answer.json()
    except ValueError:
        return None
    is_one = isinstance(found, dict) and found.get("success") is answer.is_success
    return found if is_one else None
