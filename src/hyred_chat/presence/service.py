"""Who is here: counted by sockets, told to those who share a room, a moment's absence forgiven.

Changes are gathered for a moment and told together, so that ten thousand people who reconnect at once cost a few
statements and not ten thousand.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from enum import IntEnum
from itertools import islice, takewhile
from typing import TypeVar

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.moments import to_wire
from hyred_chat.postponed import Postponed
from hyred_chat.presence import repository
from hyred_chat.presence.elsewhere import Elsewhere
from hyred_chat.presence.repository import Seen
from hyred_chat.presence.schemas import Presence, Status
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.service import Rooms

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.1
# People told of in one statement; more wait for the next turn.
BATCH_SIZE = 200
RETRY_SECONDS = 0.5
# How long somebody who was here when a process stopped counts as here, on the way to another one: the official clients
# are back within seconds, also when they are refused once.
EXPECTED_SECONDS = 15.0
# Pairs whose review may wait. Past it the oldest see the change when they ask next.
MAX_PAIRS = 20_000
# Whose row somebody else has locked is recorded later, and keeps nobody else waiting.
LOCKED_RETRY_SECONDS = 2.0
# How long after something was said of somebody who is not here it is looked whether it is so.
SECOND_LOOK_SECONDS = 2.0
NEVER = Seen(None, is_expected=False)
# Of changes that other nodes may not have heard of, and that are told again. Past it the oldest are not.
MAX_RECENT = 20_000


Key = TypeVar("Key")
Value = TypeVar("Value")


class Change(IntEnum):
    """What has happened to somebody's presence: the greater of two is what others are told of."""

    RECORDED = 0  # nothing that others see
    MOVED = 1  # they came or went: others see it unless they are at another node
    CHOSE = 2  # they chose to be seen, or not to be


