"""Where the broker is: what HYRED_REDIS_URL says, connected."""

import os
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from pydantic import SecretStr

from hyred_chat.broker.embedded import ValkeyServer, ValkeyStartError
from hyred_chat.broker.errors import BrokerStartError
from hyred_chat.config import ConfigurationError, Settings, variable_of

if TYPE_CHECKING:  # it needs a library that is only there where there is a broker
    from hyred_chat.broker.broker import Broker

MAX_HOST_CHARS = 63


@asynccontextmanager
async def connected_broker(settings: Settings) -> AsyncIterator["Broker | None"]:
    """The broker, until the end of the block; None where there is none. Whoever takes it runs it.

    Raises:
        ConfigurationError: it cannot be used. The message says why, and what to do.
    """
    if settings.redis_url is None:
        yield None
        return
    variable = variable_of("redis_url")
    try:
        from hyred_chat.broker.broker import Broker  # noqa: PLC0415
    except ImportError:
        raise ConfigurationError(
            variable, "needs the extra packages of hyred-chat[redis]: install them with pip."
        ) from None
    try:
        broker = await Broker.connect(
            settings.redis_url.get_secret_value(),
            node_id=_new_node_id(),
            prefix=settings.redis_prefix,
            may_be_away=not settings.redis_required,
        )
    except (BrokerStartError, ValueError) as error:
        raise ConfigurationError(variable, str(error)) from None
    try:
        yield broker
    finally:
        await broker.close()


def require_broker(settings: Settings) -> None:
    """Raises ConfigurationError in production where there is no broker."""
    if settings.redis_url is None and settings.is_production:
        raise ConfigurationError(
            variable_of("redis_url"),
            "must be set for --workers: it is how several processes tell one another what happens.",
        )


@contextmanager
def broker_for_several(settings: Settings) -> Iterator[str]:
    """The URL of the broker that several processes need. In development one is started for the block.

    Raises:
        ConfigurationError: there is none, or it cannot be used. The message says why, and what to do.
    """
    if settings.redis_url is not None:
        yield settings.redis_url.get_secret_value()
        return
    variable = variable_of("redis_url")
    require_broker(settings)
    try:
        server = ValkeyServer()
        server.start()
    except ValkeyStartError as error:
        raise ConfigurationError(variable, f"is needed for --workers. {error}") from None
    try:
        yield server.url
    finally:
        server.remove()


async def check_broker(settings: Settings, url: str) -> None:
    """Connect once. Raises ConfigurationError when that fails."""
    async with connected_broker(settings.model_copy(update={"redis_url": SecretStr(url)})):
        pass


def _new_node_id() -> str:
    """The name of this process among all: containers may share a host's name, and have the same process id."""
    return f"{socket.gethostname()[:MAX_HOST_CHARS]}.{os.getpid()}.{secrets.token_hex(4)}"
