"""What goes into the log and how it looks: a line of text for people, or a JSON object a line for machines.

Tokens, keys, e-mail addresses and the text of messages never go into the log. Nor does anything that a hostile client
can repeat at will: the loggers of the HTTP and WebSocket libraries report faults of ours and nothing else.
"""

import json
import logging
import sys
from typing import Any, TextIO

from hyred_chat.config import Settings
from hyred_chat.log_fields import bound
from hyred_chat.moments import seconds_to_wire
from hyred_chat.tracebacks import format_exception

_QUIET = ("uvicorn", "picows")  # they warn about every malformed request
_RECORD_FIELDS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


def configure_logging(settings: Settings) -> None:
    """Send every log record to standard error, in the form and from the level that the settings name."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if writes_json(settings, sys.stderr) else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("hyred_chat").setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("uvicorn.access").disabled = True


def writes_json(settings: Settings, output: TextIO) -> bool:
    """Whether the log is JSON: as the settings say, or in production where nobody is looking at a terminal."""
    if settings.log_format == "auto":
        return settings.is_production and not output.isatty()
    return settings.log_format == "json"


class TextFormatter(logging.Formatter):
    """`2026-01-31T12:00:00.000Z warning hyred_chat.app: message key=value`, on one line; a traceback goes below."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record. Line breaks in a message are escaped: what a client sends cannot forge a line."""
        fields = "".join(f" {key}={value}" for key, value in _fields(record).items())
        text = f"{_message(record)}{fields}".replace("\r", "\\r").replace("\n", "\\n")
        line = f"{seconds_to_wire(record.created)} {record.levelname.lower()} {record.name}: {text}"
        return "\n".join((line, *_traceback(record)))


class JsonFormatter(logging.Formatter):
    """`{"time", "level", "logger", "message", …fields, "traceback"?}` on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The object of a record. Values that are not JSON appear as their text."""
        entry = {
            **_fields(record),
            "time": seconds_to_wire(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        for text in _traceback(record):
            entry["traceback"] = text
        return json.dumps(entry, default=str)  # plain ASCII: whatever a client sent, this is one valid line


def _message(record: logging.LogRecord) -> str:
    text = record.getMessage()
    # asyncio's further lines are `repr`s: of tasks, of what they have failed with.
    return text.partition("\n")[0] if record.name == "asyncio" else text


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """The ids that are bound where the record is logged, and what it has besides."""
    extra = {key: value for key, value in record.__dict__.items() if key not in _RECORD_FIELDS}
    return {**bound(), **extra}


def _traceback(record: logging.LogRecord) -> list[str]:
    """The traceback of a record, if it has one."""
    error = record.exc_info[1] if record.exc_info else None
    return [] if error is None else [format_exception(error)]
