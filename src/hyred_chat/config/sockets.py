"""How long sockets and the people behind them have for something."""

from typing import ClassVar

from pydantic import Field

from hyred_chat.config.subject import Subject


class SocketSettings(Subject):
    """Sockets and presence."""

    title: ClassVar[str] = "Sockets and presence"

    ping_interval_seconds: float = Field(default=25, ge=0.1, le=300, description="How often the server pings a socket.")
    ping_timeout_seconds: float = Field(default=20, ge=0.1, le=300, description="How long a pong may take.")
    connect_timeout_seconds: float = Field(
        default=10, ge=0.1, le=300, description="How long a new socket may take to sign in."
    )
    presence_offline_grace_seconds: float = Field(
        default=2.0,
        ge=0,
        le=4,
        description="How long a user without a socket is still shown as online, so that a reload or a short gap does "
        "not show.",
    )
