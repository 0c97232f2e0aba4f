"""Many requests in the same moment: a few begin in each turn of the event loop, in their order, and all of them do."""

import asyncio

from hyred_chat.http.starts import Starts


async def begun_in_turns(starts: Starts, count: int, *, cancelled: int | None = None) -> list[list[int]]:
    """Which of so many requests began in each turn."""
    turns: list[list[int]] = [[]]

    async def begin(number: int) -> None:
        await starts.wait()
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
