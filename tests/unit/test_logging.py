"""The two forms of the log."""

import json
import logging
import sys

from hyred_chat.logging import JsonFormatter, TextFormatter


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
    assert "ValueError: invalid literal" in entry["traceback"]
