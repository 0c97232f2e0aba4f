"""Which node has whom, in Redis: claims under the lease of each node, so that those of a dead node end by themselves.

hash   …on:USER             incarnation → status, of each node at which the user is
set    …users:INCARNATION   the users of that node: whoever tidies up after it knows of whom
"""

import time
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast, get_args

from hyred_chat.presence.schemas import Status

if TYPE_CHECKING:  # it needs a library that is only there where there is a broker
    from hyred_chat.broker.broker import Broker

# How long the list of nodes that are alive is good for.
LIVE_SECONDS = 2.0
# Users of a dead node that are tidied up at once.
TIDY_SIZE = 200


class Claims:
    """What nodes claim. Every method raises `BrokerUnavailableError` when Redis cannot be asked."""

    def __init__(self, broker: "Broker") -> None:
        self._broker = broker
        self._live: frozenset[str] = frozenset()
        self._live_until = 0.0

    async def write(self, here: Mapping[str, Status | None]) -> None:
        """Claim users for this node, each with a status. None: the user is not here any more."""
        incarnation = self._broker.incarnation
        users = self._users_of(incarnation)
        commands: list[tuple[Any, ...]] = []
        for user_id, status in here.items():
            if status is None:
                commands += [("HDEL", self._hash_of(user_id), incarnation), ("SREM", users, user_id)]
            else:
                # In this order: what is in the hash is always tidied up after.
                commands += [("SADD", users, user_id), ("HSET", self._hash_of(user_id), incarnation, status)]
        if commands:
            await self._broker.pipeline(commands)

    async def read(self, user_ids: Collection[str]) -> dict[str, Status]:
        """How users are at other nodes; those who are at none are left out."""
        statuses: dict[str, Status] = {}
        for user_id, claims in (await self._read(user_ids)).items():
            # They chose once, for wherever they are. A node that has not heard of it yet says `online`.
            statuses[user_id] = next((status for status in claims.values() if status != "online"), "online")
        return statuses

    async def find_nodes(self, user_ids: Collection[str]) -> dict[str, list[str]]:
        """The ids of the other nodes at which users are, by user."""
        claims = await self._read(user_ids)
        return {user_id: [each.rpartition("#")[0] for each in found] for user_id, found in claims.items()}

    async def take_dead(self) -> list[str]:
        """Some users whom a node claims that has died. The claim is removed, and each is returned once, to one node."""
        taken: list[str] = []
        for incarnation in await self._broker.dead_nodes():
            (popped,) = await self._broker.pipeline([("SPOP", self._users_of(incarnation), TIDY_SIZE)])
            if not popped:
                await self._broker.forget_node(incarnation)
                continue
            user_ids = [user_id.decode() for user_id in popped]
            await self._broker.pipeline([("HDEL", self._hash_of(user_id), incarnation) for user_id in user_ids])
            taken += user_ids
        return taken

    async def _read(self, user_ids: Collection[str]) -> dict[str, dict[str, Status]]:
        """What other nodes that are alive claim, by user and incarnation."""
        asked = list(user_ids)
        if not asked:
            return {}
        answers = await self._broker.pipeline([("HGETALL", self._hash_of(user_id)) for user_id in asked])
        found = {user_id: self._claims_of(answer) for user_id, answer in zip(asked, answers, strict=True)}
        live = await self._list_live({incarnation for claims in found.values() for incarnation in claims})
        alive = {
            user_id: {incarnation: status for incarnation, status in claims.items() if incarnation in live}
            for user_id, claims in found.items()
        }
        return {user_id: claims for user_id, claims in alive.items() if claims}

    def _claims_of(self, answer: Any) -> dict[str, Status]:
        # HGETALL's answer is a map in RESP3, and a list in RESP2.
        pairs = answer.items() if isinstance(answer, dict) else zip(answer[::2], answer[1::2], strict=True)
        claims = {field.decode(): value.decode() for field, value in pairs}
        claims.pop(self._broker.incarnation, None)
        return {field: cast("Status", value) for field, value in claims.items() if value in get_args(Status)}

    async def _list_live(self, incarnations: Iterable[str]) -> frozenset[str]:
        """The nodes that are alive. One that is not known yet has them read anew."""
        now = time.monotonic()
        if now >= self._live_until or not self._live.issuperset(incarnations):
            self._live = await self._broker.live_nodes()
            self._live_until = now + LIVE_SECONDS
        return self._live

    def _hash_of(self, user_id: str) -> str:
        return self._broker.names.name("on", user_id)

    def _users_of(self, incarnation: str) -> str:
        return self._broker.names.name("users", incarnation)
