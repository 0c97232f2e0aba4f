"""`python -m bench`: starts the servers, measures, prints tables, and says by its status whether every target was met.

Status 0: all that was measured met its target. 1: something did not. 2: a server failed, or broke a promise, and no
figure is worth anything.
"""

import argparse
import asyncio
import dataclasses
import json
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import perf_counter

import uvloop

from bench import (
    attack,
    broker,
    budget,
    calls,
    changes,
    connects,
    files,
    found,
    growth,
    heading,
    idle,
    latency,
    memory,
    nodes,
    pages,
    paired,
    partitions,
    plots,
    search,
    statements,
    storm,
    throughput,
)
from bench.clients import RefusedError
from bench.database import durability
from bench.meter import idle_machine
from bench.order import BrokenPromiseError
from bench.processes import ProcessFailedError, raise_file_limit
from bench.servers import DEFAULT_SERVERS, SCHEMA, SERVERS, HyredChat, Server
from bench.settings import Settings, progress, quick
from bench.table import Section

# The least that machines write of what `search` looks through, with its index.
SEARCHED_A_SECOND = 1_000
PLOTS = Path("build/plots")

OURS = {
    "memory": memory.measure,
    "connects": connects.measure,
    "statements": statements.measure,
    "calls": calls.measure,
    "budget": budget.measure,
    "latency": latency.measure,
    "changes": changes.measure,
    "found": found.measure,
    "attack": attack.measure,
    "storm": storm.measure,
    "idle": idle.measure,
    "broker": broker.measure,
    "nodes": nodes.measure,
    "pages": pages.measure,
    "paired": paired.measure,
    "partitions": partitions.measure,
    "files": files.measure,
    "growth": growth.measure,
    "search": search.measure,
}
# In the order in which they run. Memory comes first: a server that has been under load has freed memory to reuse. Pages
# come last, for they leave a million messages behind.
_LAST = ("paired", "partitions", "growth", "search", "throughput", "pages")
MEASURES = (*(name for name in OURS if name not in _LAST), *_LAST)
# A comparison with sources that have to be named; one of what is not built, for docs/scaling.md; and what takes many
# minutes to write before it is read.
_ON_REQUEST = ("paired", "partitions", "growth", "search")
DEFAULT_MEASURES = tuple(name for name in MEASURES if name not in _ON_REQUEST)


@asynccontextmanager
async def running(names: Sequence[str]) -> AsyncIterator[list[Server]]:
    """Servers that have started, and are all stopped at the end of the block whatever happens in it."""
    servers: list[Server] = []
    async with AsyncExitStack() as stack:
        for name in names:
            servers.append(SERVERS[name]())
            stack.push_async_callback(servers[-1].stop)
            await servers[-1].start()
        try:
            yield servers
        except Exception:
            for server in servers:
                progress(f"{server.name} said last:\n{server.process.tail()}")
            raise


async def run(
    measures: Sequence[str], names: Sequence[str], settings: Settings
) -> tuple[dict[str, str], list[Section]]:
    """Runs the measures, and prints each table when it is there: none is lost when a later measure fails.

    Returns:
        The heading and the tables.
    """
    sections: list[Section] = []
    async with running(names) as servers:
        ours = next((server for server in servers if isinstance(server, HyredChat)), None)
        facts = heading.heading(await durability(ours.cluster, SCHEMA) if ours else None, await idle_machine())
        print(heading.render(facts), flush=True)
        for name in MEASURES:
            if name not in measures:
                continue
            found: list[Section] = []
            async with asyncio.timeout(most_seconds(name, settings)):
                if name == "throughput":
                    found = await throughput.measure(servers, settings)
                elif ours:
                    found = await OURS[name](ours, settings)
            for section in found:
                print(f"\n{section.render()}", flush=True)
            sections += found
    return facts, sections


