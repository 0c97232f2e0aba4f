"""Answers that a client asks for and does not take: a few are made for one person, and the others wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.acceptance.people import Chat, Person
from tests.integration.realtime.application import RunningApplication

PATIENCE_SECONDS = 5.0


class Reader:
    """A client at the other end of an ASGI server: it takes what comes at once, and the rest when it is told to."""

    def __init__(self, person: Person, path: str) -> None:
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"limit=100",
            "headers": [(b"authorization", f"Bearer {person.token}".encode())],
            "client": ("192.0.2.1", 1),
        }
        self.is_waiting = asyncio.Event()
        self.reads = asyncio.Event()
        self._parts = 0

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(self, message: Any) -> None:
        """As a server does it: it waits before a part while what went before is not taken."""
        if message["type"] == "http.response.body":
            if self._parts:
                self.is_waiting.set()
                await self.reads.wait()
            self._parts += 1


@asynccontextmanager
async def unread_answers(running: RunningApplication, person: Person, path: str, count: int) -> AsyncIterator[None]:
    """So many answers of somebody's that they do not take before the block ends."""
    readers = [Reader(person, path) for _ in range(count)]
    application: Any = running.application
    asking = [asyncio.create_task(application(each.scope, each.receive, each.send)) for each in readers]
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(reader.is_waiting.wait() for reader in readers))
    yield
    for reader in readers:
        reader.reads.set()
    await asyncio.gather(*asking)


async def large_room(chat: Chat) -> tuple[Person, Person, str]:
    va, company, room_id = await chat.filled_pair(100)
    await chat.database.execute("UPDATE messages SET content = repeat('x', 1000) WHERE room_id = $1", room_id)
    return va, company, room_id


@pytest.mark.parametrize("path", ["/api/chat/rooms/{}/messages", "/api/chat/rooms", "/api/notifications"])
async def test_a_person_who_takes_no_answers_gets_no_more_and_others_do(
    chat: Chat, running: RunningApplication, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    va, company, room_id = await large_room(chat)
    turns = running.application._api.state.large_answers
    monkeypatch.setattr(turns, "_patience_seconds", 0.2)
    async with unread_answers(running, va, f"/api/chat/rooms/{room_id}/messages", 4):
        refused = await va.get(path.format(room_id))
        assert (refused.status, refused.code) == (429, "rate_limited")
        assert (await va.post("/api/chat/sync", {"rooms": {room_id: 0}})).status == 429
        assert (await va.get("/api/users/me")).status == 200
        assert (await company.get(path.format(room_id))).status == 200
    assert (await va.get(path.format(room_id))).status == 200
    assert turns._turns == {}


async def test_answers_that_are_taken_are_as_many_as_one_likes(chat: Chat) -> None:
    va, _, room_id = await large_room(chat)
    answers = await asyncio.gather(*(va.get(f"/api/chat/rooms/{room_id}/messages", limit=100) for _ in range(20)))
    assert {answer.status for answer in answers} == {200}
