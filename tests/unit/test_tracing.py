"""Tracing is there where OpenTelemetry's variables ask for it, and costs nothing where they do not."""

import asyncio
import socket
import subprocess
import sys
import threading
import time

import pytest

from hyred_chat import tracing
from hyred_chat.tracing import start_tracing

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
# Everything that a server imports, and the decision that there are no traces.
WITHOUT = """
import os, sys
import hyred_chat.app, hyred_chat.server, hyred_chat.worker
from hyred_chat.tracing import start_tracing
assert start_tracing({}) is None
print([name for name in sys.modules if name.startswith(("opentelemetry.sdk.trace", "opentelemetry.exporter"))])
"""


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_SERVICE_NAME": "chat"},
        ENDPOINT | {"OTEL_SDK_DISABLED": "true"},
        ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_there_are_no_traces_unless_somebody_wants_them(
    environment: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert start_tracing(environment) is None
    assert not caplog.records


def test_without_traces_the_sdk_is_not_imported() -> None:
    ran = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize(
    ("environment", "missing", "sentence"),
    [
        (ENDPOINT, "opentelemetry.sdk.trace", "pip install 'hyred-chat[otel]'"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "opentelemetry.sdk.trace", "pip install 'hyred-chat[otel]'"),
        (ENDPOINT | {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, None, "only the protocol http/protobuf is supported"),
    ],
)
def test_traces_that_cannot_be_are_a_warning_that_says_why(
    environment: dict[str, str],
    missing: str | None,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if missing is not None:
        monkeypatch.setitem(sys.modules, missing, None)
    assert start_tracing(environment) is None
    [record] = caplog.records
    assert sentence in record.getMessage()


async def test_a_collector_that_hangs_holds_up_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "FLUSH_SECONDS", 0.2)
    silent = socket.create_server(("127.0.0.1", 0))  # it accepts, and never answers
    endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    others = set(threading.enumerate())
    started = start_tracing({"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint})
    assert started is not None
    started.record("store messages", 0.01, {"db.operation.batch.size": 1})
    before = time.monotonic()
    await started.close()
    assert time.monotonic() - before < 0.9
    silent.close()
    for thread in set(threading.enumerate()) - others:
        assert thread.daemon  # the end of the process waits for none of them
        await asyncio.to_thread(thread.join, 10)
