"""Try a running server from outside, as its clients do: REST, both transports, sending, receipts, notifications.

`scripts/try-chat` runs it. It exits with 0 when everything that was tried works, with 1 when something does not, and
with 2 when it was called wrongly. It sends three or four short messages into a room of the two people.
"""

import argparse
import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import socketio  # type: ignore[import-untyped]

PATIENCE_SECONDS = 10.0
DEMO_URL = "http://127.0.0.1:3000"
DEMO_TOKENS = ("dev-token-maya@demo.hyred.example", "dev-token-brightline@demo.hyred.example")


class FailedError(Exception):
    """Something does not work; the message is a sentence for whoever runs this."""


class SkippedError(Exception):
    """Something cannot be tried; the message says what is missing."""


class Socket:
    """One client over one transport, and the events that it has received."""

    def __init__(self, transport: str) -> None:
        self.transport = transport
        self._events: list[tuple[str, Any]] = []
        self._arrived = asyncio.Event()
        self._client = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        self._client.on("*", self._on_event)

    async def connect(self, url: str, token: str) -> None:
        """Sign in. Raises FailedError."""
        try:
            await self._client.connect(
                url, auth={"token": token}, transports=[self.transport], wait_timeout=PATIENCE_SECONDS
            )
        except socketio.exceptions.ConnectionError as error:
            raise FailedError(f"{self.transport} does not connect: {error}") from None

    async def close(self) -> None:
        """Disconnect, if it was connected."""
        await self._client.disconnect()

    async def ask(self, event: str, payload: object) -> Any:
        """Send an event; returns the data of its acknowledgement. Raises FailedError."""
        try:
            answer = await self._client.call(event, payload, timeout=PATIENCE_SECONDS)
        except socketio.exceptions.SocketIOError as error:
            raise FailedError(f"{event} is not acknowledged over {self.transport}: {error}") from None
        if not answer.get("success"):
            raise FailedError(f"{event} is refused: {answer.get('error')} ({answer.get('code')})")
        return answer["data"]

    async def wait_for(self, event: str, fits: Callable[[Any], bool]) -> Any:
        """The first such event, also one that has come already. Raises FailedError."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    for name, payload in self._events:
                        if name == event and fits(payload):
                            return payload
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            raise FailedError(f"{event} did not come over {self.transport} within {PATIENCE_SECONDS:.0f} s") from None

    async def _on_event(self, event: str, payload: Any = None) -> None:
        self._events.append((event, payload))
        self._arrived.set()


@dataclass
class Trial:
    """What is tried, one step after the other; later steps use what earlier ones found.

    Attributes:
        other_token: of another member of the room; empty when only one person can be tried.
        room_id: where messages are sent; empty for the first room that the two share.
    """

    url: str
    token: str
    other_token: str
    room_id: str
    seq: int = 0
    sockets: dict[str, Socket] = field(default_factory=dict)

    async def is_alive(self) -> str:
        """The server answers, and so does its database."""
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            try:
                answer = await client.get(f"{self.url}/api/health/ready")
            except httpx.HTTPError as error:
                raise FailedError(f"nothing answers at {self.url}: {error or type(error).__name__}") from None
        return str(_data(answer)["status"])

    async def signs_in(self) -> str:
        """REST takes the token."""
        return f"as {(await self._get(self.token, '/api/users/me'))['name']}"

    async def lists_rooms(self) -> str:
        """REST lists the rooms; one of them is chosen."""
        rooms = await self._get(self.token, "/api/chat/rooms")
        usable = [room for room in rooms if room["status"] != "blocked"]
        if self.other_token:
            other = (await self._get(self.other_token, "/api/users/me"))["id"]
            usable = [room for room in usable if any(member["id"] == other for member in room["members"])]
        if self.room_id:
            usable = [room for room in usable if room["id"] == self.room_id]
        if not usable:
            raise FailedError("there is no room of these people that can be written in; --room names one")
        self.room_id = str(usable[0]["id"])
        return f"{len(rooms)}, writing in {self.room_id}"

    async def connects(self, transport: str) -> str:
        """One transport connects, signs in and joins the room."""
        socket = self.sockets[transport] = Socket(transport)
        await socket.connect(self.url, self.token)
        await socket.ask("join_chat", {"chatRoomId": self.room_id})
        await socket.wait_for("chat_history", lambda _: True)
        return "connected and joined"

    async def sends(self, transport: str) -> str:
        """A message is stored, acknowledged, and reaches every socket in the room."""
        client_message_id = str(uuid.uuid4())
        draft = {
            "chatRoomId": self.room_id,
            "content": f"A trial over {transport}.",
            "clientMessageId": client_message_id,
        }
        sent = await self._socket(transport).ask("send_message", draft)
        await self._arrives(client_message_id)
        again = await self._socket(transport).ask("send_message", draft)
        if (again["id"], again["seq"]) != (sent["id"], sent["seq"]):
            raise FailedError("the same clientMessageId was stored twice")
        self.seq = max(self.seq, sent["seq"])
        return f"stored as number {sent['seq']}, once"

    async def sends_by_rest(self) -> str:
        """A message by REST reaches the sockets as well."""
        client_message_id = str(uuid.uuid4())
        body = {"content": "A trial over REST.", "clientMessageId": client_message_id}
        async with self._http(self.token) as client:
            sent = _data(await client.post(f"/api/chat/rooms/{self.room_id}/messages", json=body))
        await self._arrives(client_message_id)
        self.seq = max(self.seq, sent["seq"])
        return f"stored as number {sent['seq']}"

    async def keeps_history(self) -> str:
        """What was stored last is the end of the history."""
        if not self.seq:
            raise SkippedError("nothing was sent")
        messages = await self._get(self.token, f"/api/chat/rooms/{self.room_id}/messages")
        if self.seq not in [message["seq"] for message in messages]:
            raise FailedError(f"message {self.seq} was acknowledged and is not in the history")
        return f"{len(messages)} messages, with number {self.seq}"

    async def notifies(self) -> str:
        """Somebody who is connected and has not joined is notified, and their reading is told to the sender."""
        if not self.other_token:
            raise SkippedError("--other-token of another member is needed")
        other = Socket("websocket")
        try:
            await other.connect(self.url, self.other_token)
            await self.sends_by_rest()
            await other.wait_for("notification", lambda told: told["data"].get("chatRoomId") == self.room_id)
            await other.ask("mark_read", {"chatRoomId": self.room_id, "seq": self.seq})
            await self._socket("websocket").wait_for("message_read", lambda receipt: receipt["seq"] == self.seq)
        finally:
            await other.close()
        return f"notification received, and read up to {self.seq}"

    async def close(self) -> None:
        """Disconnect whatever is connected."""
        for socket in self.sockets.values():
            await socket.close()

    async def _arrives(self, client_message_id: str) -> None:
        for socket in self.sockets.values():
            await socket.wait_for("new_message", lambda message: message["clientMessageId"] == client_message_id)

    def _socket(self, transport: str) -> Socket:
        if transport not in self.sockets:
            raise SkippedError(f"{transport} did not connect")
        return self.sockets[transport]

    async def _get(self, token: str, path: str) -> Any:
        async with self._http(token) as client:
            return _data(await client.get(path))

    def _http(self, token: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=PATIENCE_SECONDS)


def _data(answer: httpx.Response) -> Any:
    """What an answer of the chat holds. Raises FailedError for a refusal, and for an answer of somebody else."""
    where = f"{answer.request.method} {answer.request.url.path}"
    try:
        envelope = answer.json()
        succeeded = envelope["success"]
    except (ValueError, TypeError, KeyError):
        raise FailedError(f"{where} is answered with {answer.status_code}, and not by Hyred Chat") from None
    if not succeeded:
        raise FailedError(f"{where} is refused: {envelope.get('error')} ({envelope.get('code')})")
    return envelope["data"]


async def try_all(trial: Trial) -> bool:
    """Try everything in order and print a line for each; returns whether all of it works."""
    steps: list[tuple[str, Callable[[], Awaitable[str]], bool]] = [
        ("Health", trial.is_alive, True),
        ("Sign-in over REST", trial.signs_in, True),
        ("Rooms over REST", trial.lists_rooms, True),
        ("WebSocket", lambda: trial.connects("websocket"), False),
        ("Long-polling", lambda: trial.connects("polling"), False),
        ("Sending over WebSocket", lambda: trial.sends("websocket"), False),
        ("Sending over long-polling", lambda: trial.sends("polling"), False),
        ("Sending over REST", trial.sends_by_rest, False),
        ("History over REST", trial.keeps_history, False),
        ("Notification and receipt", trial.notifies, False),
    ]
    works = True
    try:
        for name, step, is_needed in steps:
            try:
                mark, words = "ok", await step()
            except SkippedError as skipped:
                mark, words = "skipped", str(skipped)
            except (FailedError, httpx.HTTPError) as failure:
                mark, words = "FAILED", str(failure) or type(failure).__name__
                works = False
            print(f"{mark:<8} {name}: {words}", flush=True)
            if mark == "FAILED" and is_needed:
                break
    finally:
        await trial.close()
    return works


def main(arguments: Sequence[str]) -> int:
    """Parse the arguments, try, and return the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/try-chat", description="Try a running chat server from outside.")
    parser.add_argument("--url", default=DEMO_URL, help=f"where the server is (default: {DEMO_URL})")
    parser.add_argument("--token", help="a token of somebody (default: a demo user's)")
    parser.add_argument("--other-token", help="a token of another member of the room, for notification and receipt")
    parser.add_argument("--room", default="", help="the room to write in (default: the first one of the two)")
    options = parser.parse_args(arguments)
    token, other_token = (options.token, options.other_token or "") if options.token else DEMO_TOKENS
    trial = Trial(options.url.rstrip("/"), token, other_token, options.room)
    return 0 if asyncio.run(try_all(trial)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
