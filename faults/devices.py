"""A device of somebody's: connects, catches up, joins, comes back after every loss, and writes down all it sees.

It does what docs/clients.md asks of a good client, and no more: it never asks for a gap that it could notice, so that
a gap is seen by the checker.
"""

import asyncio
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import httpx
import socketio  # type: ignore[import-untyped]

from faults.history import History
from tests.acceptance.client import ConnectError, Envelope
from tests.acceptance.failures import LosableClient

if TYPE_CHECKING:
    from faults.deployment import Node

ANSWER_SECONDS = 5.0
LEAVE_SECONDS = 2.0
BACK_OFF_SECONDS = (0.2, 5.0)
# After an answer that never came, a device goes elsewhere this often. A browser would take longer to give up.
GIVE_UP = 0.7


class LostError(ConnectionError):
    """The connection is of no use any more."""


class _Socket(LosableClient):
    """Hands over each event, and keeps none."""

    def __init__(self, device: "Device", session: int) -> None:
        super().__init__(keeps_connections=device.way is None)
        self._device = device
        self._session = session

    def poll_by(self, url: str, way: str) -> None:
        """Send what follows by another way than that of the handshake, which was sent to `url`."""
        self._socket.eio.base_url = self._socket.eio.base_url.replace(url, way)

    async def wait_until_lost(self) -> None:
        """Wait for the connection to end, however long that takes."""
        while self.connected:
            self._arrived.clear()
            await self._arrived.wait()

    async def close(self) -> None:
        """Say goodbye, and close what is left of connecting, should that have been given up on the way."""
        engine = self._socket.eio
        try:
            await self.disconnect()
        finally:
            # Whatever these ask for after the session was closed, they open another one for.
            loops = [task for task in (engine.read_loop_task, engine.write_loop_task) if task is not None]
            for task in loops:
                task.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            if engine.http is not None and not engine.http.closed:
                await engine.http.close()

    def lose(self) -> None:
        """Do as if the connection had ended: nobody waits for it any more."""
        self._on_disconnect("lost")

    def _on_event(self, event: str, *args: Any) -> None:
        self._device.hear(self._session, event, args[0] if args else None)
        self._arrived.set()


