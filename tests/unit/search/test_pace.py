"""The index gives way: the busier the event loop, the longer it rests, and it never stands still."""

import asyncio
import time
from pathlib import Path

import pytest

from hyred_chat.search import pace
from hyred_chat.search.pace import wanted_seconds
from tests.machines import Machine


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.mark.parametrize(("load", "share"), [(0.0, 0.5), (0.1, 0.5), (0.3, 0.255), (0.5, 0.01), (1.0, 0.01)])
async def test_the_share_falls_with_what_others_use_and_has_a_floor(load: float, share: float) -> None:
    machine = Machine(load=load)
    await machine.share(seconds=20)  # until it knows
    assert await machine.share(seconds=100) == pytest.approx(share, rel=0.1)


async def test_it_gives_way_within_a_second_and_is_back_within_one(machine: Machine) -> None:
    await machine.share(seconds=10)
    machine.load = 0.9
    await machine.share(seconds=1)
    assert machine.pace.share == pace.MIN_SHARE
    await machine.work(0.1)  # two seconds of rest, were it to stay so
    machine.load = 0.0
    calm_at = machine.now
    await machine.work()
    assert machine.now - calm_at < 1
    await machine.share(seconds=0.5)
    assert machine.pace.share > 0.4


async def test_no_rest_is_long_and_few_messages_are_kept_up_with_however_busy_the_loop_is(machine: Machine) -> None:
    machine.load = 1.0
    await machine.share(seconds=20)
    await machine.work(10)
    rested_before = machine.slept
    await machine.work()
    assert machine.slept - rested_before == pytest.approx(pace.MAX_REST_SECONDS)
    machine.rate = pace.ORDINARY_RATE // 2
    machine.pass_by(5)
    assert await machine.share(seconds=20) == pytest.approx(pace.MAX_SHARE, rel=0.1)


async def test_a_flood_is_noticed_before_the_next_work(machine: Machine) -> None:
    machine.rate = 0
    await machine.share(seconds=10)
    machine.rate, machine.load = 17_000, 0.9
    machine.pass_by(pace.NOTICED_SECONDS)
    async with machine.pace.turn():
        assert machine.pace.share == pace.MIN_SHARE


async def test_its_own_work_does_not_make_it_rest_longer(machine: Machine) -> None:
    await machine.share(seconds=30)
    assert machine.pace.busy == 0


async def test_the_first_work_after_a_calm_time_begins_at_once(machine: Machine) -> None:
    await machine.work()
    machine.pass_by(10)
    await machine.work()
    assert machine.slept == 0


async def test_less_is_done_at_once_while_it_is_busy(machine: Machine) -> None:
    assert (machine.pace.portion(512), machine.pace.portion(1)) == (512, 1)
    machine.load = 1.0
    await machine.share(seconds=20)
    assert (machine.pace.portion(512), machine.pace.portion(1)) == (64, 1)


async def test_a_quarter_is_done_at_once_while_anybody_sends(machine: Machine) -> None:
    machine.rate = 10
    await machine.share(seconds=20)
    assert machine.pace.portion(512) == 128


async def test_work_that_fails_is_rested_for_and_one_piece_is_done_at_a_time(machine: Machine) -> None:
    async def fail() -> None:
        async with machine.pace.turn():
            machine.now += 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await machine.work()
    assert machine.slept == pytest.approx(1)
    at_work = 0

    async def work() -> None:
        nonlocal at_work
        async with machine.pace.turn():
            at_work += 1
            assert at_work == 1
            await asyncio.sleep(0)
            at_work -= 1

    await asyncio.gather(*(work() for _ in range(5)))


def test_a_thread_wants_what_it_runs_and_what_it_waits_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scheduled = tmp_path / "schedstat"
    monkeypatch.setattr(pace, "_SCHEDULED", scheduled)
    ran = time.thread_time()
    assert ran <= wanted_seconds() <= time.thread_time()
    scheduled.write_text("0 0 0\n")
    assert ran <= wanted_seconds() <= time.thread_time()
    scheduled.write_text("70000000000000 30000000000000 5\n")
    assert wanted_seconds() == 100_000
