"""The database, and how messages are stored in it."""

from typing import ClassVar

from pydantic import Field

from hyred_chat.config.subject import Subject
from hyred_chat.config.values import DatabaseUrl, SchemaName


class DatabaseSettings(Subject):
    """PostgreSQL."""

    title: ClassVar[str] = "Database"

    database_url: DatabaseUrl | None = Field(
        default=None,
        repr=False,
        description="A PostgreSQL of your own, 14 or newer: `postgresql://user:password@host:5432/database`. Several "
        "hosts (`host1:5432,host2:5432`) are a primary and its standbys; the server uses the one that accepts writes. "
        "Default: an embedded PostgreSQL.",
    )
    database_schema: SchemaName = Field(
        default="blytz_hire",
        description="The PostgreSQL schema that holds the tables. It is created if it is missing. Choose it before the "
        "first start: with another name the server creates new, empty tables. The default is the name that the first "
        "version used. It is kept because existing databases and backups contain it.",
    )
    database_pool_size: int = Field(default=8, ge=2, le=100, description="Database connections that requests share.")

    @property
    def uses_embedded_database(self) -> bool:
        """Whether the server runs its own PostgreSQL, in `data_dir`."""
        return self.database_url is None


class StoringSettings(Subject):
    """The way of a message into the database."""

    title: ClassVar[str] = "Storing messages"

    message_lanes: int = Field(
        default=1,
        ge=1,
        le=16,
        description="How many batches of messages may be stored at once, each over its own database connection. One "
        "uses the least processor time. More help if the latency to the database is high.",
    )
    message_batch_size: int = Field(
        default=128, ge=1, le=1000, description="The most messages that one statement stores."
    )
    send_timeout_seconds: float = Field(
        default=10,
        ge=1,
        le=60,
        description="How long a message may take to be stored. After that the answer is `unavailable`.",
    )
    legacy_backup_sends: bool = Field(
        default=True,
        description="Legacy clients (clients of the first design) send each message by socket and by REST, without a "
        "`clientMessageId`. On: the second copy is recognised, at any process, and not stored.",
    )