class Device:
    """A socket that is there again whenever it can be.

    Args:
        rooms: the rooms of its owner.
        chance: decides where it connects and how it waits.
        way: where it polls, if not at the node that has its session: each request comes to one node or another.

    Attributes:
        name: `user-3/1`.
        held: what it has of each room: {seq: id}.
        wanted: the rooms that it is in, or will be once it is connected.
        is_wanted: whether it should be connected.
        node: where it is connected, None while it is not.
        is_whole: whether it has caught up since it connected.
    """

    def __init__(
        self,
        *,
        name: str,
        user_id: str,
        token: str,
        rooms: Sequence[str],
        nodes: "Sequence[Node]",
        history: History,
        http: httpx.AsyncClient,
        chance: random.Random,
        transport: str,
        way: str | None = None,
    ) -> None:
        self.name = name
        self.user_id = user_id
        self.transport = transport
        self.way = way
        self.held: dict[str, dict[int, str]] = {room_id: {} for room_id in rooms}
        self.wanted: set[str] = set(rooms)
        self.is_wanted = True
        self.node: Node | None = None
        self.is_whole = False
        self._token = token
        self._nodes = nodes
        self._history = history
        self._http = http
        self._chance = chance
        self._session = 0
        self._read: dict[str, int] = {}
        self._listed: dict[str, tuple[int, int]] = {}
        self._joining: dict[str, int] = {}
        self._joined: set[str] = set()
        self._moves: dict[str, asyncio.Lock] = {room_id: asyncio.Lock() for room_id in rooms}
        self._socket: _Socket | None = None
        self._wake = asyncio.Event()
        self._partings: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Connect, and connect again, until cancelled."""
        delay, longest = BACK_OFF_SECONDS
        try:
            while True:
                while not self.is_wanted:
                    self._wake.clear()
                    await self._wake.wait()
                try:
                    await self._stay_connected()
                    delay = BACK_OFF_SECONDS[0]
                except (ConnectError, LostError, TimeoutError, httpx.HTTPError, socketio.exceptions.SocketIOError):
                    delay = min(delay * 2, longest)
                finally:
                    self._part()
                await asyncio.sleep(delay * self._chance.uniform(0.5, 1.5))
        finally:
            await asyncio.gather(*self._partings, return_exceptions=True)

    def go_offline(self) -> None:
        """Say goodbye, and stay away until `come_back`."""
        self.is_wanted = False
        self._part()

    def come_back(self) -> None:
        """Connect again."""
        self.is_wanted = True
        self._wake.set()

    async def ask(self, event: str, payload: Any) -> tuple[str, Envelope]:
        """An event with its acknowledgement: the outcome, and the envelope if there is one."""
        socket = self._socket
        if socket is None or self.node is None:
            return "failed", {}
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                envelope = await socket.try_call(event, payload)
        except TimeoutError:
            envelope = None
            if self._chance.random() < GIVE_UP and socket is self._socket:
                self._part()
        if envelope is None:
            return "unknown", {}
        if envelope["success"]:
            return "ok", envelope
        return ("unknown" if envelope["code"] in {"unavailable", "internal"} else "failed"), envelope

    async def type(self, room_id: str, *, is_typing: bool) -> None:
        """Nobody waits for an answer to that."""
        if self._socket is not None and self.node is not None:
            try:
                await self._socket.emit("typing", {"chatRoomId": room_id, "isTyping": is_typing})
            except socketio.exceptions.SocketIOError:
                return

    async def join(self, room_id: str) -> None:
        """Be in a room."""
        self.wanted.add(room_id)
        if self.is_whole:
            await self._join(self._session, room_id)

    async def leave(self, room_id: str) -> None:
        """Be in a room no longer."""
        self.wanted.discard(room_id)
        async with self._moves[room_id]:
            if room_id not in self._joined:
                return
            self._joined.discard(room_id)
            self._history.write("leaving", device=self.name, session=self._session, room=room_id)
            outcome, _ = await self.ask("leave_chat", {"chatRoomId": room_id})
            if outcome == "unknown":
                self._part()

    def last_seq(self, room_id: str) -> int:
        """The newest that it has of a room."""
        return max(self.held[room_id], default=0)

    def note_read(self, room_id: str, seq: int) -> None:
        """It was told how far its owner has read a room."""
        self._read[room_id] = max(seq, self._read.get(room_id, 0))

    def shows(self, room_id: str) -> tuple[int, int]:
        """The (last, read) seq of a room in its list."""
        last_seq, last_read_seq = self._listed.get(room_id, (0, 0))
        return last_seq, max(last_read_seq, self._read.get(room_id, 0))

    def hear(self, session: int, event: str, payload: Any) -> None:
        """An event came."""
        if session != self._session:
            return
        about = {"device": self.name, "session": session}
        match event:
            case "new_message":
                self.held[payload["roomId"]][payload["seq"]] = payload["id"]
                found = {key: payload[key] for key in ("seq", "id", "isOwn")}
                self._history.write("message", **about, room=payload["roomId"], sender=payload["senderId"], **found)
            case "chat_history":
                if payload:
                    self._take("history", payload[0]["roomId"], payload)
            case "message_read":
                found = {"room": payload["chatRoomId"], "reader": payload["userId"], "seq": payload["seq"]}
                self._history.write("receipt", **about, **found)
            case "room_updated":
                self._note_room(payload, live=True)
            case _:
                self._history.write("seen", device=self.name, event=event)

    async def _stay_connected(self) -> None:
        self._session += 1
        session = self._session
        node = self._chance.choice(self._nodes)
        socket = self._socket = _Socket(self, session)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await socket.connect(node.url, {"token": self._token}, transports=[self.transport])
        except AssertionError:  # of aiohttp, when it is closed while it connects
            if socket is self._socket:
                raise
        finally:
            if socket is not self._socket:  # it went offline meanwhile, and connecting has opened a session since
                await _close(socket)
        if socket is not self._socket:
            raise LostError
        through = [node.name]
        if self.way is not None:
            socket.poll_by(node.url, self.way)
            through = [each.name for each in self._nodes]
        about = {"device": self.name, "session": session, "node": node.name, "through": through}
        self._history.write("connected", **about, transport=self.transport)
        self.node = node
        await self._catch_up(session, node)
        await socket.wait_until_lost()

    async def _catch_up(self, session: int, node: "Node") -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = await self._http.get(f"{node.url}/api/chat/rooms", headers=headers)
        if answer.status_code != httpx.codes.OK:
            raise LostError
        for room in answer.json()["data"]:
            self._note_room(room, live=False)
        more = True
        while more:
            known = {room_id: self.last_seq(room_id) for room_id in self.held}
            outcome, envelope = await self.ask("sync", {"rooms": known})
            if outcome != "ok" or session != self._session:
                raise LostError
            for room in envelope["data"]["rooms"]:
                self._take("synced", room["roomId"], room["messages"], after=known[room["roomId"]])
            more = envelope["data"]["more"]
        for room_id in sorted(self.wanted):
            await self._join(session, room_id)
        if session != self._session:
            raise LostError
        self.is_whole = True
        for room_id in self.wanted - self._joined:  # wanted meanwhile
            await self._join(session, room_id)

    async def _join(self, session: int, room_id: str) -> None:
        async with self._moves[room_id]:
            if session == self._session and room_id not in self._joined:
                await self._join_now(session, room_id)

    async def _join_now(self, session: int, room_id: str) -> None:
        self._joining[room_id] = after = self.last_seq(room_id)
        self._history.write("joining", device=self.name, session=session, room=room_id, after=after)
        outcome, _ = await self.ask("join_chat", {"chatRoomId": room_id, "afterSeq": after})
        if session != self._session:
            return
        if outcome != "ok":
            self._part()
            raise LostError
        self._joined.add(room_id)
        self._history.write("joined", device=self.name, session=session, room=room_id)

    def _take(self, kind: str, room_id: str, messages: list[dict[str, Any]], *, after: int | None = None) -> None:
        self.held[room_id].update({message["seq"]: message["id"] for message in messages})
        after = self._joining.get(room_id, 0) if after is None else after
        found = [[message["seq"], message["id"]] for message in messages]
        about = {"device": self.name, "session": self._session, "room": room_id, "after": after}
        self._history.write(kind, **about, messages=found)

    def _note_room(self, room: dict[str, Any], *, live: bool) -> None:
        known = self._listed.get(room["id"], (0, 0))
        if room["lastSeq"] >= known[0] and room["lastReadSeq"] >= known[1]:
            self._listed[room["id"]] = (room["lastSeq"], room["lastReadSeq"])
        self._history.write(
            "list",
            live=live,
            device=self.name,
            session=self._session,
            room=room["id"],
            lastSeq=room["lastSeq"],
            lastReadSeq=room["lastReadSeq"],
            unread=room["unreadCount"],
        )

    def _part(self) -> None:
        """Be done with the socket; it is closed apart, for that may take long."""
        socket, self._socket = self._socket, None
        if socket is None:
            return
        if self.node is not None:
            self._history.write("disconnected", device=self.name, session=self._session, node=self.node.name)
        self.node = None
        self.is_whole = False
        self._session += 1
        self._joined.clear()
        socket.lose()
        parting = asyncio.create_task(_close(socket))
        self._partings.add(parting)
        parting.add_done_callback(self._partings.discard)


async def _close(socket: _Socket) -> None:
    try:
        async with asyncio.timeout(LEAVE_SECONDS):
            await socket.close()
    except (TimeoutError, OSError, socketio.exceptions.SocketIOError):
        return
    except AssertionError:  # of aiohttp, when it was closed while it asked for something
        return