def numbers(text: str) -> tuple[int, ...]:
    """`5000,20000`. Raises ValueError for anything else, and for numbers that are not above 0."""
    found = tuple(int(each) for each in text.split(","))
    if min(found) <= 0:
        raise ValueError(text)
    return found


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures Hyred Chat beside two bare echoes.")
    parser.add_argument(
        "measures",
        nargs="*",
        metavar="measure",
        help=f"{', '.join(MEASURES)}, or all (the default) but {' '.join(_ON_REQUEST)}",
    )
    parser.add_argument("--quick", action="store_true", help="about a minute, for a look; not for the record")
    parser.add_argument(
        "--servers",
        default=DEFAULT_SERVERS,
        help=f"which to compare, of {','.join(SERVERS)} (default {DEFAULT_SERVERS})",
    )
    parser.add_argument("--senders", choices=("both", "one"), default="both", help="who of each pair sends")
    parser.add_argument("--searched", type=int, metavar="N", help="messages that `search` writes (default 1,000,000)")
    parser.add_argument("--stored", type=int, metavar="N", help="messages that `growth` writes (default 10,000,000)")
    parser.add_argument(
        "--connections",
        type=numbers,
        metavar="N,N",
        help="how many connections `memory` weighs and `storm` brings back, one number after the other (default 5000)",
    )
    parser.add_argument("--with", dest="other_tree", metavar="FOLDER_OR_COMMIT", help="what `paired` compares with")
    parser.add_argument(
        "--plots", type=Path, metavar="FOLDER", default=PLOTS, help=f"where to draw the plots (default {PLOTS})"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything to a file")
    options = parser.parse_args()
    options.servers = options.servers.split(",")
    options.measures = DEFAULT_MEASURES if not options.measures or "all" in options.measures else options.measures
    if "paired" in options.measures and not options.other_tree:
        parser.error("paired: compares with other sources: say which, --with FOLDER_OR_COMMIT")
    for wrong in (*set(options.servers) - set(SERVERS), *set(options.measures) - set(MEASURES)):
        parser.error(f"there is no {wrong}")
    return options


def settings_of(options: argparse.Namespace) -> Settings:
    """What the command line wants."""
    settings = quick() if options.quick else Settings()
    return dataclasses.replace(
        settings,
        stride=1 if options.senders == "both" else 2,
        other_tree=options.other_tree,
        idle_connections=options.connections or settings.idle_connections,
        storm_connections=options.connections or settings.storm_connections,
        searched_messages=options.searched or settings.searched_messages,
        stored_messages=options.stored or settings.stored_messages,
    )


def most_seconds(name: str, settings: Settings) -> float:
    """How long a measure may take; longer where it has much to write before."""
    writing = {
        "search": settings.searched_messages / SEARCHED_A_SECOND,
        "growth": settings.stored_messages / growth.STORED_A_SECOND,
    }
    return settings.measure_seconds + writing.get(name, 0.0)


def as_json(facts: dict[str, str], sections: Sequence[Section]) -> str:
    """Everything, with the verdict beside each target."""
    tables = [
        {
            **dataclasses.asdict(section),
            "targets": [{**dataclasses.asdict(target), "met": target.met} for target in section.targets],
        }
        for section in sections
    ]
    return json.dumps({"facts": facts, "tables": tables}, indent=2, ensure_ascii=False)


async def main(options: argparse.Namespace) -> int:
    """Measures and prints. Returns the exit status."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    settings = settings_of(options)
    raise_file_limit()
    started_at = perf_counter()
    facts, sections = await run(options.measures, options.servers, settings)
    drawn = plots.write([plot for section in sections for plot in section.plots], options.plots)
    progress(f"\n{perf_counter() - started_at:.0f} s in all{', with plots in ' + str(options.plots) if drawn else ''}")
    if options.json is not None:
        options.json.write_text(as_json(facts, sections))
    return int(any(target.met is False for section in sections for target in section.targets))


if __name__ == "__main__":
    try:
        sys.exit(uvloop.run(main(arguments())))
    except (BrokenPromiseError, ProcessFailedError, RefusedError, OSError, ExceptionGroup) as error:
        print(f"\nFAILED: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("\nInterrupted. Nothing is left running.", file=sys.stderr)
        sys.exit(130)
