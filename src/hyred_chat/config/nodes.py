"""Several processes on one database."""

from typing import ClassVar

from pydantic import Field

from hyred_chat.config.subject import Subject


class NodeSettings(Subject):
    """How processes learn of one another's changes."""

    title: ClassVar[str] = "Several processes"

    sweep_seconds: float = Field(
        default=10,
        ge=0.1,
        le=60,
        description="How often, at least, the rooms of connected people are compared with the database, for messages "
        "and read positions that other processes have stored.",
    )
