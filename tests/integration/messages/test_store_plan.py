"""The plan of the statement that stores a batch, which is made once, however large the tables become."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from hyred_chat.db.pool import Database
from hyred_chat.messages.lane_connection import LANE_SETTINGS
from hyred_chat.messages.store_statement import STORE_BATCH, STORE_REFERRING


def list_nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from list_nodes(child)


@pytest.mark.parametrize(
    ("statement", "arguments"),
    [(STORE_BATCH, "NULL, false"), (STORE_REFERRING, "NULL, false, NULL, NULL, NULL")],
    ids=["plain", "referring"],
)
async def test_no_table_is_read_but_for_what_an_index_leads_to(
    database: Database, statement: str, arguments: str
) -> None:
    connection = await database.dedicated_connection(**LANE_SETTINGS)
    await connection.execute(f"PREPARE store AS {statement}")
    [plan] = orjson.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE store ({arguments})"))
    await connection.close()
    nodes = list(list_nodes(plan["Plan"]))
    assert not [node for node in nodes if node["Node Type"] == "Seq Scan"]
    by_index = [node for node in nodes if "Index Name" in node]
    assert len(by_index) >= 6
    assert [node["Index Name"] for node in by_index if "Index Cond" not in node] == []
