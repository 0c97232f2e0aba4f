"""A storm in the bench: over how many processes it is spread, and what is said of it."""

import dataclasses

import pytest

from bench.latency import Board
from bench.meter import Shares
from bench.processes import UNLIMITED
from bench.returners import LET_IN, NO_SERVER_YET, REFUSED_FOR_NOW
from bench.servers import Pair, Person
from bench.storm import OTHER_FILES, Storm, crowds_of, server_for, table, workers_for

FILES = 20_000
CALM = Storm(
    people=3,
    workers=2,
    crowds=2,
    stop_seconds=1.5,
    back_seconds=[1.0, 2.0, 4.0],
    attempts={LET_IN: 3, REFUSED_FOR_NOW: 7, NO_SERVER_YET: 5},
    board=Board(due=[1.0, 2.0], sent=[1.0, 2.0], received={0: 1.002, 1: 2.004}),
    cpu=Shares(generator=70.0, server=90.0, database=20.0, others=1.0),
)


@pytest.mark.parametrize(
    ("people", "files", "workers"),
    [
        (5000, FILES, 1),
        (FILES - OTHER_FILES, FILES, 1),
        (FILES, FILES, 2),
        (30_000, FILES, 3),  # each keeps a quarter for other nodes
        (30_000, UNLIMITED, 1),
    ],
)
def test_a_server_has_as_many_processes_as_its_connections_need(people: int, files: int, workers: int) -> None:
    assert workers_for(people, files) == workers


async def test_a_server_of_several_processes_is_told_so_and_has_a_broker() -> None:
    server = server_for(FILES, FILES)
    try:
        assert server.command()[-2:] == ["--workers", "2"]
        assert server.environment()["HYRED_REDIS_URL"].startswith("unix:")
        assert "HYRED_MAX_HANDSHAKES_PER_SECOND" not in server.environment()
    finally:
        await server.stop()


@pytest.mark.parametrize(
    ("count", "sizes"), [(5000, [5000]), (FILES, [10_000, 10_000]), (3, [3]), (40_001, 3 * [13_334])]
)
def test_people_are_spread_over_as_many_processes_as_may_have_their_files(count: int, sizes: list[int]) -> None:
    nobody = Person("nobody", None)
    people = [Pair(f"room-{number}", nobody, nobody) for number in range(count)]
    crowds = crowds_of(people, FILES)
    assert [pair for _, part in crowds for pair in part] == people
    assert all(part[0] is people[first] for first, part in crowds)
    assert [len(part) for _, part in crowds] == pytest.approx(sizes, abs=1)


def test_a_storm_without_anybody_who_fails_meets_its_targets() -> None:
    section = table([CALM])
    assert section.rows == [(3, 2, 1.5, 2.0, 4.0, 4.0, 7, 0, *section.rows[0][8:10], 0.0, 90.0, 20.0, 70.0)]
    assert section.rows[0][8:10] == pytest.approx((2.0, 4.0))
    assert [target.met for target in section.targets] == [True, True, True]


def test_whoever_times_out_or_is_lost_again_misses_the_target_and_is_named() -> None:
    wrong = {"timed out": 1, "lost again": 2}
    section = table([CALM, dataclasses.replace(CALM, people=20_000, attempts={**CALM.attempts, **wrong})])
    assert [target.met for target in section.targets] == [True, True, True, True, False, True]
    assert "Wrong of 20,000: {'timed out': 1, 'lost again': 2}." in section.notes
    assert section.rows[1][7] == 3
