"""Telling many people: everybody once, a slice at a time, the newest for what is due more than once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, cast

import pytest

from hyred_chat.realtime.hub import SLICE_SOCKETS
from hyred_chat.realtime.slices import Slices

if TYPE_CHECKING:
    from hyred_chat.realtime.hub import Hub

PEOPLE = [f"user-{number}" for number in range(500)]


class Sockets:
    """A hub of people with a socket each."""

    def __init__(self, people: Iterable[str]) -> None:
        self._people = set(people)

    def sockets_of(self, user_id: str) -> list[str]:
        return [user_id] if user_id in self._people else []


@asynccontextmanager
async def running(people: Iterable[str] = PEOPLE) -> AsyncIterator[Slices]:
    slices = Slices(cast("Hub", Sockets(people)))
    task = asyncio.create_task(slices.run())
    yield slices
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def now() -> float:
    return asyncio.get_running_loop().time()


async def turn_until(condition: Callable[[], bool]) -> None:
    """Let the loop turn."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0)


async def test_everybody_who_is_here_is_told_once_and_the_loop_turns_after_every_slice() -> None:
    told: list[str] = []
    in_a_turn: Counter[int] = Counter()
    turns = 0

    def tell(user_id: str) -> None:
        told.append(user_id)
        in_a_turn[turns] += 1

    here = PEOPLE[::2]
    async with running(here) as slices:
        slices.put(("message", "room"), at=now(), people=lambda: PEOPLE, tell=tell)
        async with asyncio.timeout(5):
            while len(told) < len(here):
                await asyncio.sleep(0)
                turns += 1
    assert told == here
    assert max(in_a_turn.values()) <= SLICE_SOCKETS


async def test_what_is_due_again_before_it_was_told_is_told_once_as_it_is_then() -> None:
    told: list[str] = []
    async with running() as slices:
        for number in range(10):
            slices.put(
                ("message", "room"),
                at=now() + 0.05,
                people=lambda: ["user-1"],
                tell=lambda user_id, number=number: told.append(f"{number} to {user_id}"),  # type: ignore[misc]
            )
        await turn_until(lambda: bool(told))
    assert told == ["9 to user-1"]


async def test_rooms_are_told_in_the_order_of_their_times() -> None:
    told: list[str] = []
    async with running() as slices:
        for room, delay in (("late", 0.06), ("soon", 0.03), ("now", 0.0)):
            slices.put(
                ("message", room),
                at=now() + delay,
                people=lambda: ["user-1"],
                tell=lambda _, room=room: told.append(room),  # type: ignore[misc]
            )
        await turn_until(lambda: len(told) == 3)
    assert told == ["now", "soon", "late"]


@pytest.mark.parametrize("is_begun", [True, False])
async def test_a_drain_tells_all_that_is_due_and_sees_what_was_begun_to_its_end(is_begun: bool) -> None:
    told: list[str] = []
    async with running() as slices:
        slices.put(("message", "one"), at=now() if is_begun else now() + 60, people=lambda: PEOPLE, tell=told.append)
        slices.put(("message", "two"), at=now() + 60, people=lambda: PEOPLE, tell=told.append)
        await turn_until(lambda: bool(told) or not is_begun)
        await slices.drain()
        assert Counter(told) == Counter(PEOPLE * 2)


async def test_one_who_cannot_be_told_does_not_keep_the_others_from_it(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    def tell(user_id: str) -> None:
        if user_id == "user-1":
            raise ValueError
        told.append(user_id)

    async with running() as slices:
        slices.put(("message", "room"), at=now(), people=lambda: PEOPLE[:3], tell=tell)
        await slices.drain()
    assert told == ["user-0", "user-2"]
    assert "could not be told" in caplog.text
