"""Three nodes, and something breaks all the time: the short form of `make faults`. The seed is in `runs.py`."""

import asyncio
from pathlib import Path

import pytest

from faults.checker import check
from faults.history import Record, read_history
from faults.report import render
from tests.faults.runs import Checked, calm, run, stormy

pytestmark = pytest.mark.timeout(300)  # they start many processes, which takes long on a busy machine

# What is broken, the promise that it breaks, and how many nodes it takes.
BROKEN = {
    "dropped": ("whole", 2),
    "twice": ("order", 1),
    "swapped": ("order", 1),
    "uncommitted": ("durable", 1),
    "rewound": ("positions", 1),
}


@pytest.fixture(scope="module")
async def history(pristine_cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    """A run of three nodes with faults."""
    path = tmp_path_factory.mktemp("faults") / "history.jsonl"
    await run(stormy(), pristine_cluster, path, nodes=3)
    return read_history(path)


@pytest.fixture(scope="module")
async def checked(pristine_cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Checked]:
    """A run of each broken server, all at the same time, checked."""
    home = tmp_path_factory.mktemp("broken")
    runs = (
        run(calm(), pristine_cluster, home / f"{how}.jsonl", nodes=nodes, broken=how)
        for how, (_, nodes) in BROKEN.items()
    )
    return dict(zip(BROKEN, await asyncio.gather(*runs), strict=True))


def test_no_promise_is_broken_while_nodes_redis_and_postgresql_fail(history: list[Record]) -> None:
    facts, violations = check(history)
    assert not violations, render(facts, violations)
    assert "node killed" in {trouble.name for trouble in facts.troubles.values()}
    assert facts.outcomes["send"]["ok"] > 200
    assert facts.outcomes["read"]["ok"] > 60
    assert facts.counts["message"] > 600
    assert any(span.heard for span in facts.spans if len(span.through) > 1)


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_server_is_caught(checked: dict[str, Checked], how: str) -> None:
    facts, violations = checked[how]
    assert facts.outcomes["send"]["ok"] > 10
    assert BROKEN[how][0] in {violation.promise for violation in violations}, render(facts, violations)
