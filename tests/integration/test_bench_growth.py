"""The table of messages after the bench has filled it."""

from pathlib import Path

import asyncpg
import pytest

from bench import growth
from bench.processes import ProcessFailedError
from tests.postgres import SCHEMA, TemplateServer


async def test_a_table_that_was_filled_in_slices_has_the_messages_and_all_indexes_that_it_had(
    template_server: TemplateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "SLICE_ROOMS", 2)
    monkeypatch.setattr(growth, "OTHER_BYTES", 0)
    url = await template_server.create()
    connection = await asyncpg.connect(url, server_settings={"search_path": SCHEMA})
    try:
        definitions = (
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'messages'::regclass ORDER BY 1"
        )
        before = await connection.fetch(definitions)
        await growth.fill(connection, 3 * growth.MESSAGES_A_ROOM, tmp_path)
        assert await connection.fetch(definitions) == before
        assert await connection.fetchval("SELECT count(*) FROM messages") == 3 * growth.MESSAGES_A_ROOM
        assert await connection.fetchval("SELECT count(*) FROM search_rooms WHERE indexed_seq = 500") == 3
    finally:
        await connection.close()
        await template_server.drop(url)


def test_what_there_is_no_room_for_is_not_begun(tmp_path: Path) -> None:
    with pytest.raises(ProcessFailedError, match="GiB are needed"):
        growth.check_room(tmp_path, growth.gibibytes_of(10**13))
