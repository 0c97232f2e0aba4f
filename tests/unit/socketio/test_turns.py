"""Turns of the loop: what comes in is worked off a little at a time, and those who wait do so in a ring."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable

import pytest

from hyred_chat.socketio.turns import (
    PAUSE_SECONDS,
    READ_AGAIN_PER_TURN,
    SECONDS_PER_TURN,
    STRANGERS_PACKETS_PER_TURN,
    TURNS_OF_A_BURST,
    Allowance,
    Turns,
    Worker,
)

PATIENCE_SECONDS = 5


class Sender:
    """Has packets that take a while each, and writes down when they were worked off."""

    def __init__(self, name: str, count: int, log: list[str], *, seconds: float = 0.0) -> None:
        self.name = name
        self.left = count
        self._log = log
        self._seconds = seconds

    def work(self) -> bool:
        ends_at = time.perf_counter() + self._seconds
        while time.perf_counter() < ends_at:
            pass
        self._log.append(self.name)
        self.left -= 1
        return self.left > 0


async def wait_until_done(senders: Iterable[Sender]) -> int:
    """How many iterations of the loop that took."""
    turns = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(sender.left for sender in senders):
            await asyncio.sleep(0)
            turns += 1
    return turns


async def test_those_who_wait_have_a_packet_worked_off_each_in_their_turn() -> None:
    log: list[str] = []
    senders = [Sender("a", 3, log), Sender("b", 1, log), Sender("c", 2, log)]
    turns = Turns()
    for sender in senders:
        turns.add(sender, None)
    assert log == []
    await wait_until_done(senders)
    assert log == ["a", "b", "c", "a", "c", "a"]


async def test_a_turn_ends_when_its_time_is_over_and_others_have_the_loop_in_between() -> None:
    log: list[str] = []
    flood, turns = Sender("flood", 10, log, seconds=SECONDS_PER_TURN), Turns()
    turns.add(flood, None)
    assert await wait_until_done([flood]) >= 10


class Loop:
    """An event loop that does at once what is to be done later, and writes down how much later."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self._waiting: deque[Callable[[], None]] = deque()

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.call_later(0, callback)

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        self.delays.append(delay)
        self._waiting.append(callback)

    def run(self) -> None:
        while self._waiting:
            self._waiting.popleft()()


def test_a_flood_that_goes_on_leaves_the_machine_to_others_for_half_of_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = Loop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    flood, turns = Sender("flood", TURNS_OF_A_BURST + 20, [], seconds=SECONDS_PER_TURN), Turns()
    turns.add(flood, None)
    loop.run()
    assert flood.left == 0
    assert loop.delays == [0] * (TURNS_OF_A_BURST + 1) + [PAUSE_SECONDS] * 19


async def test_strangers_have_few_packets_a_turn_and_hold_up_nobody_who_is_known() -> None:
    log: list[str] = []
    stranger, known, turns = Sender("stranger", 100, log), Sender("known", 50, log), Turns()
    turns.add(stranger, Allowance(100, 100, 0.0))
    turns.add(known, None)
    await asyncio.sleep(0)
    assert log.count("known") == 50
    assert log.count("stranger") == STRANGERS_PACKETS_PER_TURN


async def test_few_connections_are_read_again_in_one_turn() -> None:
    log: list[str] = []
    turns = Turns()
    for number in range(READ_AGAIN_PER_TURN + 1):
        turns.add_rested(Sender(f"{number}", 1, log))
    await asyncio.sleep(0)
    assert len(log) == READ_AGAIN_PER_TURN


async def test_who_fails_loses_their_turn_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(Worker):
        def work(self) -> bool:
            raise RuntimeError("on purpose")

    log: list[str] = []
    sender, turns = Sender("a", 2, log), Turns()
    turns.add(Faulty(), None)
    turns.add(sender, None)
    with caplog.at_level(logging.CRITICAL):
        await wait_until_done([sender])
    assert log == ["a", "a"]


async def test_who_is_added_while_others_work_is_worked_off_too() -> None:
    log: list[str] = []
    turns = Turns()
    late = Sender("late", 1, log)

    class Early(Worker):
        def work(self) -> bool:
            turns.add(late, None)
            return False

    turns.add(Early(), None)
    await wait_until_done([late])
    assert log == ["late"]


def test_an_allowance_is_used_up_by_packets_and_by_bytes() -> None:
    packets, size = Allowance(2, 100, 0.0), Allowance(100, 10, 0.0)
    assert [packets.take(1) for _ in range(3)] == [True, True, False]
    assert [size.take(5) for _ in range(3)] == [True, True, False]