class PresenceService:
    """Presence on this node, and on others.

    Args:
        elsewhere: the other nodes.
        offline_grace_seconds: how long after the last socket somebody still counts as here.
    """

    def __init__(
        self, database: Database, rooms: Rooms, hub: Hub, elsewhere: Elsewhere, *, offline_grace_seconds: float
    ) -> None:
        self._database = database
        self._rooms = rooms
        self._hub = hub
        self._elsewhere = elsewhere
        self._grace_seconds = offline_grace_seconds
        self._online: set[str] = set()
        self._chosen: dict[str, Status] = {}
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._last_seen: dict[str, datetime] = {}
        self._handed_over: set[str] = set()
        self._changed: dict[str, Change] = {}
        # When others were last told of somebody, in that order, by the time of the loop.
        self._told_at: dict[str, float] = {}
        # (viewer, user): what the one may see of the other may have changed.
        self._pairs: dict[tuple[str, str], None] = {}
        # What was said of people who are not here, whether they are online: the node that has them, or had them, may
        # have told something else at the same time, and which of both arrives last is chance.
        self._said: dict[str, bool] = {}
        # Pairs of whom the one was shown the other as expected back, or as far as was known: it is corrected later.
        self._expecting: Postponed[tuple[str, str], None] = Postponed(self._review_again, capacity=MAX_PAIRS)
        self._locked: Postponed[str, None] = Postponed(self._record_again, capacity=MAX_RECENT)
        self._wake = asyncio.Event()

    def arrive(self, user_id: str) -> None:
        """The user's first socket is here."""
        self._last_seen.pop(user_id, None)
        self._said.pop(user_id, None)
        if (leaving := self._leaving.pop(user_id, None)) is not None:
            leaving.cancel()
        elif user_id not in self._online:
            self._online.add(user_id)
            self._note(user_id, Change.MOVED)

    def leave(self, user_id: str) -> None:
        """The user's last socket is gone; unless they are back within the grace, they are offline."""
        if user_id in self._handed_over:  # they were sent elsewhere, and may take longer
            return
        self._last_seen[user_id] = datetime.now(UTC)
        loop = asyncio.get_running_loop()
        self._leaving[user_id] = loop.call_later(self._grace_seconds, self._go_offline, user_id)

    def is_present(self, user_id: str) -> bool:
        """Whether the user is here, or was a moment ago, whatever status they show."""
        return user_id in self._online

    def status_of(self, user_id: str) -> Status:
        """What others see: what the user chose, while they are here."""
        return self._chosen.get(user_id, "online") if user_id in self._online else "offline"

    async def choose(self, user_id: str, status: Status, room_id: str | None) -> None:
        """Show `status` from now on, to the members of a room or to all who share one with the user.

        Raises:
            AccessDeniedError: the user is not in that room.
        """
        if room_id is None:
            others = {other for _, other in await self._rooms.list_acquaintances([user_id])}
        else:
            state = await self._rooms.get_for_member(room_id, user_id)
            others = set(state.members) if state.shows_presence else set()
        if user_id not in self._online:  # gone while we were reading
            return
        was_visible = self.status_of(user_id) != "offline"
        self._chosen[user_id] = status
        if status == "offline":
            self._last_seen[user_id] = datetime.now(UTC)
        update: dict[str, object] = {"userId": user_id, "status": status}
        if room_id is not None:
            update["chatRoomId"] = room_id
        self._elsewhere.choose(user_id, status)
        self._elsewhere.emit("user_status_updated", {other: [update] for other in others | {user_id}})
        await self._hub.emit_to_many(others | {user_id}, "user_status_updated", update)
        await self._elsewhere.exchange({user_id: status})
        if was_visible != (self.status_of(user_id) != "offline"):
            self._note(user_id, Change.CHOSE)

    def hear_choice(self, user_id: str, status: Status) -> None:
        """Somebody has chosen a status at another node, which has told others."""
        if user_id in self._online:
            self._chosen[user_id] = status
            self._note(user_id, Change.RECORDED)

    async def hear_death(self, user_ids: Iterable[str]) -> None:
        """A node has died that had these people. When this returns, those who see them were told.

        Raises:
            UnavailableError: the database cannot be reached, and nobody was told.
        """
        gone = [user_id for user_id in user_ids if user_id not in self._online]
        for user_id in gone:
            self._last_seen.setdefault(user_id, datetime.now(UTC))
        try:
            await self._publish(dict.fromkeys(gone, Change.MOVED))
        except BaseException:
            self._record_again(gone)  # what is in memory of them has to be stored at some time
            raise

    def claim_anew(self) -> None:
        """Other nodes may have forgotten who is here; and what could not be known of theirs can be known again."""
        for user_id in self._online:
            self._note(user_id, Change.RECORDED)
        self._expecting.end_now()

    def tell_anew(self) -> None:
        """Other nodes may have taken those who are here for gone, and have said so."""
        for user_id in self._online:
            self._note(user_id, Change.MOVED)

    def tell_again(self, seconds: float) -> None:
        """Other nodes may not have heard whose presence has changed within so many seconds."""
        since = asyncio.get_running_loop().time() - seconds
        for user_id in takewhile(lambda user_id: self._told_at[user_id] >= since, reversed(self._told_at)):
            self._note(user_id, Change.CHOSE)

    async def list_for(self, user_id: str, other_ids: Collection[str]) -> list[Presence]:
        """The presence of those of `other_ids` that `user_id` may see. One statement."""
        seen = await self._list_seen([(user_id, other) for other in other_ids])
        visible = [other for other in other_ids if (user_id, other) in seen]
        elsewhere = await self._look(visible)
        if elsewhere is None:
            self._expect((user_id, other) for other in visible)
            elsewhere = {}
        return [self._presence_of(other, seen[user_id, other], elsewhere.get(other)) for other in visible]

    async def hand_over(self) -> None:
        """Those who are here are on their way to another process, and are seen as here until it has them.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        moving = [user_id for user_id in self._online if self.status_of(user_id) != "offline"]
        if moving:
            await asyncio.gather(self._expect_back(moving), self._elsewhere.outlive(EXPECTED_SECONDS))

    async def run(self) -> None:
        """Tell of changes and record when people were last here, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            while self._changed or self._pairs:
                batch = dict(islice(self._changed.items(), BATCH_SIZE))
                pairs = dict(islice(self._pairs.items(), BATCH_SIZE))
                for user_id in batch:
                    del self._changed[user_id]
                for pair in pairs:
                    del self._pairs[pair]
                try:
                    await self._publish(batch)
                    await self._publish_pairs(pairs)
                except Exception as error:
                    if not isinstance(error, UnavailableError):
                        logger.exception("Changes of presence could not be told; trying again")
                    for user_id, change in batch.items():
                        self._note(user_id, change)
                    self._pairs |= pairs
                    await asyncio.sleep(RETRY_SECONDS)

    def review(self, first_id: str, second_id: str) -> None:
        """What these two may see of one another may have changed: they are told."""
        self._review_again([(first_id, second_id), (second_id, first_id)])

    async def close(self) -> None:
        """Forget those who are leaving, and record when those were here who are not on their way elsewhere."""
        for handle in self._leaving.values():
            handle.cancel()
        self._expecting.cancel()
        self._locked.cancel()
        moved = self._handed_over & self._online
        here = dict.fromkeys(self._online, datetime.now(UTC)) | self._last_seen
        here = {user_id: moment for user_id, moment in here.items() if user_id not in moved}
        if here:
            async with self._database.connection() as connection:
                await repository.store_last_seen(connection, here)

    def _note(self, user_id: str, change: Change) -> None:
        self._changed[user_id] = max(change, self._changed.get(user_id, change))
        self._wake.set()

    def _go_offline(self, user_id: str) -> None:
        del self._leaving[user_id]
        self._online.discard(user_id)
        was_visible = self._chosen.pop(user_id, "online") != "offline"
        self._note(user_id, Change.MOVED if was_visible else Change.RECORDED)

    async def _expect_back(self, user_ids: Collection[str]) -> None:
        async with self._database.connection() as connection:
            await repository.expect_back(connection, user_ids, EXPECTED_SECONDS)
        self._handed_over.update(user_ids)

    async def _publish_pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Tell viewers of (viewer, user) how the user is now, or that they see nothing of them any more."""
        told = [(viewer, user_id) for viewer, user_id in pairs if self._hub.is_here(viewer)]
        if not told:
            return
        seen = await self._list_seen(told)
        elsewhere = await self._look({user_id for _, user_id in seen})
        if elsewhere is None:
            self._expect(seen)
            elsewhere = {}
        for viewer, user_id in told:
            change: dict[str, object] = {"userId": user_id, "online": False, "lastSeenAt": None}
            if (viewer, user_id) in seen:
                change = _change_of(self._presence_of(user_id, seen[viewer, user_id], elsewhere.get(user_id)))
            self._hub.emit_to_users([viewer], "presence_changed", change)

    def _expect(self, pairs: Iterable[tuple[str, str]]) -> None:
        """See to it that what these viewers were shown is corrected if it is not true, or does not come true."""
        self._expecting.add(dict.fromkeys(pairs), seconds=EXPECTED_SECONDS)

    def _review_again(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs.update(dict.fromkeys(pairs))
        _forget_oldest(self._pairs)
        self._wake.set()

    def _record_again(self, user_ids: Iterable[str]) -> None:
        for user_id in user_ids:
            self._note(user_id, Change.RECORDED)

    async def _list_seen(self, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], Seen]:
        """When users were last here, of pairs (viewer, user) of whom the one may see the other. One statement."""
        # A moment that is being stored meanwhile is not in what is read, and in memory no more when it has been read.
        remembered = {user_id: self._last_seen.get(user_id) for _, user_id in pairs}
        async with self._database.connection() as connection:
            stored = await repository.list_last_seen(connection, pairs)
        known = {
            pair: seen if (moment := remembered[pair[1]]) is None else Seen(moment, is_expected=False)
            for pair, seen in stored.items()
        }
        self._expect(pair for pair, seen in known.items() if seen.is_expected and pair[1] not in self._online)
        return known

    async def _look(self, user_ids: Collection[str]) -> dict[str, Status] | None:
        """How people are elsewhere, of whom it is not known here what they chose; None when it cannot be known."""
        return await self._elsewhere.look([user_id for user_id in user_ids if user_id not in self._chosen])

    async def _publish(self, changed: Mapping[str, Change]) -> None:
        found = await self._exchange(changed)
        elsewhere = found or {}
        seen = {user_id for user_id, status in elsewhere.items() if status != "offline"}
        told = [each for each, change in changed.items() if self._is_news(each, change, is_elsewhere=each in seen)]
        others: dict[str, list[str]] = defaultdict(list)
        changes: dict[str, list[dict[str, object]]] = defaultdict(list)
        change_of = {user_id: _change_of(self._presence_of(user_id, NEVER, elsewhere.get(user_id))) for user_id in told}
        for user_id, other in await self._rooms.list_acquaintances(told):
            changes[other].append(change_of[user_id])
            if self._hub.is_here(other):
                others[user_id].append(other)
        # Before anybody is told: whoever asks any process then is answered the same.
        await self._store_last_seen(changed)
        self._elsewhere.emit("presence_changed", changes)
        self._remember(told)
        for user_id in told:
            await self._hub.emit_to_many(others[user_id], "presence_changed", change_of[user_id])
        if found is not None:
            await self._elsewhere.release([user_id for user_id in changed if user_id not in self._online])
        moved = [user_id for user_id, change in changed.items() if change is not Change.RECORDED]
        self._look_again({user_id: user_id in seen for user_id in (*moved, *told)}, changed if found is None else ())

    def _is_news(self, user_id: str, change: Change, *, is_elsewhere: bool) -> bool:
        """Whether others are told of somebody."""
        if self._said.get(user_id, is_elsewhere) is not is_elsewhere:
            return True
        return change is Change.CHOSE or (change is Change.MOVED and not is_elsewhere)

    def _look_again(self, said: Mapping[str, bool], unknown: Iterable[str]) -> None:
        """See to it that those who are not here are not shown otherwise than they are for long.

        Args:
            said: of whom it was said whether they are online.
            unknown: of whom it could not be known. It is looked again if something was said of them before.
        """
        said_now = {user_id: is_online for user_id, is_online in said.items() if user_id not in self._online}
        again = {user_id for user_id in unknown if user_id in self._said} | said_now.keys()
        self._said |= said_now
        _forget_oldest(self._said)
        if again:
            asyncio.get_running_loop().call_later(SECOND_LOOK_SECONDS, self._record_again, again)

    def _remember(self, told: Iterable[str]) -> None:
        now = asyncio.get_running_loop().time()
        for user_id in told:
            self._told_at.pop(user_id, None)  # so that it is the latest again
            self._told_at[user_id] = now
        _forget_oldest(self._told_at, MAX_RECENT)

    async def _exchange(self, changed: Mapping[str, Change]) -> dict[str, Status] | None:
        """Tell other nodes how those who changed are here; how they are at others, None when it cannot be known."""
        here = {user_id: self.status_of(user_id) if user_id in self._online else None for user_id in changed}
        elsewhere = await self._elsewhere.exchange(here)
        for user_id, status in (elsewhere or {}).items():
            if user_id in self._online and status != "online":
                self._chosen.setdefault(user_id, status)
        return elsewhere

    async def _store_last_seen(self, changed: Iterable[str]) -> None:
        gone = {user_id: self._last_seen[user_id] for user_id in changed if user_id in self._last_seen}
        if gone:
            async with self._database.connection() as connection:
                locked = await repository.store_last_seen(connection, gone)
            for user_id in locked:
                del gone[user_id]
            self._locked.add(dict.fromkeys(locked), seconds=LOCKED_RETRY_SECONDS)
            for user_id, moment in gone.items():
                if self._last_seen.get(user_id) == moment and user_id not in self._online:
                    del self._last_seen[user_id]

    def _presence_of(self, user_id: str, stored: Seen, elsewhere: Status | None) -> Presence:
        if user_id in self._online:
            status = self._chosen.get(user_id) or elsewhere or "online"
        else:
            status = elsewhere or ("online" if stored.is_expected else "offline")
        seen = self._last_seen.get(user_id) or stored.moment
        if status != "offline":
            seen = datetime.now(UTC)
        return Presence(
            user_id=user_id,
            online=status != "offline",
            status=status,
            last_seen_at=None if seen is None else to_wire(seen),
        )


def _forget_oldest(kept: dict[Key, Value], most: int = MAX_PAIRS) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]


def _change_of(presence: Presence) -> dict[str, object]:
    """The payload of `presence_changed`."""
    return {"userId": presence.user_id, "online": presence.online, "lastSeenAt": presence.last_seen_at}
