"""The address at which other nodes reach this one."""

import asyncio
import ipaddress
import logging
import socket
from typing import TYPE_CHECKING

from hyred_chat.config import Settings, variable_of
from hyred_chat.nodes.directory import Directory

if TYPE_CHECKING:  # it needs a library that is only there where there is a broker
    from hyred_chat.broker.broker import Broker

logger = logging.getLogger(__name__)

# HOSTs that are all addresses of a machine.
_FAMILIES = {"0.0.0.0": socket.AF_INET, "::": socket.AF_UNSPEC}
_LOOPBACK = "127.0.0.1"


async def open_directory(settings: Settings, broker: "Broker", *, owner: str) -> Directory:
    """The table of nodes, with this one in it where its address is known. `owner`: see `Directory`."""
    address = settings.node_address
    if address is None:
        servers = broker.servers
        own = await asyncio.to_thread(_own_host, settings.host, *servers[0]) if servers else None
        address = None if own is None else (own, settings.port)
    if address is None:
        logger.warning(
            "Other servers cannot reach this one, whose address is not known: long-polling needs a load balancer that "
            "keeps each session at its server. Set %s",
            variable_of("node_address"),
        )
    return Directory(broker, owner, address)


def _own_host(listens_on: str, redis_host: str, redis_port: int) -> str | None:
    """The address that is listened on; where it is all, that from which Redis is reached. Sends nothing to Redis.

    While Redis is away, its name may have no address (a container's has none). Then it is the address of this machine's
    own name, if that is one which others can use.
    """
    family = _FAMILIES.get(listens_on)
    if family is None:
        return listens_on
    if not redis_port:  # a Unix socket: whoever uses it is on this machine
        return _LOOPBACK
    try:
        found = socket.getaddrinfo(redis_host, redis_port, family, socket.SOCK_DGRAM)
        with socket.socket(found[0][0], socket.SOCK_DGRAM) as probe:
            probe.connect(found[0][4])
            return str(probe.getsockname()[0])
    except OSError:
        return _address_of_own_name()


def _address_of_own_name() -> str | None:
    try:
        address = socket.gethostbyname(socket.gethostname())
    except OSError:
        return None
    return None if ipaddress.ip_address(address).is_loopback else address
