"""Where other nodes are reached: each shows its address beside its lease in Redis, and reads those of the others.

The id of a session begins with the name of its node. A request may name any node, but never an address: addresses come
from here only.
"""

import asyncio
import base64
import ipaddress
import logging
import secrets
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import orjson

from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.http.forwarding import Peer

if TYPE_CHECKING:  # it needs a library that is only there where there is a broker
    from hyred_chat.broker.broker import Broker

logger = logging.getLogger(__name__)

# Of a node's name. It begins with what a supervisor calls its process (`supervisor/heads.py`), if there is one.
NAME_CHARS: Final = 12
_NAME_BYTES: Final = 9
_KEY_BYTES: Final = 32
_PORTS: Final = 65_536
# How often the table is read; and how soon again when somebody asks for a name that is not in it.
LOOK_SECONDS: Final = 5.0
LEAST_LOOK_SECONDS: Final = 0.5
# A node stays in the table for so long after it was last seen: longer than its lease, so that a Redis that is away or
# came back empty breaks no session.
KEEP_SECONDS: Final = 15.0


class Directory:
    """The table of all nodes that can be reached.

    Args:
        owner: what a supervisor calls this process; empty when there is none.
        address: the host and port at which other nodes reach this one. None: they do not.

    Attributes:
        name: of this node. The ids of its sessions begin with it.
        key: known to whoever can read the table: by it another node shows that it is one.
    """

    def __init__(self, broker: "Broker", owner: str, address: tuple[str, int] | None) -> None:
        self.name = (owner + secrets.token_urlsafe(_NAME_BYTES))[:NAME_CHARS]
        self.key = secrets.token_bytes(_KEY_BYTES)
        self._broker = broker
        self._peers: dict[str, Peer] = {}
        self._hosts: frozenset[str] = frozenset()
        self._seen_at: dict[str, float] = {}
        self._looked_at = -LEAST_LOOK_SECONDS
        self._look: asyncio.Task[None] | None = None
        if address is not None:
            broker.show_card(_card_of(self.name, Peer(*address, self.key)))

    def is_elsewhere(self, sid: str) -> bool:
        """Whether a session of this id is none of this node's."""
        return len(sid) > NAME_CHARS and not sid.startswith(self.name)

    def is_node_at(self, host: str) -> bool:
        """Whether another node has this address."""
        return host in self._hosts

    async def find(self, sid: str) -> Peer | None:
        """The node whose session has this id. Waits for a fresh look at Redis when the table does not have it."""
        name = sid[:NAME_CHARS]
        if name not in self._peers:
            if self._look is None:
                self._look = asyncio.create_task(self._look_again())
            await asyncio.shield(self._look)
        return self._peers.get(name)

    async def run(self) -> None:
        """Keep the table fresh until cancelled."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            if self._look is not None:
                self._look.cancel()

    async def look(self) -> None:
        """Read the table. What cannot be read stays as it was."""
        self._looked_at = now = time.monotonic()
        try:
            cards = await self._broker.cards()
        except BrokerUnavailableError as error:
            logger.debug("the table of nodes was not read: %s", error)
            return
        found = read_cards(cards)
        found.pop(self.name, None)
        self._seen_at |= dict.fromkeys(found, now)
        self._seen_at = {name: at for name, at in self._seen_at.items() if now - at < KEEP_SECONDS}
        self._peers = {name: found.get(name) or self._peers[name] for name in self._seen_at}
        # On loopback anybody may be.
        self._hosts = frozenset(peer.host for peer in self._peers.values() if not _is_loopback(peer.host))

    async def _look_again(self) -> None:
        try:
            await asyncio.sleep(self._looked_at + LEAST_LOOK_SECONDS - time.monotonic())
            await self.look()
        finally:
            self._look = None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, which no connection comes from
        return False


def read_cards(cards: Iterable[bytes]) -> dict[str, Peer]:
    """The nodes that can be reached, by name. Cards of other kinds are left out."""
    return dict(filter(None, map(_read_card, cards)))


def _card_of(name: str, peer: Peer) -> bytes:
    key = base64.b64encode(peer.key).decode()
    return orjson.dumps({"name": name, "host": peer.host, "port": peer.port, "key": key})


def _read_card(card: bytes) -> tuple[str, Peer] | None:
    """What a card says; None when it is of a process that nobody connects to, or of a version that writes others."""
    try:
        told: Any = orjson.loads(card)
        name, host, port = told["name"], told["host"], told["port"]
        key = base64.b64decode(told["key"])
    except (ValueError, TypeError, KeyError):
        return None
    is_right = isinstance(name, str) and isinstance(host, str) and isinstance(port, int) and 0 < port < _PORTS
    return (name, Peer(host, port, key)) if is_right else None
