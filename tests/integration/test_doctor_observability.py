"""`doctor` on metrics and traces: who can read the ones, and whether the others arrive."""

import builtins
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from hyred_chat.config import Settings
from hyred_chat.doctor.findings import Finding
from hyred_chat.doctor.observability import check_metrics, check_traces


def sentences(findings: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(str(finding.level), finding.sentence) for finding in findings]


@contextmanager
def answering(body: bytes = b"") -> Iterator[str]:
    """A server that answers once: its address and port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        thread.join(10)


def settings_at(address: str) -> Settings:
    host, _, port = address.rpartition(":")
    return Settings(metrics_address=(host, int(port)))


@pytest.fixture
def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


def test_an_address_of_metrics_is_free_or_ours_or_somebody_elses(free_address: str) -> None:
    assert sentences(check_metrics(Settings())) == []
    assert sentences(check_metrics(settings_at(free_address))) == [("ok", f"{free_address} is free.")]
    with answering(b"hyred_sockets 1\n") as ours:
        assert sentences(check_metrics(settings_at(ours))) == [("ok", f"Hyred Chat answers on {ours}.")]
    with answering(b"something else") as theirs:
        [(level, sentence)] = sentences(check_metrics(settings_at(theirs)))
    assert level == "problem"
    assert sentence.startswith("HYRED_METRICS_ADDRESS: ")


def test_metrics_on_all_addresses_are_warned_of(free_address: str) -> None:
    port = free_address.rpartition(":")[2]
    [_, (level, sentence)] = sentences(check_metrics(settings_at(f"0.0.0.0:{port}")))
    assert level == "warning"
    assert "asks for no password" in sentence


def test_a_collector_answers_or_does_not(free_address: str) -> None:
    assert sentences(check_traces({})) == []
    with answering() as collector:
        answer = sentences(check_traces({"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{collector}"}))
    assert answer == [("ok", f"The collector at http://{collector}/ answers.")]
    secret = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"http://user:s3cret@{free_address}/v1/traces?key=s3cret"}
    [(level, sentence)] = sentences(check_traces(secret))
    assert level == "problem"
    assert free_address in sentence
    assert "s3cret" not in sentence


def test_traces_that_cannot_be_made_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    [(level, sentence)] = sentences(check_traces(wanted | {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}))
    assert (level, "not grpc" in sentence) == ("problem", True)
    plain = builtins.__import__

    def without(name: str, *arguments: Any, **more: Any) -> Any:
        if name.startswith("opentelemetry"):
            raise ImportError(name)
        return plain(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    [(level, sentence)] = sentences(check_traces(wanted))
    assert (level, "hyred-chat[otel]" in sentence) == ("problem", True)
