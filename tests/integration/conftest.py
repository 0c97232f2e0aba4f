"""The application in this process, and people on it. A module that needs another application has its own `running`."""

from collections.abc import AsyncIterator

import pytest

from tests.acceptance.people import Chat
from tests.integration.realtime.application import RunningApplication, open_chat, running_application


@pytest.fixture
async def running(database_url: str) -> AsyncIterator[RunningApplication]:
    """On a database of the test's own, without limits."""
    async with running_application(database_url) as running:
        yield running


@pytest.fixture
async def chat(running: RunningApplication) -> AsyncIterator[Chat]:
    """People, rooms, sockets and requests."""
    chat = await open_chat(running)
    yield chat
    await chat.close()
