"""What other nodes tell of people's presence, and who tidies up after a node that has died."""

import asyncio
import logging
from typing import cast, get_args

import orjson

from hyred_chat.broker.envelope import Envelope
from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.errors import UnavailableError
from hyred_chat.presence.claims import Claims
from hyred_chat.presence.schemas import Status
from hyred_chat.presence.service import PresenceService
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.nodes import Nodes

logger = logging.getLogger(__name__)

# How often nodes look for others that have died. Their lease has to end first.
LOOK_SECONDS = 2.0
# A connection may have lost what was published for so long before it was known to be lost.
UNNOTICED_SECONDS = 8.0


class PresenceRelay:
    """Keeps this node's presence in step with the others'.

    No database knows who is here, so that what was lost is not found there: whoever may have missed something has it
    said again.
    """

    def __init__(self, nodes: Nodes, presence: PresenceService, claims: Claims) -> None:
        self._nodes = nodes
        self._presence = presence
        self._claims = claims
        self._lost_at = asyncio.get_running_loop().time()
        nodes.on(Kind.STATUS, self._hear_status)
        nodes.on(Kind.PRESENCE_MISSED, self._hear_missed)
        nodes.on_restored.append(self._catch_up)
        nodes.on_lease_lost.append(presence.tell_anew)
        nodes.broker.on_lost.append(self._note_loss)

    async def run(self) -> None:
        """Look for nodes that have died, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                while (incarnation := await self._claims.take_dead()) is not None:
                    await self._tidy_up(incarnation)
            except (BrokerUnavailableError, UnavailableError) as error:
                logger.debug("Nodes that have died could not be looked for: %s", error)
            except Exception:
                logger.exception("It could not be told who has died with a node; trying again")

    async def _tidy_up(self, incarnation: str) -> None:
        while user_ids := await self._claims.list_dead(incarnation):
            await self._presence.hear_death(user_ids)
            await self._claims.remove_dead(incarnation, user_ids)
            if not await self._claims.keep_dead(incarnation):
                return

    def _note_loss(self, _reason: str) -> None:
        self._lost_at = asyncio.get_running_loop().time()

    def _catch_up(self) -> None:
        """What was told to or by this node while it was cut off may be lost."""
        seconds = asyncio.get_running_loop().time() - self._lost_at + UNNOTICED_SECONDS
        self._presence.claim_anew()
        self._presence.tell_again(seconds)
        self._nodes.tell_all(Kind.PRESENCE_MISSED, {}, orjson.dumps(seconds))

    def _hear_missed(self, envelope: Envelope) -> None:
        self._nodes.doubt_whereabouts()
        self._presence.tell_again(float(orjson.loads(envelope.body)))

    def _hear_status(self, envelope: Envelope) -> None:
        status = envelope.fields[Field.NAME].decode()
        if status in get_args(Status):
            self._presence.hear_choice(envelope.fields[Field.USER].decode(), cast("Status", status))
