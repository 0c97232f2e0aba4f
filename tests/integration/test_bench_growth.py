"""The table of messages after the bench has filled it."""

import asyncpg

from bench import growth
from tests.postgres import SCHEMA, TemplateServer


async def test_a_filled_table_has_the_messages_and_all_indexes_that_it_had(template_server: TemplateServer) -> None:
    url = await template_server.create()
    connection = await asyncpg.connect(url, server_settings={"search_path": SCHEMA})
    try:
        definitions = (
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'messages'::regclass ORDER BY 1"
        )
        before = await connection.fetch(definitions)
        await growth.fill(connection, 2 * growth.MESSAGES_A_ROOM)
        assert await connection.fetch(definitions) == before
        assert await connection.fetchval("SELECT count(*) FROM messages") == 2 * growth.MESSAGES_A_ROOM
        assert await connection.fetchval("SELECT count(*) FROM search_rooms WHERE indexed_seq = 500") == 2
    finally:
        await connection.close()
        await template_server.drop(url)
