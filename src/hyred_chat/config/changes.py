"""What may be changed of messages that were sent, and how long what was deleted is kept."""

from typing import ClassVar

from pydantic import Field

from hyred_chat.config.subject import Subject

_TEN_YEARS_SECONDS = 315_360_000


class ChangeSettings(Subject):
    """Editing and deleting messages."""

    title: ClassVar[str] = "Editing and deleting messages"

    edit_seconds: int = Field(
        default=86_400,
        ge=0,
        le=_TEN_YEARS_SECONDS,
        description="How long after sending a message its sender may edit it. 0: never.",
    )
    edit_history: bool = Field(
        default=True,
        description="Keep what messages said before they were edited, for all members of their conversation to see.",
    )
    delete_seconds: int = Field(
        default=86_400,
        ge=0,
        le=_TEN_YEARS_SECONDS,
        description="How long after sending a message its sender may delete it. Admins may at any time. 0: never.",
    )
    deleted_days: float = Field(
        default=30,
        ge=0,
        le=3650,
        description="How long what a deleted message said is kept for moderators. Then it is erased for good.",
    )
