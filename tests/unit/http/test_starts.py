"""Many requests in the same moment: a few begin in each turn of the event loop, in fair order, and all of them do."""

import asyncio
from collections.abc import Callable

from hyred_chat.http.starts import Starts


def of_one(_: int) -> str:
    """All requests come from one address."""
    return "192.0.2.1"


async def begun_in_turns(
    starts: Starts, count: int, *, cancelled: int | None = None, address_of: Callable[[int], str] = of_one
) -> list[list[int]]:
    """Which of so many requests began in each turn."""
    turns: list[list[int]] = [[]]

    async def begin(number: int) -> None:
        await starts.wait(address_of(number))
        turns[-1].append(number)

    tasks = [asyncio.create_task(begin(number)) for number in range(count)]
    if cancelled is not None:
        await asyncio.sleep(0)
        tasks[cancelled].cancel()
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        turns.append([])
    return [turn for turn in turns if turn]


async def test_no_more_than_a_few_begin_in_a_turn_and_all_in_their_order() -> None:
    turns = await begun_in_turns(Starts(at_once=3), 20)
    assert max(map(len, turns)) <= 3
    assert [number for turn in turns for number in turn] == list(range(20))


async def test_a_request_alone_begins_in_its_turn_whatever_there_was_before() -> None:
    starts = Starts(at_once=3)
    for _ in range(3):
        assert await begun_in_turns(starts, 3) == [[0, 1, 2]]
        await asyncio.sleep(0.01)


async def test_whoever_is_gone_before_it_began_keeps_nobody_waiting() -> None:
    turns = await begun_in_turns(Starts(at_once=1), 5, cancelled=2)
    assert [number for turn in turns for number in turn] == [0, 1, 3, 4]


async def test_an_address_with_many_requests_waits_for_itself() -> None:
    def address_of(number: int) -> str:
        return {50: "192.0.2.2", 51: "192.0.2.3", 60: "192.0.2.2"}.get(number, "192.0.2.1")

    begun = [number for turn in await begun_in_turns(Starts(at_once=1), 100, address_of=address_of) for number in turn]
    assert begun[:6] == [0, 1, 50, 51, 2, 60]
    assert sorted(begun) == list(range(100))
    assert [number for number in begun if address_of(number) == "192.0.2.1"] == [
        number for number in range(100) if address_of(number) == "192.0.2.1"
    ]
