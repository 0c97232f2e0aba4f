"""Where the server listens, and what kind of server it is."""

from typing import ClassVar, Literal

from platformdirs import user_data_path
from pydantic import Field

from hyred_chat.config.subject import Subject
from hyred_chat.config.values import Folder, Networks, Word, origin_of
from hyred_chat.config.variables import variable_of

_ALL_ADDRESSES = ("0.0.0.0", "::")


class ServerSettings(Subject):
    """The process and its address."""

    title: ClassVar[str] = "Server"

    host: str = Field(
        default="127.0.0.1", validation_alias=variable_of("host"), description="The address to listen on."
    )
    port: int = Field(
        default=3000,
        ge=0,
        le=65535,
        validation_alias=variable_of("port"),
        description="The port to listen on. 0 takes any free one.",
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses or networks (CIDR) of the reverse proxies in front of the server, comma-separated, such "
        "as `127.0.0.1,10.0.0.0/8`. `X-Forwarded-For` and `X-Forwarded-Proto` are trusted from these only. Default: "
        "none.",
    )
    drain_delay_seconds: float = Field(
        default=0,
        ge=0,
        le=60,
        description="How long the server keeps serving after SIGTERM, while `/api/health/ready` answers 503. Set it "
        "to the time that load balancers take to notice. After that, the server stops within 10 seconds.",
    )
    env: Word[Literal["development", "production"]] = Field(
        default="development",
        description="`production` refuses development tokens, requires an identity provider and creates no demo data.",
    )
    data_dir: Folder = Field(
        default_factory=lambda: user_data_path("hyred-chat", appauthor=False),
        description="The folder of the embedded database, of generated keys and, by default, of attached files. It "
        "also holds files while they are examined. Default: `hyred-chat` in the user's data folder "
        "(`~/.local/share/hyred-chat` on Linux).",
    )
    demo: bool = Field(
        default=True,
        description="Create demo users and rooms on the first start. Only in development, with the embedded database.",
    )

    @property
    def is_production(self) -> bool:
        """Whether the server must be safe to show to the world."""
        return self.env == "production"

    @property
    def own_origin(self) -> str | None:
        """The origin that this server is reached at, where HOST names one address; None where it names all."""
        return None if self.host in _ALL_ADDRESSES else origin_of("http", self.host, self.port)
