"""`python -m faults`: breaks several nodes for a while, and checks that every promise was kept.

Status 0: no promise was broken. 1: some were. 2: it could not be carried through.
"""

import argparse
import asyncio
import secrets
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from faults.checker import check
from faults.deployment import deploy
from faults.history import History, read_history
from faults.injections import FAULTS
from faults.people import Pace
from faults.report import render
from faults.run import Plan, Run
from hyred_chat.db.embedded import start_embedded
from tests.postgres import PrivatePostgres, new_home
from tests.valkey import start_valkey

LONGEST_SECONDS = 20.0
LONG_RUN_SECONDS = 120.0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="check")
    again = commands.add_parser("check", help="check a history again")
    again.add_argument("history", type=Path)
    parser.add_argument("--seconds", type=float, default=600, help="for how long things break (default 600)")
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--seed", type=int, help="the same people, rooms and faults again (default: a new one)")
    parser.add_argument("--history", type=Path, metavar="FILE", help="where to write what happened")
    names = ", ".join(fault.name for fault in FAULTS)
    parser.add_argument("--faults", default="", help=f"only these, with commas between them, of: {names}")
    options = parser.parse_args()
    if options.command is None:
        options.faults = [name.strip() for name in options.faults.split(",") if name.strip()]
        for wrong in set(options.faults) - {fault.name for fault in FAULTS}:
            parser.error(f"there is no fault {wrong!r}")
    return options


async def main(options: argparse.Namespace, path: Path) -> None:
    """Make a history."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    is_long = options.seconds >= LONG_RUN_SECONDS
    plan = Plan(
        seed=options.seed,
        seconds=options.seconds,
        people=options.people,
        longest=LONGEST_SECONDS if is_long else LONGEST_SECONDS / 3,
        quiet=4.0 if is_long else 2.0,
        pace=Pace(pause_seconds=1.5, longest_offline_seconds=30.0 if is_long else 5.0),
        faults=options.faults,
        ends_with_death=True,
    )
    home = new_home()
    start_embedded(home).stop()
    postgres, valkey = PrivatePostgres(home / "postgres"), start_valkey(on_port=True)
    try:
        await asyncio.to_thread(postgres.start)
        history = History(path)
        try:
            async with deploy(postgres, valkey, options.nodes, options.seed) as deployment:
                await Run(plan, deployment, history, _say).run()
        finally:
            history.close()
    finally:
        valkey.remove()
        postgres.remove()
        shutil.rmtree(home)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


def run() -> int:
    """Do what the command line says. Returns the exit status."""
    options = arguments()
    path = options.history
    if options.command is None:
        options.seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
        if path is None:
            path = Path(tempfile.gettempdir()) / f"hyred-faults-{options.seed}.jsonl"
        _say(f"seed {options.seed}, history in {path}")
        uvloop.run(main(options, path))
    facts, violations = check(read_history(path))
    print(render(facts, violations))
    return int(bool(violations))


if __name__ == "__main__":
    try:
        sys.exit(run())
    except (OSError, TimeoutError, ValueError) as error:
        print(f"\nFAILED: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("\nInterrupted. Nothing is left running.", file=sys.stderr)
        sys.exit(130)
