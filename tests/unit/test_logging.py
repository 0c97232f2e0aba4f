"""The two forms of the log."""

import contextvars
import io
import json
import logging
import sys
from typing import Literal

import pytest

from hyred_chat.config import Settings
from hyred_chat.log_fields import bind
from hyred_chat.logging import JsonFormatter, TextFormatter, writes_json


def record(message: str, **extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord(
        {"name": "hyred_chat.app", "levelno": logging.WARNING, "levelname": "WARNING", "msg": message}
    )
    made.created = 1_700_000_000.25
    made.__dict__.update(extra)
    return made


def test_a_record_is_one_line_of_text() -> None:
    line = TextFormatter().format(record("room closed", room="r1"))
    assert line == "2023-11-14T22:13:20.250Z warning hyred_chat.app: room closed room=r1"


def test_a_line_break_in_a_message_cannot_forge_a_line() -> None:
    assert "\n" not in TextFormatter().format(record("bad name: x\r\n2023 info all is well", name_of="a\nb"))


def test_a_record_is_one_json_object() -> None:
    line = JsonFormatter().format(record("odd \ud800 text\n", path=TextFormatter, time="forged"))
    assert line.isascii()
    assert "\n" not in line
    entry = json.loads(line)
    assert entry["time"] == "2023-11-14T22:13:20.250Z"
    assert entry["level"] == "warning"
    assert entry["message"] == "odd \ud800 text\n"


def test_a_traceback_travels_inside_the_json_object() -> None:
    try:
        int("boom")
    except ValueError:
        entry = json.loads(JsonFormatter().format(record("failed", exc_info=sys.exc_info())))
    assert "ValueError: (text left out" in entry["traceback"]


def test_ids_that_are_bound_are_in_every_line_and_end_with_their_task() -> None:
    def log() -> str:
        bind(request_id="r-1", user_id="u-1")
        bind(user_id="somebody@mail.example", room_id="Hello, Ana!")
        return TextFormatter().format(record("failed"))

    line = contextvars.copy_context().run(log)
    assert line.endswith("failed request_id=r-1 user_id=(e-mail) room_id=(not an id)")
    assert TextFormatter().format(record("failed")).endswith("failed")


def test_what_asyncio_says_of_tasks_is_cut_to_its_first_line() -> None:
    entry = record("Task exception was never retrieved\nfuture: <Task … exception=ValueError('a secret')>")
    entry.name = "asyncio"
    assert json.loads(JsonFormatter().format(entry))["message"] == "Task exception was never retrieved"


@pytest.mark.parametrize(
    ("log_format", "env", "is_terminal", "expected"),
    [
        ("auto", "production", False, True),
        ("auto", "production", True, False),
        ("auto", "development", False, False),
        ("text", "production", False, False),
        ("json", "development", True, True),
    ],
)
def test_the_log_is_json_in_production_unless_somebody_looks_at_it(
    log_format: Literal["auto", "text", "json"],
    env: Literal["development", "production"],
    is_terminal: bool,
    expected: bool,
) -> None:
    class Output(io.StringIO):
        def isatty(self) -> bool:
            return is_terminal

    settings = Settings.model_construct(log_format=log_format, env=env)
    assert writes_json(settings, Output()) is expected
