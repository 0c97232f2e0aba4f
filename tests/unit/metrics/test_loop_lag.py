"""How late the event loop is, and when that is an overload."""

import asyncio
import time

from hyred_chat.metrics.loop_lag import LoopLag


async def test_a_callback_that_blocks_the_loop_shows() -> None:
    lag = LoopLag()
    sampling = asyncio.create_task(lag.run())
    await asyncio.sleep(0)
    time.sleep(0.3)  # noqa: ASYNC251  # this is what is measured
    async with asyncio.timeout(5):
        while not lag.histogram.count:  # noqa: ASYNC110  # nobody is told of it
            await asyncio.sleep(0)
    sampling.cancel()
    assert 0.15 < lag.latest_seconds < 2


def test_a_loop_that_is_late_for_five_seconds_is_overloaded_until_it_is_on_time() -> None:
    lag = LoopLag()
    for due_at in (0.0, 1.5, 3.0):
        lag.note(due_at, due_at + 1.5)
        assert not lag.is_overloaded
    lag.note(4.5, 6.0)
    assert lag.is_overloaded
    lag.note(6.0, 6.9)
    assert not lag.is_overloaded


def test_lateness_that_is_interrupted_is_no_overload() -> None:
    lag = LoopLag()
    for due_at in (0.0, 4.0, 8.0):
        lag.note(due_at, due_at + 3.0)
        lag.note(due_at + 3.0, due_at + 3.2)
        assert not lag.is_overloaded
