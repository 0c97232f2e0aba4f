"""A server for all acceptance tests. A module that needs other settings overrides `settings`, and has its own."""

from collections.abc import AsyncIterator

import pytest

from tests.acceptance.people import Chat
from tests.acceptance.server import Server, start_server
from tests.postgres import TemplateServer


@pytest.fixture(scope="session")
async def shared_server(template_server: TemplateServer) -> AsyncIterator[Server]:
    """One server with default settings for everybody: people and rooms are each test's own."""
    url = await template_server.create()
    async with start_server(url) as server:
        yield server
        assert not server.faults()
    await template_server.drop(url)


@pytest.fixture
def server(shared_server: Server) -> Server:
    """The server of a test. A module with settings of its own overrides this by a fixture with scope `module`."""
    return shared_server


@pytest.fixture
async def chat(server: Server) -> AsyncIterator[Chat]:
    """People, rooms, sockets and requests on the test's server. No e-mail address may have left it."""
    chat = await Chat.open(server)
    yield chat
    await chat.close()
    assert not [text for text in chat.texts() if "@" in text]
