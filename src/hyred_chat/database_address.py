"""Which PostgreSQL a command works on: the operator's own, or the embedded one for as long as the command runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from hyred_chat.config import Settings
from hyred_chat.db.embedded import start_embedded


@contextmanager
def database_address(settings: Settings) -> Iterator[str]:
    """The URL of the database. The embedded one is started if need be, and stopped when nobody else uses it.

    Raises:
        PostgresStartError: the embedded one cannot be started.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    embedded = start_embedded(settings.data_dir)
    try:
        yield embedded.url
    finally:
        embedded.stop()
