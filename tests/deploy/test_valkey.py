"""The Valkey of deploy/compose.yml: a real one takes its arguments and answers its health check."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from hyred_chat.broker.embedded import find_server_program
from tests.deploy.compose import compose_config
from tests.integration.commands import taken_port

PATIENCE_SECONDS = 20
PASSWORD = "a-password-with-$-and-'"


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return compose_config(tmp_path_factory.mktemp("compose"))["services"]["valkey"]


def test_it_takes_its_arguments_and_says_that_it_is_well(valkey: Any, tmp_path: Path) -> None:
    program = find_server_program()
    with taken_port() as port:
        pass
    environment = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "VALKEY_PASSWORD": PASSWORD,
    }
    [shell, option, script] = [unescaped(word) for word in valkey["command"]]
    command = [shell, option, f"{script} --port {port} --bind 127.0.0.1"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not is_well(valkey, environment, port) and time.monotonic() < deadline:
                assert server.poll() is None
            assert is_well(valkey, environment, port)
            assert not is_well(valkey, {**environment, "VALKEY_PASSWORD": "another"}, port)
            limits = ask(environment, port, "CONFIG GET client-output-buffer-limit")
            assert "pubsub 268435456 67108864 60" in limits
        finally:
            server.kill()


def is_well(valkey: Any, environment: dict[str, str], port: int) -> bool:
    """What the health check says of the server on this port."""
    _, check = valkey["healthcheck"]["test"]
    command = unescaped(check).replace("valkey-cli", f"valkey-cli -p {port}")
    return subprocess.run(["sh", "-c", command], env=environment, capture_output=True, check=False).returncode == 0


def ask(environment: dict[str, str], port: int, question: str) -> str:
    """A command of an operator's."""
    return subprocess.run(
        ["valkey-cli", "-p", str(port), *question.split()],
        env=environment | {"REDISCLI_AUTH": PASSWORD},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def unescaped(word: str) -> str:
    """As the container gets it: Compose writes a dollar sign twice."""
    return word.replace("$$", "$")
