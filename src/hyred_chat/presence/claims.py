"""Which node has whom, in Redis: claims under the lease of each node, so that those of a dead node end by themselves.

hash   …on:USER             incarnation → status, of each node at which the user is
set    …users:INCARNATION   the users of that node: whoever tidies up after it knows of whom
value  …tidy:INCARNATION    who tidies up after that node
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast, get_args

from hyred_chat.presence.schemas import Status

if TYPE_CHECKING:  # it needs a library that is only there where there is a broker
    from hyred_chat.broker.broker import Broker

# How long the list of nodes that are alive is good for.
LIVE_SECONDS = 2.0
# Users of a dead node that are tidied up at once.
TIDY_SIZE = 200
# How long one node has for that, before another one takes it over.
TIDYING_SECONDS = 5


class Claims:
    """What nodes claim. Every method raises `BrokerUnavailableError` when Redis cannot be asked."""

    def __init__(self, broker: "Broker") -> None:
        self._broker = broker
        self._live: frozenset[str] = frozenset()
        self._live_until = 0.0

    async def exchange(self, here: Mapping[str, Status | None]) -> dict[str, Status]:
        """Claim users for this node, each with a status, and learn how they are at others, as `read` does.

        Two nodes that do this at once for one user cannot both take the other for the one that tells people: who comes
        looks first and then writes, so one of two that come finds nobody. Who leaves writes first and then looks, so
        one of two that leave finds nobody. Those who leave are to be released once people were told.

        Args:
            here: None: the user is not here any more.
        """
        incarnation = self._broker.incarnation
        users = self._users_of(incarnation)
        coming = [user_id for user_id, status in here.items() if status is not None]
        going = [user_id for user_id, status in here.items() if status is None]
        writes: list[tuple[Any, ...]] = []
        for user_id, status in here.items():
            if status is None:
                writes.append(("HDEL", self._hash_of(user_id), incarnation))
            else:
                # In this order: what is in the hash is always tidied up after.
                writes += [("SADD", users, user_id), ("HSET", self._hash_of(user_id), incarnation, status)]
        if not writes:
            return {}
        looks, later_looks = self._looks_at(coming), self._looks_at(going)
        answers = await self._broker.pipeline([*looks, *writes, *later_looks])
        found = [*answers[: len(looks)], *answers[len(looks) + len(writes) :]]
        return _statuses_of(await self._keep_live(dict(zip([*coming, *going], found, strict=True))))

    async def release(self, user_ids: Collection[str]) -> None:
        """People were told that these have left this node: when it dies, nobody has to tell them."""
        if user_ids:
            await self._broker.pipeline([("SREM", self._users_of(self._broker.incarnation), *user_ids)])

    async def outlive(self, seconds: float) -> None:
        """Have what this node claims hold for so long from now on, though the node will be gone."""
        await self._broker.outlive(seconds)

    async def read(self, user_ids: Collection[str]) -> dict[str, Status]:
        """How users are at other nodes; those who are at none are left out."""
        return _statuses_of(await self._read(user_ids))

    async def find_nodes(self, user_ids: Collection[str]) -> dict[str, list[str]]:
        """The ids of the other nodes at which users are, by user."""
        claims = await self._read(user_ids)
        return {user_id: [each.rpartition("#")[0] for each in found] for user_id, found in claims.items()}

    async def take_dead(self) -> str | None:
        """A node that has died and that no other node tidies up after: this one does, for `TIDYING_SECONDS`."""
        dead = await self._broker.dead_nodes()
        self._live -= dead
        for incarnation in dead:
            if await self.keep_dead(incarnation):
                return incarnation
        return None

    async def keep_dead(self, incarnation: str) -> bool:
        """Go on tidying up after a node that has died. False: another node does."""
        key, own = self._broker.names.name("tidy", incarnation), self._broker.incarnation
        milliseconds = TIDYING_SECONDS * 1000
        _, holder = await self._broker.pipeline([("SET", key, own, "NX", "PX", milliseconds), ("GET", key)])
        if holder is None or holder.decode() != own:
            return False
        await self._broker.pipeline([("PEXPIRE", key, milliseconds)])
        return True

    async def list_dead(self, incarnation: str) -> list[str]:
        """Up to `TIDY_SIZE` of the users whom a node claims that has died. None are left: it is forgotten."""
        (users,) = await self._broker.pipeline([("SRANDMEMBER", self._users_of(incarnation), TIDY_SIZE)])
        if not users:
            await self._broker.forget_node(incarnation)
        return [user_id.decode() for user_id in users]

    async def remove_dead(self, incarnation: str, user_ids: Collection[str]) -> None:
        """Remove what a node claims that has died. Whoever was told of it before does not lose it by dying, too."""
        users = self._users_of(incarnation)
        hashes = [("HDEL", self._hash_of(user_id), incarnation) for user_id in user_ids]
        await self._broker.pipeline([*hashes, ("SREM", users, *user_ids)])

    async def _read(self, user_ids: Collection[str]) -> dict[str, dict[str, Status]]:
        """What other nodes that are alive claim, by user and incarnation."""
        asked = list(user_ids)
        if not asked:
            return {}
        answers = await self._broker.pipeline(self._looks_at(asked))
        return await self._keep_live(dict(zip(asked, answers, strict=True)))

    def _looks_at(self, user_ids: Iterable[str]) -> list[tuple[Any, ...]]:
        return [("HGETALL", self._hash_of(user_id)) for user_id in user_ids]

    async def _keep_live(self, answers: Mapping[str, Any]) -> dict[str, dict[str, Status]]:
        found = {user_id: self._claims_of(answer) for user_id, answer in answers.items()}
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
        now = asyncio.get_running_loop().time()
        if now >= self._live_until or not self._live.issuperset(incarnations):
            self._live = await self._broker.live_nodes()
            self._live_until = now + LIVE_SECONDS
        return self._live

    def _hash_of(self, user_id: str) -> str:
        return self._broker.names.name("on", user_id)

    def _users_of(self, incarnation: str) -> str:
        return self._broker.names.name("users", incarnation)


def _statuses_of(claims_by_user: Mapping[str, Mapping[str, Status]]) -> dict[str, Status]:
    # They chose once, for wherever they are. A node that has not heard of it yet says `online`.
    return {
        user_id: next((status for status in claims.values() if status != "online"), "online")
        for user_id, claims in claims_by_user.items()
    }
