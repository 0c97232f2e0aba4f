"""What waits together, and for how long."""

import asyncio
from typing import TYPE_CHECKING

from hyred_chat.postponed import Postponed

if TYPE_CHECKING:
    from collections.abc import Mapping


async def test_all_that_waits_comes_back_at_once_in_its_order() -> None:
    returned: asyncio.Queue[Mapping[str, int]] = asyncio.Queue()
    postponed = Postponed(returned.put_nowait, capacity=10)
    postponed.add({"a": 1, "b": 2}, seconds=0.01)
    postponed.add({"c": 3, "a": 4}, seconds=60)
    async with asyncio.timeout(5):
        assert list((await returned.get()).items()) == [("a", 4), ("b", 2), ("c", 3)]
    assert len(postponed) == 0
    assert returned.empty()


async def test_past_the_bound_the_oldest_are_dropped() -> None:
    returned: asyncio.Queue[Mapping[str, None]] = asyncio.Queue()
    postponed = Postponed(returned.put_nowait, capacity=2)
    postponed.add(dict.fromkeys("abc"), seconds=0.01)
    assert len(postponed) == 2
    async with asyncio.timeout(5):
        assert list(await returned.get()) == ["b", "c"]


async def test_what_was_cancelled_does_not_come_back() -> None:
    returned: asyncio.Queue[Mapping[str, None]] = asyncio.Queue()
    postponed = Postponed(returned.put_nowait, capacity=2)
    postponed.add({"a": None}, seconds=0.01)
    postponed.cancel()
    postponed.add({"b": None}, seconds=0.02)
    async with asyncio.timeout(5):
        assert list(await returned.get()) == ["b"]
