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
        description="How long after a report moderators can open the files of its evidence, and how long those are "
        "kept whose message was deleted meanwhile. Both end earlier when the report is resolved or dismissed. 0: "
        "moderators open no files, and reports keep none.",
    )
