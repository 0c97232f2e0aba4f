"""The tables of text that the web app's tests read, too (tests/tables/README.md)."""

import json
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parents[2] / "tables"


def rows_of(table: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of a table. No row is there twice."""
    rows = json.loads((TABLES / f"{table}.json").read_text(encoding="utf-8"))
    return [tuple(row[column] for column in columns) for row in rows]
