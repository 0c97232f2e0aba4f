"""Files that people attach to messages: where they are kept, and how much of them."""

from typing import ClassVar

from pydantic import Field

from hyred_chat.config.subject import Subject
from hyred_chat.config.values import ClamdUrl, FilesUrl

_TEBIBYTE = 2**40


class FileSettings(Subject):
    """Files."""

    title: ClassVar[str] = "Files"

    files_url: FilesUrl | None = Field(
        default=None,
        description="Where files are kept: `file:/folder`, or `s3://bucket/prefix` in an S3-compatible store. Several "
        "servers on one database need a shared folder that all of them mount, or S3. For S3, install `hyred-chat[s3]` "
        "(the image has it), and set `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, and outside of AWS "
        "`AWS_ENDPOINT_URL`. Default: `files` in `HYRED_DATA_DIR`.",
    )
    clamd_url: ClamdUrl | None = Field(
        default=None,
        description="A virus scanner with clamd's protocol: `tcp://host:3310` or `unix:/run/clamav/clamd.ctl`. It "
        "scans every file. While it does not answer, files wait. Default: none.",
    )
    max_file_bytes: int = Field(
        default=25 * 2**20, ge=1, le=_TEBIBYTE, description="The largest file that can be attached."
    )
    max_file_bytes_per_day: int = Field(
        default=500 * 2**20,
        ge=0,
        le=_TEBIBYTE,
        description="How much a person may upload within any 24 hours, in bytes. 0: no limit.",
    )
    rate_limit_downloads_burst: int = Field(
        default=600, ge=1, le=1_000_000, description="Files and previews that a person may load in a burst."
    )
    rate_limit_downloads_per_minute: int = Field(
        default=1200,
        ge=0,
        le=10_000_000,
        description="Files and previews that a person may load per minute, sustained. 0: no limit.",
    )
