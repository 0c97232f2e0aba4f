"""Several processes on one database."""

from typing import ClassVar

from pydantic import Field, SecretStr

from hyred_chat.config.subject import Subject
from hyred_chat.config.values import OptionalAddress


class NodeSettings(Subject):
    """How processes learn of one another's changes."""

    title: ClassVar[str] = "Several processes"

    redis_url: SecretStr | None = Field(
        default=None,
        description="A Redis 7 or Valkey 8 (or newer) that carries events between several servers on one database: "
        "`redis://user:password@host:6379/0`, `rediss://` for TLS, `unix:///path/to/socket`, "
        "`redis+sentinel://host1:26379,host2:26379/name`, or `redis+cluster://host1:6379,host2:6379`. It "
        "stores nothing durable. Default: none, for a single server.",
    )
    redis_prefix: str = Field(
        default="hyred",
        pattern=r"^[A-Za-z0-9_.:-]{1,64}$",
        description="The prefix of all channel and key names in Redis. Deployments that share a Redis need different "
        "prefixes.",
    )
    redis_required: bool = Field(
        default=False,
        description="Whether a server refuses to start while Redis cannot be reached. Default: it logs a warning, "
        "serves, and reports `degraded` until Redis is there. With a wrong password, an old version or a read-only "
        "replica it never starts.",
    )
    node_address: OptionalAddress = Field(
        default=None,
        description="The address and port at which other servers reach this one, such as `10.0.0.5:3000`, with "
        "`HYRED_REDIS_URL`: a request for another server's session is passed on to it. Default: `HOST` and `PORT`; "
        "where `HOST` is all addresses, the one from which this server reaches Redis.",
    )
    sweep_seconds: float = Field(
        default=10,
        ge=0.1,
        le=60,
        description="The longest interval at which a process checks the database for messages and read positions that "
        "other processes have stored in the rooms of its connected users.",
    )
    changes_poll_seconds: float = Field(
        default=5,
        ge=0.1,
        le=60,
        description="The longest interval at which a process checks the database for changes of users and rooms by "
        "other processes: who was disabled, renamed, removed or blocked.",
    )
