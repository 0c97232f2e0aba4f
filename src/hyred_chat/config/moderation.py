"""What is kept for moderators."""

from typing import ClassVar

from pydantic import Field

from hyred_chat.config.subject import Subject


class ModerationSettings(Subject):
    """Reports."""

    title: ClassVar[str] = "Moderation"

    report_days: int = Field(
        default=365,
        ge=1,
        le=36_500,
        description="How long a report and its evidence are kept after it was resolved or dismissed. Open reports are "
        "kept.",
    )
    report_file_days: int = Field(
        default=90,
        ge=0,
        le=36_500,
        description="How long an open report holds the files in its evidence. Until then moderators can open them, "
        "even if their message is deleted. Resolving or dismissing the report ends this earlier. 0: reports hold no "
        "files.",
    )
