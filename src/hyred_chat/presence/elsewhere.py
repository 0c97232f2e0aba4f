"""The other nodes, as presence sees them: who is there, and who there is told."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Protocol

import orjson

from hyred_chat.broker.envelope import Envelope
from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.presence.claims import Claims
from hyred_chat.presence.schemas import Status
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.nodes import Nodes

# Payloads for one person in one frame, well below the bound of an envelope.
MAX_PAYLOADS = 200

Payload = dict[str, object]


class Elsewhere(Protocol):
    """The other nodes."""

    async def exchange(self, here: Mapping[str, Status | None]) -> dict[str, Status] | None:
        """Say how users are at this node (None: not here), and learn how they are at others.

        Returns:
            Those who are at other nodes; None when that cannot be known.
        """

    async def release(self, user_ids: Collection[str]) -> None:
        """People were told that these are not here any more: should this node die, nobody else has to."""

    async def outlive(self, seconds: float) -> None:
        """This node is about to end. Whoever is here counts as here for so long, unless they come to another node."""

    async def look(self, user_ids: Collection[str]) -> dict[str, Status] | None:
        """How users are at other nodes; None when that cannot be known."""

    def emit(self, event: str, by_user: Mapping[str, list[Payload]]) -> None:
        """Send events to the sockets of users at other nodes."""

    def choose(self, user_id: str, status: Status) -> None:
        """The user has chosen to be seen so, wherever they are."""


class Nowhere:
    """There are no other nodes."""

    async def exchange(self, _here: Mapping[str, Status | None]) -> dict[str, Status] | None:
        """Nobody is there."""
        return {}

    async def release(self, _user_ids: Collection[str]) -> None:
        """Nobody else could tell."""

    async def outlive(self, _seconds: float) -> None:
        """Nobody takes them for gone."""

    async def look(self, _user_ids: Collection[str]) -> dict[str, Status] | None:
        """Nobody is there."""
        return {}

    def emit(self, event: str, by_user: Mapping[str, list[Payload]]) -> None:
        """To nobody."""

    def choose(self, user_id: str, status: Status) -> None:
        """Nobody has to know."""


class OtherNodes:
    """The other nodes, through the broker."""

    def __init__(self, nodes: Nodes, claims: Claims, hub: Hub) -> None:
        self._nodes = nodes
        self._claims = claims
        self._hub = hub
        nodes.on(Kind.EVENT, self._hear)

    async def exchange(self, here: Mapping[str, Status | None]) -> dict[str, Status] | None:
        """See `Elsewhere`."""
        try:
            return await self._claims.exchange(here)
        except BrokerUnavailableError:
            return None

    async def release(self, user_ids: Collection[str]) -> None:
        """See `Elsewhere`."""
        with suppress(BrokerUnavailableError):  # then it is told twice
            await self._claims.release(user_ids)

    async def outlive(self, seconds: float) -> None:
        """See `Elsewhere`."""
        with suppress(BrokerUnavailableError):  # then the claims end with the lease
            await self._claims.outlive(seconds)

    async def look(self, user_ids: Collection[str]) -> dict[str, Status] | None:
        """See `Elsewhere`."""
        try:
            return await self._claims.read(user_ids)
        except BrokerUnavailableError:
            return None

    def emit(self, event: str, by_user: Mapping[str, list[Payload]]) -> None:
        """See `Elsewhere`."""
        for user_id, payloads in by_user.items():
            fields = {Field.NAME: event.encode(), Field.USER: user_id.encode()}
            for start in range(0, len(payloads), MAX_PAYLOADS):
                body = orjson.dumps(payloads[start : start + MAX_PAYLOADS])
                self._nodes.tell_users([user_id], Kind.EVENT, fields, body)

    def choose(self, user_id: str, status: Status) -> None:
        """See `Elsewhere`."""
        self._nodes.tell_users([user_id], Kind.STATUS, {Field.USER: user_id.encode(), Field.NAME: status.encode()})

    def _hear(self, envelope: Envelope) -> None:
        event = envelope.fields[Field.NAME].decode()
        sockets = self._hub.sockets_of(envelope.fields[Field.USER].decode())
        for payload in orjson.loads(envelope.body) if sockets else ():
            self._hub.emit_to(sockets, event, payload)
