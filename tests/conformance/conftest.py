"""The echo apps, started once for all tests here, and an HTTP session for each test."""

from collections.abc import AsyncIterator, Callable, Iterator

import aiohttp
import pytest

from tests.conformance.echo_app import Server, engine_server, socket_server
from tests.conformance.endpoints import Endpoint
from tests.conformance.polling import new_http_session
from tests.conformance.servers import EchoProcess, serving


def _run_echo_app(tmp_path_factory: pytest.TempPathFactory, *, engine: bool) -> Iterator[Endpoint]:
    log = tmp_path_factory.mktemp("echo") / "output.log"
    app = EchoProcess(log, engine=engine)
    app.start()
    yield app.endpoint
    try:
        # Whatever the tests sent, an echo app neither ends nor logs a traceback.
        app.check_healthy()
    finally:
        app.stop()


@pytest.fixture(scope="session")
def engine_echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """An Engine.IO echo: every message comes back as it came."""
    yield from _run_echo_app(tmp_path_factory, engine=True)


@pytest.fixture(scope="session")
def socketio_echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """The Socket.IO app that the official suite is run against, with more patience."""
    yield from _run_echo_app(tmp_path_factory, engine=False)


@pytest.fixture(params=["engine_echo", "socketio_echo"])
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    """Both echo apps, for what holds whatever the messages mean."""
    found: Endpoint = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=[engine_server, socket_server], ids=["engine_echo", "socketio_echo"])
async def hasty_endpoint(request: pytest.FixtureRequest) -> AsyncIterator[Endpoint]:
    """Both echo apps with the time-outs of the official suites, for clients that say nothing."""
    new: Callable[[], Server] = request.param
    async with serving(new()) as found:
        yield found


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client without cookies, with a bound on every wait."""
    async with new_http_session() as session:
        yield session
