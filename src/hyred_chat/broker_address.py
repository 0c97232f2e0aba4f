"""Where the broker is: what HYRED_REDIS_URL says, connected."""

import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

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
            settings.redis_url.get_secret_value(), node_id=_new_node_id(), prefix=settings.redis_prefix
        )
    except (BrokerStartError, ValueError) as error:
        raise ConfigurationError(variable, str(error)) from None
    try:
        yield broker
    finally:
        await broker.close()


def _new_node_id() -> str:
    """The name of this process among all: containers may share a host's name, and have the same process id."""
    return f"{socket.gethostname()[:MAX_HOST_CHARS]}.{os.getpid()}.{secrets.token_hex(4)}"
