"""`hyred-chat serve`: what it starts, what it prints, and that nothing is left of it."""

import signal
import socket
import time
from pathlib import Path

import httpx
import pytest

from hyred_chat.db.cluster import Cluster
from tests.integration.commands import TIMEOUT_SECONDS, run_command, running_server, started_server, taken_port

UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


def is_database_running(data_dir: Path) -> bool:
    return Cluster(data_dir / "postgres").is_running()


def test_serve_prints_the_address_and_tokens_that_sign_in(data_dir: Path) -> None:
    with running_server(HYRED_DATA_DIR=str(data_dir)) as server:
        tokens = [line.split()[-1] for line in server.banner if "dev-token-" in line and "curl" not in line]
        assert len(tokens) == 5
        for token in tokens:
            answer = httpx.get(f"{server.address}/api/users/me", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 200
            picture = answer.json()["data"]["avatar"]  # a page of another origin shows it, too
            assert picture.startswith(f"{server.address}/")
            assert httpx.get(picture).headers["content-type"] == "image/svg+xml"
        roles = sorted(line.split()[-2] for line in server.banner if line.split()[-1:] and line.split()[-1] in tokens)
        assert roles == ["admin", "company", "company", "va", "va"]
        assert httpx.get(f"{server.address}/api/docs").status_code == 200
        server.stop(signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_server_and_its_database(data_dir: Path, number: signal.Signals) -> None:
    with running_server(HYRED_DATA_DIR=str(data_dir)) as server:
        assert is_database_running(data_dir)
        assert server.stop(number) == 0
    assert not is_database_running(data_dir)


def test_a_server_started_by_nohup_outlives_its_terminal_and_still_stops_in_order(data_dir: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with running_server(HYRED_DATA_DIR=str(data_dir)) as server:
            server.process.send_signal(signal.SIGHUP)
            assert httpx.get(f"{server.address}/api/health/live").status_code == 200
            assert server.stop(signal.SIGTERM) == 0
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not is_database_running(data_dir)


def test_a_signal_while_it_starts_leaves_nothing_running(tmp_path: Path) -> None:
    with started_server(HYRED_DATA_DIR=str(tmp_path)) as server:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not is_database_running(tmp_path):
            assert time.monotonic() < deadline
        assert server.stop(signal.SIGTERM) == 0
    assert server.banner == []
    assert not is_database_running(tmp_path)


def test_a_server_that_was_killed_starts_again(data_dir: Path) -> None:
    with running_server(HYRED_DATA_DIR=str(data_dir)) as server:
        server.stop(signal.SIGKILL)
    with running_server(HYRED_DATA_DIR=str(data_dir)) as server:
        assert httpx.get(f"{server.address}/api/health/ready").status_code == 200
        server.stop(signal.SIGTERM)
    assert not is_database_running(data_dir)


def test_clients_that_send_nonsense_cannot_fill_the_log(data_dir: Path) -> None:
    with running_server(HYRED_DATA_DIR=str(data_dir)) as server:
        address = ("127.0.0.1", int(server.address.rpartition(":")[2]))
        for opening in (b"", UPGRADE):
            with socket.create_connection(address, TIMEOUT_SECONDS) as client:
                if opening:
                    client.sendall(opening)
                    assert client.recv(65536).startswith(b"HTTP/1.1 101 ")
                client.sendall(b"\xff" * 64 + b"\r\n\r\n")
                while client.recv(65536):  # until the server has had enough of it
                    pass
        server.stop(signal.SIGTERM)
        assert server.later_lines() == []


def test_a_port_in_use_is_one_line_that_says_how_to_choose_another(tmp_path: Path) -> None:
    with taken_port() as port:
        result = run_command("serve", PORT=str(port), HYRED_DATA_DIR=str(tmp_path))
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"PORT: {port} is in use on 127.0.0.1.")
    assert "PORT=" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "http"), ("HOST", "192.0.2.1"), ("HYRED_ENV", "production"), ("HYRED_DATABASE_URL", "localhost")],
)
def test_a_wrong_setting_is_one_line_that_names_the_variable(tmp_path: Path, variable: str, value: str) -> None:
    settings = {"PORT": "0", "HYRED_DATA_DIR": str(tmp_path)} | {variable: value}
    result = run_command("serve", **settings)
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("HYRED_FIREBASE_PROJECT_ID: " if variable == "HYRED_ENV" else variable + ": ")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_reached_is_one_line() -> None:
    with taken_port() as port:
        pass
    result = run_command("serve", PORT="0", HYRED_DATABASE_URL=f"postgresql://127.0.0.1:{port}/chat")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "database" in result.stderr


def test_several_processes_in_production_need_a_broker_and_say_so_in_one_line() -> None:
    production = {"HYRED_ENV": "production", "HYRED_FIREBASE_PROJECT_ID": "project", "HYRED_DATA_DIR": "/nowhere"}
    result = run_command("serve", "--workers", "2", **production)
    assert result.returncode == 2
    [line] = result.stderr.splitlines()
    assert line.startswith("HYRED_REDIS_URL: must be set for --workers")


def test_several_processes_say_in_one_line_that_their_broker_cannot_be_reached(database_url: str) -> None:
    result = run_command(
        "serve",
        "--workers",
        "2",
        HYRED_DATABASE_URL=database_url,
        HYRED_REDIS_URL="redis://127.0.0.1:1",
        HYRED_REDIS_REQUIRED="true",
    )
    assert result.returncode == 2
    [line] = result.stderr.splitlines()
    assert line.startswith("HYRED_REDIS_URL: ")


def test_a_misspelt_variable_is_warned_about_at_start(tmp_path: Path) -> None:
    result = run_command("serve", PORT="0", HOST="192.0.2.1", HYRED_DATA_DIR=str(tmp_path), HYRED_LOG_LEVL="debug")
    assert result.stderr.splitlines()[0] == "Warning: HYRED_LOG_LEVL: no such setting. Is HYRED_LOG_LEVEL meant?"
