"""The health check of a container says what the server beside it says of itself."""

import subprocess
import sys

import pytest

from tests.acceptance.failures import chat_on, wait_for_status
from tests.acceptance.server import start_server
from tests.integration.commands import environment, taken_port
from tests.postgres import PrivatePostgres

TIMEOUT_SECONDS = 30


def check(**settings: str) -> tuple[int, str]:
    """Exit status, and what it says."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "hyred_chat.healthcheck"],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return done.returncode, done.stderr


async def test_a_server_is_healthy_while_its_database_is_there(private_postgres: PrivatePostgres) -> None:
    async with start_server(private_postgres.url) as server, chat_on(server) as chat:
        assert check(PORT=server.port) == (0, "")
        assert check(HYRED_PORT=server.port) == (0, "")
        private_postgres.stop(immediate=True)
        await wait_for_status(chat, "/api/health/ready", 503)
        status, says = check(PORT=server.port)
        assert status == 1
        assert says.startswith("503: ")
        assert "unavailable" in says


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_server_that_is_not_there_is_not_healthy(host: str) -> None:
    with taken_port() as port:
        pass
    status, says = check(HOST=host, PORT=str(port))
    assert status == 1
    assert says.startswith(f"Nothing answers on {host}:{port}: ")
