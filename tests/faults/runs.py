"""Short runs of the fault harness."""

import asyncio
from pathlib import Path
from typing import TypeAlias

from faults.checker import check
from faults.deployment import deploy
from faults.facts import Facts, Violation
from faults.history import History, read_history
from faults.people import Pace
from faults.run import Plan, Run
from tests.postgres import PrivatePostgres
from tests.valkey import start_valkey

Checked: TypeAlias = tuple[Facts, list[Violation]]

SEED = 9
# What is over soon. `make faults` has all of them, and longer ones.
QUICK_FAULTS = (
    *("node killed", "Redis restarted empty", "subscribers killed", "messages lost"),
    *("messages doubled", "messages delayed", "connections ended", "answers lost"),
)


async def run(plan: Plan, pristine: Path, path: Path, *, nodes: int, broken: str | None = None) -> Checked:
    """A run with a PostgreSQL and a Valkey of its own, checked.

    Args:
        pristine: a data directory that nobody uses, to start from.
        path: where the history goes.
        broken: how the servers are broken.
    """
    module = None if broken is None else "tests.faults.broken"
    settings = {} if broken is None else {"BROKEN": broken}
    postgres, valkey, history = PrivatePostgres(pristine), start_valkey(on_port=True), History(path)
    try:
        await asyncio.to_thread(postgres.start)
        async with deploy(postgres, valkey, nodes, plan.seed, module=module, **settings) as deployment:
            await Run(plan, deployment, history, lambda _: None).run()
    finally:
        history.close()
        valkey.remove()
        postgres.remove()
    return check(read_history(path))


def stormy() -> Plan:
    """A minute in which things break."""
    pace = Pace(pause_seconds=0.5, longest_offline_seconds=3)
    return Plan(seed=SEED, seconds=60, people=20, longest=4, quiet=1.5, pace=pace, faults=QUICK_FAULTS)


def calm() -> Plan:
    """A few seconds in which nothing breaks but what is broken already."""
    pace = Pace(pause_seconds=0.2, longest_offline_seconds=1)
    return Plan(seed=SEED, seconds=2, people=8, longest=1, quiet=1, pace=pace, is_calm=True, whole_seconds=3)
