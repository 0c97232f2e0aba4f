"""`hyred-chat doctor`: a line for each check, and plain words about what is wrong."""

import http.server
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.doctor.database import Deployment, ServerFacts, judge, read_facts
from hyred_chat.doctor.replication import ReplicationFacts
from hyred_chat.doctor.sign_in import check_key_set
from hyred_chat.python_build import is_optimised
from tests.integration.commands import run_command, running_server, taken_port
from tests.postgres import SCHEMA

WELL = ServerFacts(
    version="18.1",
    switched_off=(),
    max_connections=100,
    clock_ahead_seconds=0.01,
    replication=ReplicationFacts(names="", commit_level="on", standbys=0, synchronous=0),
)


def levels(facts: ServerFacts) -> dict[str, str]:
    return {finding.subject: str(finding.level) for finding in judge(facts, Settings(), Deployment())}


@contextmanager
def key_set(body: bytes, status: int = 200) -> Iterator[Settings]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/keys"
        yield Settings(oidc_issuer="https://issuer.example", oidc_audience="chat", oidc_jwks_url=url)
        thread.join(10)


NO_KEY_OF_OURS = b'{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}'


def test_a_database_that_keeps_its_promises_is_well() -> None:
    assert levels(WELL) == {"database": "ok", "durability": "ok", "clock": "ok"}


def test_durability_that_is_switched_off_is_a_problem() -> None:
    (finding,) = [
        finding
        for finding in judge(replace(WELL, switched_off=("fsync", "synchronous_commit")), Settings(), Deployment())
        if finding.level == "problem"
    ]
    assert finding.sentence.startswith("fsync and synchronous_commit")


@pytest.mark.parametrize("seconds", [-3.0, 3.0])
def test_a_clock_that_is_off_by_more_than_two_seconds_is_a_problem(seconds: float) -> None:
    assert levels(replace(WELL, clock_ahead_seconds=seconds))["clock"] == "problem"


def test_a_database_with_fewer_connections_than_the_server_may_need_is_a_problem() -> None:
    assert levels(replace(WELL, max_connections=10))["connections"] == "problem"


def test_connections_add_up_over_all_processes() -> None:
    def findings(servers: int, workers: int = 1) -> dict[str, str]:
        found = judge(WELL, Settings(), Deployment(servers, workers))
        return {finding.subject: finding.sentence for finding in found}

    # A pool of 8, a lane, and one that listens.
    assert "connections" not in findings(9)
    assert "10 processes with 10 each may need 104" in findings(10)["connections"]
    # Those of one server divide the pool.
    assert "connections" not in findings(6, 4)
    assert "28 processes with 4 each may need 116" in findings(7, 4)["connections"]


async def test_connections_are_those_that_our_account_and_our_database_may_have(
    database: Database, database_url: str
) -> None:
    async with database.connection() as connection:
        name = await connection.fetchval("SELECT current_database()")
        reserved = await connection.fetchval("SELECT current_setting('superuser_reserved_connections')::int")
        most = await connection.fetchval("SELECT current_setting('max_connections')::int")
        assert (await read_facts(database_url, SCHEMA)).max_connections == most - reserved
        await connection.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 12")
    assert (await read_facts(database_url, SCHEMA)).max_connections == 12


def test_a_key_set_with_keys_is_well() -> None:
    public_key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    key = RSAAlgorithm.to_jwk(public_key, as_dict=True) | {"kid": "1", "alg": "RS256", "use": "sig"}
    with key_set(json.dumps({"keys": [key]}).encode()) as settings:
        assert check_key_set(settings).level == "ok"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'{"keys": []}'),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"keys": [1]}'),
        (200, NO_KEY_OF_OURS),
        (404, b""),
    ],
)
def test_a_key_set_without_keys_is_a_problem(status: int, body: bytes) -> None:
    with key_set(body, status) as settings:
        assert check_key_set(settings).level == "problem"


def test_a_key_set_that_cannot_be_reached_is_a_problem() -> None:
    with taken_port() as port:
        pass
    url = f"http://127.0.0.1:{port}/keys"
    settings = Settings(oidc_issuer="https://issuer.example", oidc_audience="chat", oidc_jwks_url=url)
    assert "cannot be reached" in check_key_set(settings).sentence


def test_doctor_finds_nothing_wrong_with_a_server_that_runs(tmp_path: Path) -> None:
    with running_server(HYRED_DATA_DIR=str(tmp_path)) as server:
        port = server.address.rpartition(":")[2]
        result = run_command("doctor", HYRED_DATA_DIR=str(tmp_path), PORT=port)
        server.stop(signal.SIGTERM)
    assert result.returncode == 0
    report = {line.split()[1]: line for line in result.stdout.splitlines()}
    assert all(line.startswith("ok ") for subject, line in report.items() if subject != "python")
    assert report["python"].startswith("ok " if is_optimised() else "warning ")
    assert "is running" in report["port"]
    assert "revision" in report["schema"]


def test_doctor_starts_the_embedded_database_only_for_the_check(tmp_path: Path) -> None:
    result = run_command("doctor", HYRED_DATA_DIR=str(tmp_path), PORT="0")
    assert result.returncode == 0
    assert "There are no tables" in result.stdout
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def test_doctor_says_in_plain_words_what_is_wrong_and_fails() -> None:
    with taken_port() as port:
        result = run_command(
            "doctor", PORT=str(port), HYRED_DATABASE_URL="postgresql://127.0.0.1:1/chat", HYRED_LOG_LEVL="debug"
        )
    assert result.returncode == 1
    problems = [line for line in result.stdout.splitlines() if line.startswith("problem")]
    assert len(problems) == 2
    assert "Check HYRED_DATABASE_URL." in problems[0]
    assert f"PORT: {port} is in use" in problems[1]
    assert "HYRED_LOG_LEVL: no such setting." in result.stdout
    assert "Nobody can sign in" in result.stdout


def test_doctor_reports_a_wrong_setting() -> None:
    result = run_command("doctor", PORT="http")
    assert result.returncode == 1
    (line,) = result.stdout.splitlines()
    assert line.startswith("problem")
    assert line.endswith("PORT: must be a whole number from 0 to 65535.")
