"""What other nodes tell of people's presence, and who tidies up after a node that has died."""

import asyncio
import logging
from typing import cast, get_args

from hyred_chat.broker.envelope import Envelope
from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.presence.claims import Claims
from hyred_chat.presence.schemas import Status
from hyred_chat.presence.service import PresenceService
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.nodes import Nodes

logger = logging.getLogger(__name__)

# How often nodes look for others that have died. Their lease of 15 s has to end first.
LOOK_SECONDS = 3.0


class PresenceRelay:
    """Keeps this node's presence in step with the others'."""

    def __init__(self, nodes: Nodes, presence: PresenceService, claims: Claims) -> None:
        self._presence = presence
        self._claims = claims
        nodes.on(Kind.STATUS, self._hear_status)
        nodes.on_restored.append(presence.tell_anew)
        nodes.on_lease_lost.append(presence.tell_anew)

    async def run(self) -> None:
        """Look for nodes that have died, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                while user_ids := await self._claims.take_dead():
                    self._presence.hear_death(user_ids)
            except BrokerUnavailableError as error:
                logger.debug("Nodes that have died could not be looked for: %s", error)

    def _hear_status(self, envelope: Envelope) -> None:
        status = envelope.fields[Field.NAME].decode()
        if status in get_args(Status):
            self._presence.hear_choice(envelope.fields[Field.USER].decode(), cast("Status", status))
