"""`python -m bench.statement_cost FOLDER PORT FILE COUNT`: what the statement for batches costs a running PostgreSQL.

A process of its own, so that the statement can be that of another checkout, by its `PYTHONPATH`. The file has pairs as
JSON, `[[room id, user id, user id], …]`. What is printed is microseconds of the backend for each message.
"""

import asyncio
import importlib
import itertools
import json
import sys
from contextlib import suppress
from pathlib import Path

from bench.batches import BATCH, PATIENCE, run_batches
from bench.database import Cluster, connection_to
from bench.servers import SCHEMA, Pair, Person
from hyred_chat.db.connecting import server_settings
from hyred_chat.messages.lane_connection import LANE_SETTINGS

WARM_UP_BATCHES = 30
# Where it is, and where it was before there were changes of messages.
MODULES = ("hyred_chat.messages.store_statement", "hyred_chat.messages.repository")


def find_statement() -> str:
    """The statement of whichever checkout this runs on. Raises LookupError."""
    for name in MODULES:
        with suppress(ImportError, AttributeError):
            return str(importlib.import_module(name).STORE_BATCH)
    raise LookupError("this checkout has no STORE_BATCH where it is looked for")


async def main(cluster: Cluster, pairs: list[Pair], count: int) -> float:
    """Stores so many batches after a few that do not count."""
    statement, turns = find_statement(), itertools.count()
    async with connection_to(cluster, SCHEMA, {**server_settings(SCHEMA), **LANE_SETTINGS, **PATIENCE}) as connection:
        await run_batches(connection, statement, pairs[:BATCH], turns, WARM_UP_BATCHES)
        return await run_batches(connection, statement, pairs[:BATCH], turns, count)


if __name__ == "__main__":
    folder, port, file, count = sys.argv[1:]
    known = [
        Pair(room_id, Person(one, None), Person(other, None))
        for room_id, one, other in json.loads(Path(file).read_bytes())
    ]
    print(asyncio.run(main(Cluster(0, Path(), folder, int(port)), known, int(count))))
