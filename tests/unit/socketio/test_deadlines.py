"""Deadlines: called back in order, never late by more than the loop is, never earlier than promised."""

import asyncio
import logging

import pytest

from hyred_chat.socketio.heartbeat import Deadlines

DELAY_SECONDS = 0.05


async def test_keys_come_back_in_order_after_their_delay() -> None:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    came: list[tuple[int, float]] = []

    def is_due(key: int) -> None:
        came.append((key, loop.time()))
        if len(came) == 4:
            done.set_result(None)

    deadlines = Deadlines(DELAY_SECONDS, is_due)
    started_at = loop.time()
    deadlines.add(1)
    deadlines.add(2)
    await asyncio.sleep(DELAY_SECONDS / 2)
    later_at = loop.time()
    deadlines.add(3)
    deadlines.add(4)
    await asyncio.wait_for(done, 5)
    assert [key for key, _ in came] == [1, 2, 3, 4]
    clock_seconds = 0.002  # uvloop's and asyncio's timers count in about that
    assert came[0][1] - started_at >= deadlines.least_seconds - clock_seconds
    assert came[2][1] - later_at >= deadlines.least_seconds - clock_seconds
    assert deadlines.least_seconds == pytest.approx(DELAY_SECONDS * 0.98)


async def test_many_keys_share_a_timer_and_none_is_kept_after_its_turn() -> None:
    done = asyncio.get_running_loop().create_future()
    deadlines: Deadlines[int] = Deadlines(DELAY_SECONDS, lambda key: done.set_result(None) if key == 999 else None)
    for key in range(1000):
        deadlines.add(key)
    assert len(deadlines._buckets) < 100
    await asyncio.wait_for(done, 5)
    assert not deadlines._buckets
    assert deadlines._timer is None


async def test_a_callback_that_fails_does_not_hold_up_the_others(caplog: pytest.LogCaptureFixture) -> None:
    done = asyncio.get_running_loop().create_future()

    def is_due(key: str) -> None:
        if key == "bad":
            raise RuntimeError("on purpose")
        done.set_result(key)

    deadlines = Deadlines(0.01, is_due)
    deadlines.add("bad")
    deadlines.add("good")
    with caplog.at_level(logging.ERROR):
        assert await asyncio.wait_for(done, 5) == "good"
    assert "on purpose" in caplog.text


async def test_a_callback_may_add_its_key_again() -> None:
    done = asyncio.get_running_loop().create_future()
    turns: list[str] = []

    def is_due(key: str) -> None:
        turns.append(key)
        if len(turns) < 3:
            deadlines.add(key)
        else:
            done.set_result(None)

    deadlines = Deadlines(0.01, is_due)
    deadlines.add("again")
    await asyncio.wait_for(done, 5)
    assert turns == ["again"] * 3


async def test_a_key_added_by_a_callback_does_not_delay_those_that_wait_already() -> None:
    def is_due(key: str) -> None:
        if key == "first":
            deadlines.add("third")
            done.set_result(None)

    done = asyncio.get_running_loop().create_future()
    deadlines = Deadlines(0.5, is_due)
    deadlines.add("first")
    await asyncio.sleep(0.1)
    deadlines.add("second")
    await asyncio.wait_for(done, 5)
    (second_at, second), (_, third) = deadlines._buckets
    assert (second, third) == (["second"], ["third"])
    assert deadlines._timer is not None
    assert deadlines._timer.when() == second_at
    deadlines.close()


async def test_closing_forgets_everybody() -> None:
    called: list[str] = []
    deadlines = Deadlines(0.01, called.append)
    after = asyncio.get_running_loop().create_future()
    deadlines.add("early")
    deadlines.close()
    asyncio.get_running_loop().call_later(0.03, after.set_result, None)
    await after
    assert called == []
