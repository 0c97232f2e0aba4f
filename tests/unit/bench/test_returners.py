"""Those who come back after a restart in the bench: they go on trying, leave nothing open, and all of it is counted."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bench import clients, returners
from bench.returners import main
from bench.waiting import until
from hyred_chat.socketio import Event, SocketServer, reasons
from tests.conformance.servers import new_server, serving

PEOPLE = 3
PATIENCE_SECONDS = 20.0
JOINED = {"success": True, "data": {"room": {"lastSeq": 0}}}


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Delays that no test has to wait for."""
    monkeypatch.setattr(returners, "FIRST_DELAY_SECONDS", 0.01)
    monkeypatch.setattr(returners, "LONGEST_DELAY_SECONDS", 0.02)
    monkeypatch.setattr(returners, "SAY_SECONDS", 0.02)


class Room:
    """A server whose rooms may be joined while it `answers`."""

    def __init__(self) -> None:
        self.answers = True
        self.asked = 0
        self.server: SocketServer = new_server(max_handshakes_per_second=10_000)
        self.server.namespace().on("join_chat")(self._join)

    def _join(self, event: Event) -> None:
        self.asked += 1
        if self.answers:
            event.acknowledge(JOINED)

    def end_some(self, count: int = PEOPLE) -> None:
        """Some lose their connections, as they do when a server stops."""
        for session in list(self.server.engine._sessions.values())[:count]:
            session.end(reasons.SERVER_SHUTTING_DOWN)


class Crowd:
    """What those who are in this process have said so far, and at the end."""

    def __init__(self, said: Path) -> None:
        self._said = said

    @property
    def said(self) -> dict[str, Any]:
        """The file."""
        said: dict[str, Any] = json.loads(self._said.read_text()) if self._said.exists() else {}
        return said

    async def wait(self, what: str, count: int = PEOPLE) -> None:
        """Until so many have arrived, or are back."""
        assert await until(lambda: self.said.get(what) == count, PATIENCE_SECONDS), self.said


@asynccontextmanager
async def crowd_of(room: Room, folder: Path) -> AsyncIterator[Crowd]:
    """Some people, all of whom have arrived when the block begins, and leave nothing open after it."""
    told = {"people": [(f"room-{number}", None) for number in range(PEOPLE)], "first": 7, "seed": 1}
    ended = asyncio.Event()
    async with serving(room.server) as endpoint:
        async with asyncio.TaskGroup() as group:
            group.create_task(main(endpoint.port, told, folder / "crowd.said", ended))
            crowd = Crowd(folder / "crowd.said")
            try:
                await crowd.wait("arrived")
                yield crowd
            finally:
                ended.set()
        assert await until(lambda: room.server.session_count == 0, PATIENCE_SECONDS)


async def test_everybody_comes_back_and_each_return_is_counted_once(tmp_path: Path) -> None:
    room = Room()
    async with crowd_of(room, tmp_path) as crowd:
        room.end_some()
        await crowd.wait("back")
    assert crowd.said["attempts"] == {"let in": PEOPLE}
    assert len(crowd.said["back_at"]) == PEOPLE


async def test_whoever_is_told_to_come_later_goes_on_trying(tmp_path: Path) -> None:
    room = Room()
    async with crowd_of(room, tmp_path) as crowd:
        room.server.pace.under_way = 1_000_000
        room.end_some()
        assert await until(lambda: room.server.pace.refused >= 2 * PEOPLE, PATIENCE_SECONDS)
        room.server.pace.under_way = 0
        await crowd.wait("back")
    assert crowd.said["attempts"] == {"refused for now": room.server.pace.refused, "let in": PEOPLE}


async def test_whoever_loses_the_server_after_they_were_back_is_counted_and_comes_back_again(tmp_path: Path) -> None:
    room = Room()
    async with crowd_of(room, tmp_path) as crowd:
        room.end_some()
        await crowd.wait("back")
        room.end_some(1)
        assert await until(lambda: room.asked == 2 * PEOPLE + 1, PATIENCE_SECONDS)
        await crowd.wait("back")
    assert crowd.said["attempts"] == {"let in": PEOPLE + 1, "lost again": 1}
    assert len(crowd.said["back_at"]) == PEOPLE


async def test_nothing_stays_open_of_an_attempt_that_timed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    async with crowd_of(room, tmp_path) as crowd:
        monkeypatch.setattr(clients, "ANSWER_TIMEOUT_SECONDS", 0.2)
        room.answers = False
        room.end_some()
        assert await until(lambda: room.asked >= 3 * PEOPLE, PATIENCE_SECONDS)
        room.answers = True
        await crowd.wait("back")
        assert await until(lambda: room.server.session_count == PEOPLE, PATIENCE_SECONDS)
    assert crowd.said["attempts"].keys() == {"timed out to join", "let in"}
    assert crowd.said["attempts"]["let in"] == PEOPLE


async def test_whoever_is_closed_before_the_handshake_is_answered_is_told_at_once() -> None:
    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(close, "127.0.0.1", 0) as server:
        with pytest.raises(ConnectionError, match="the server closed the connection"):
            await clients.Client().connect(server.sockets[0].getsockname()[1])
