"""What the server shows of its work: logs and metrics."""

from typing import ClassVar, Literal

from pydantic import Field

from hyred_chat.config.subject import Subject
from hyred_chat.config.values import OptionalAddress, Word


class ObservabilitySettings(Subject):
    """Logs and metrics."""

    title: ClassVar[str] = "Logs and metrics"

    log_level: Word[Literal["debug", "info", "warning", "error"]] = Field(
        default="info", description="The lowest level that is logged."
    )
    log_format: Word[Literal["auto", "text", "json"]] = Field(
        default="auto",
        description="`text` for people, `json` (one object a line) for machines. `auto`: `json` in production, unless "
        "the log goes to a terminal.",
    )
    metrics_address: OptionalAddress = Field(
        default=None,
        description="Where Prometheus reads `/metrics`: an address and a port of its own, such as `127.0.0.1:9464`. It "
        "has no authentication, so keep it on a private network. Default: no metrics.",
    )
