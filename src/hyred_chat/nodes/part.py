"""Learning of other processes as a part of the service."""

import asyncio
from collections.abc import Collection
from itertools import islice

from hyred_chat.accounts.changes import UserChange
from hyred_chat.accounts.part import AccountsPart
from hyred_chat.administration.part import AdministrationPart
from hyred_chat.administration.room_service import RoomChange
from hyred_chat.blocks.part import BlocksPart
from hyred_chat.messages.part import MessagesPart
from hyred_chat.metrics.registry import Metrics
from hyred_chat.nodes.events import NodeEvents
from hyred_chat.nodes.metrics import describe_nodes
from hyred_chat.parts import Foundation, Part, Parts
from hyred_chat.personal_data.part import PersonalDataPart
from hyred_chat.presence.part import PresencePart
from hyred_chat.rooms.part import RoomsPart
from hyred_chat.rooms.sweep import Sweep

# Whose accounts are read in one statement when anything may have changed.
PEOPLE_AT_ONCE = 5_000


class NodesPart(Part):
    """What keeps this process up with the others on the same database.

    Args:
        parts: those that change something, which all of them have been added to.

    Attributes:
        sweep: compares rooms with the database.
        events: changes of people and rooms.
    """

    def __init__(self, base: Foundation, parts: Parts) -> None:
        accounts, rooms = parts.get(AccountsPart), parts.get(RoomsPart)
        presence, messages = parts.get(PresencePart), parts.get(MessagesPart)
        administration = parts.get(AdministrationPart)
        self._hub = base.hub
        self._accounts = accounts.accounts
        self._cache = cache = rooms.cache
        self._live_changes = live_changes = administration.live_changes
        hold = messages.healing.hold
        cache.on_behind = hold.expect
        cache.on_changes_behind = messages.healing.change_hold.expect
        cache.on_change += [
            hold.release,
            messages.healing.change_hold.release,
            live_changes.put_out_strangers,
            rooms.announcements.announce,
        ]
        cache.on_own_change.append(rooms.announcements.announce_to)
        cache.on_pair_change = presence.presence.review
        self.sweep = Sweep(
            base.database,
            cache,
            base.hub,
            period_seconds=base.settings.sweep_seconds,
            expect=hold.expect,
            expect_change=messages.healing.change_hold.expect,
            refresh=live_changes.refresh,
            announce=rooms.announcements.announce,
        )
        self.events = NodeEvents(
            base.database,
            poll_seconds=base.settings.changes_poll_seconds,
            appliers={"user": self._apply_users, "room": self._apply_rooms, "pair": live_changes.review_pairs},
            revalidate=self._revalidate,
            on_horizon=self._note_horizon,
        )
        self._accounts.on_announce.append(self._on_change)
        administration.administration.rooms.on_change.append(self._on_change)
        rooms.rooms.on_open.append(self._look_at_once)
        parts.get(BlocksPart).blocks.on_change.append(self._look_at_once)
        parts.get(PersonalDataPart).erasures.on_change.append(self._look_at_once)
        rooms.standing.on_change.append(self.events.tell_written)
        self.background = (self.sweep, self.events)

    def measure(self, metrics: Metrics) -> None:
        """See `Part`."""
        describe_nodes(metrics, self.sweep, self.events)

    async def _apply_users(self, user_ids: Collection[str]) -> None:
        concerned = {each for each in user_ids if self._hub.is_here(each) or self._cache.list_rooms_of(each)}
        for user_id in user_ids:
            if user_id not in concerned:
                self._accounts.forget(user_id)
        if concerned:
            await self._accounts.hear_of(concerned)

    async def _apply_rooms(self, room_ids: Collection[str]) -> None:
        for room_id in room_ids:
            self._live_changes.refresh(room_id)

    async def _revalidate(self) -> None:
        """Anything may have changed: read again who is here, and with them their rooms, a part at a time."""
        self._accounts.forget_all()
        self._cache.invalidate_all()
        people = iter(self._hub.list_users())
        while batch := list(islice(people, PEOPLE_AT_ONCE)):
            await self._accounts.hear_of(batch)
            await asyncio.sleep(0)

    def _note_horizon(self, horizon: int) -> None:
        self._cache.horizon = horizon

    def _look_at_once(self) -> None:
        # By the same way as elsewhere: those concerned may have sockets here.
        self.events.tell_written()
        self.events.poll_now()

    def _on_change(self, _: UserChange | RoomChange) -> None:
        self.events.tell_written()
