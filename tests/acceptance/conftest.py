"""A server for all acceptance tests. A module that needs other settings overrides `standing_chat`, and has its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import pytest

from hyred_chat.broker.embedded import ValkeyServer
from tests.acceptance.nodes import BROKER_SETTINGS, SETTINGS, TwoNodes, two_nodes
from tests.acceptance.oidc import SignIn, running_sign_in
from tests.acceptance.people import Chat
from tests.acceptance.server import start_server
from tests.postgres import TemplateServer

# Of the two processes that everybody shares.
REDIS_PREFIX = "two-nodes"

StartChat: TypeAlias = Callable[..., AbstractAsyncContextManager[Chat]]


@pytest.fixture(scope="session")
def start_chat(template_server: TemplateServer) -> StartChat:
    """`async with start_chat(HYRED_…="…") as chat`: a server with these settings, on a fresh database."""

    @asynccontextmanager
    async def start(**settings: str) -> AsyncIterator[Chat]:
        url = await template_server.create()
        async with start_server(url, **settings) as server:
            chat = await Chat.open(server)
            yield chat
            await chat.close()
            assert not server.faults()
        await template_server.drop(url)

    return start


@pytest.fixture(scope="session")
async def sign_in() -> AsyncIterator[SignIn]:
    """An issuer of ID tokens."""
    async with running_sign_in() as sign_in:
        yield sign_in


@pytest.fixture(scope="session")
async def standing_chat(start_chat: StartChat, sign_in: SignIn) -> AsyncIterator[Chat]:
    """One server for everybody, with default settings; it trusts the issuer. People and rooms are each test's own."""
    async with start_chat(HYRED_METRICS_ADDRESS="127.0.0.1:0", **sign_in.settings) as chat:
        yield chat


@pytest.fixture
async def chat(standing_chat: Chat) -> AsyncIterator[Chat]:
    """People, rooms, sockets and requests on the test's server. No e-mail address of theirs may leave it."""
    yield standing_chat
    texts = standing_chat.texts()
    await standing_chat.send_everybody_home()
    assert not [text for text in texts if "@" in text]


@pytest.fixture(scope="session", params=["found by the sweep", "told by the broker"])
async def standing_nodes(
    request: pytest.FixtureRequest, start_chat: StartChat, valkey: ValkeyServer
) -> AsyncIterator[TwoNodes]:
    """Two processes on one database, for everybody."""
    settings = SETTINGS
    if request.param == "told by the broker":
        settings = BROKER_SETTINGS | {"HYRED_REDIS_URL": valkey.url, "HYRED_REDIS_PREFIX": REDIS_PREFIX}
    async with start_chat(**settings) as chat, two_nodes(chat, **settings) as nodes:
        yield nodes


@pytest.fixture
async def nodes(standing_nodes: TwoNodes) -> AsyncIterator[TwoNodes]:
    """Two processes on one database. People and rooms are the test's own."""
    yield standing_nodes
    await standing_nodes.chat.send_everybody_home()
