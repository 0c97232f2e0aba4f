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
        description="A Redis 7 or Valkey 8 (or newer) through which several servers on one database tell one another "
        "what happens: `redis://user:password@host:6379/0`, `rediss://` for TLS, `unix:///path/to/socket`, "
        "`redis+sentinel://host1:26379,host2:26379/name`, or `redis+cluster://host1:6379,host2:6379`. Nothing is kept "
        "there. Default: none, for a single server.",
    )
    redis_prefix: str = Field(
        default="hyred",
        pattern=r"^[A-Za-z0-9_.:-]{1,64}$",
        description="What the names of all channels and keys in Redis begin with. Deployments that share a Redis need "
        "one each.",
    )
    redis_required: bool = Field(
        default=False,
        description="Whether a server ends at its start when Redis cannot be reached. Default: it warns in one line, "
        "serves, and its readiness is `degraded` until Redis is there. A wrong password, an old version and a "
        "read-only replica always end it.",
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
        description="How often, at least, the rooms of connected people are compared with the database, for messages "
        "and read positions that other processes have stored.",
    )
    changes_poll_seconds: float = Field(
        default=5,
        ge=0.1,
        le=60,
        description="How often, at least, a process looks for changes of people and rooms that others have made: who "
        "was disabled, renamed, removed or blocked.",
    )
