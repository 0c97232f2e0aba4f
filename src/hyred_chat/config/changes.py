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
        description="Keep the earlier versions of edited messages. All members of the conversation can read them.",
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
        description="How long moderators can still read a deleted message. Then its content is erased.",
    )
