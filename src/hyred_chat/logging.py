"""What goes into the log and how it looks: a line of text for people, or a JSON object a line for machines.

Tokens, keys, e-mail addresses and the text of messages never go into the log. Nor does anything that a hostile client
can repeat at will: the loggers of the HTTP and WebSocket libraries report faults of ours and nothing else.
"""

import json
import logging
import sys
from typing import Any

from hyred_chat.config import Settings
from hyred_chat.moments import seconds_to_wire

_QUIET = ("uvicorn", "picows")  # they warn about every malformed request
_RECORD_FIELDS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


def configure_logging(settings: Settings) -> None:
    """Send every log record to standard error, in the form and from the level that the settings name."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("hyred_chat").setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("uvicorn.access").disabled = True


class TextFormatter(logging.Formatter):
    """`2026-01-31T12:00:00.000Z warning hyred_chat.app: message key=value`, on one line; a traceback goes below."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record. Line breaks in a message are escaped: what a client sends cannot forge a line."""
        extra = "".join(f" {key}={value}" for key, value in _extra(record).items())
        text = f"{record.getMessage()}{extra}".replace("\r", "\\r").replace("\n", "\\n")
        line = f"{seconds_to_wire(record.created)} {record.levelname.lower()} {record.name}: {text}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """`{"time", "level", "logger", "message", …extra, "traceback"?}` on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The object of a record. Values that are not JSON appear as their text."""
        entry = {
            **_extra(record),
            "time": seconds_to_wire(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)  # plain ASCII: whatever a client sent, this is one valid line


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {key: value for key, value in record.__dict__.items() if key not in _RECORD_FIELDS}
