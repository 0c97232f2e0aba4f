"""What the bench waits for before it counts the statements of pages."""

import asyncio

import asyncpg

from bench.archive import wait_until_searchable
from tests.postgres import SCHEMA, TemplateServer

PATIENCE_SECONDS = 10.0


async def test_it_waits_until_the_search_has_read_what_is_new_and_what_has_changed(
    template_server: TemplateServer,
) -> None:
    url = await template_server.create()
    connection, indexer = [await asyncpg.connect(url, server_settings={"search_path": SCHEMA}) for _ in range(2)]
    try:
        assert await wait_until_searchable(connection, 0)
        await connection.execute("INSERT INTO chat_rooms (id, type, last_seq) VALUES ('new', 'group', 5)")
        assert not await wait_until_searchable(connection, 0)
        waiting = asyncio.create_task(wait_until_searchable(connection, PATIENCE_SECONDS))
        await indexer.execute("INSERT INTO search_rooms (room_id, indexed_seq) VALUES ('new', 5)")
        assert await waiting
        await indexer.execute("INSERT INTO changed_messages (room_id, seq) VALUES ('new', 1)")
        assert not await wait_until_searchable(connection, 0)
    finally:
        for each in (connection, indexer):
            await each.close()
        await template_server.drop(url)
