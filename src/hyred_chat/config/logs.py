"""What is logged, and how."""

from typing import ClassVar, Literal

from pydantic import Field

from hyred_chat.config.subject import Subject
from hyred_chat.config.values import Word


class LogSettings(Subject):
    """The log."""

    title: ClassVar[str] = "Logs"

    log_level: Word[Literal["debug", "info", "warning", "error"]] = Field(
        default="info", description="The lowest level that is logged."
    )
    log_format: Word[Literal["text", "json"]] = Field(
        default="text", description="`text` for people, `json` (one object a line) for machines."
    )
