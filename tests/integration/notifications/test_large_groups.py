"""What is told to the members of a large group in slices, when the server stops meanwhile."""

import asyncio

from tests.acceptance.test_notifications import large_group
from tests.integration.realtime.application import open_chat, running_application


async def test_what_was_to_be_told_in_a_while_is_told_before_the_server_stops(database_url: str) -> None:
    async with running_application(database_url) as running:
        chat = await open_chat(running)
        va, company = await chat.person("Ana"), await chat.person("Acme")
        room_id = await large_group(chat, va, company, size=1000)
        client = await company.connect()
        await va.post_message(room_id, "Told at once")
        await client.wait_for("notification")
        await client.wait_for("room_updated", lambda room: room["lastSeq"] == 1)
        await va.post_message(room_id, "Told within five seconds")
        async with asyncio.timeout(3):
            await running.application.drain()
            await client.wait_until(lambda: not client.connected)
        assert client.received("notification")[-1]["body"] == "Told within five seconds"
        assert client.received("room_updated")[-1]["lastSeq"] == 2
        await chat.close()
