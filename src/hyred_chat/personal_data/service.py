"""The rules of erasures: at once for the name and for signing in, in bounded batches for the rest.

Each batch is a transaction that remembers how far it came, so any process goes on where another one was killed.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeAlias

from hyred_chat.accounts.changes import UserChange
from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts
from hyred_chat.audit.schemas import Actor, Subject
from hyred_chat.audit.service import Audit
from hyred_chat.db.people import ERASED_NAME
from hyred_chat.db.pool import Connection, Database
from hyred_chat.devices.service import Devices
from hyred_chat.errors import NotFoundError, UnavailableError
from hyred_chat.moments import to_wire
from hyred_chat.personal_data import repository
from hyred_chat.personal_data.repository import Claimed, Phase
from hyred_chat.personal_data.schemas import Erasure
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.owners import settle_owners_of_groups_of

logger = logging.getLogger(__name__)

# Messages that one batch looks at, and of these erases. Their room is locked meanwhile.
ROWS_AT_ONCE = 5_000
MESSAGES_AT_ONCE = 200
NOTIFICATIONS_AT_ONCE = 500
# Between two batches others have their turn.
PAUSE_SECONDS = 0.02
# How much of the work is done before the request is answered. Most people have written less than fits.
INLINE_SECONDS = 5.0
# By then, what was being sent when the person was put out is stored or refused: sockets end within
# `HYRED_CHANGES_POLL_SECONDS`, and a message waits for at most 10 s.
LATE_SECONDS = 60.0
POLL_SECONDS = 15.0

Listener: TypeAlias = Callable[[], None]

_NOBODY = "There is no such user."


class Erasures:
    """People of whom nothing is to be kept but the places of their messages.

    Args:
        late_seconds: how long after the request the rooms of the person are looked at once more.

    Attributes:
        on_change: called after something that other processes have to hear of was committed.
    """

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        devices: Devices,
        audit: Audit,
        *,
        cache: RoomCache,
        late_seconds: float = LATE_SECONDS,
    ) -> None:
        self.on_change: list[Listener] = []
        self._database = database
        self._accounts = accounts
        self._devices = devices
        self._audit = audit
        self._cache = cache
        self._late_seconds = late_seconds
        self._wake = asyncio.Event()

    async def erase(self, actor: Actor, user_id: str) -> Erasure:
        """Erase somebody; the same again only says how far it is.

        When this returns, they are out, their name is nowhere, and most of what they wrote says nothing. The rest
        follows in the background.

        Raises:
            NotFoundError: there is no such person.
        """
        async with self._database.transaction(f"user {user_id}") as connection:
            role: Any = await repository.lock_role(connection, user_id)
            is_new = role is not None and await repository.begin(connection, user_id)
            if is_new:
                await repository.forget_person(connection, user_id)
                await settle_owners_of_groups_of(connection, user_id)
                await repository.remove_files(connection, user_id)
                await self._devices.remove_all(connection, user_id)
                await self._audit.note(connection, actor, "data_erased", Subject("user", user_id))
        if is_new:
            user = User(id=user_id, name=ERASED_NAME, avatar=None, role=role)
            self._accounts.announce(UserChange(user, disabled=True, email=""))
            self._tell()  # of groups that have lost their picture by it
        deadline = time.monotonic() + INLINE_SECONDS
        while time.monotonic() < deadline and await self._do_batch(user_id):
            pass
        self._wake.set()
        async with self._database.connection() as connection:
            row = await repository.find(connection, user_id)
        if row is None:
            raise NotFoundError(_NOBODY)
        return Erasure(
            user_id=user_id,
            requested_at=to_wire(row["requested_at"]),
            finished_at=None if row["finished_at"] is None else to_wire(row["finished_at"]),
            message_count=row["message_count"],
        )

    async def run(self) -> None:
        """Go on with what is left, until cancelled."""
        while True:
            self._wake.clear()
            try:
                while await self._do_batch():  # noqa: ASYNC110  # nothing is waited for
                    await asyncio.sleep(PAUSE_SECONDS)
            except Exception as error:
                if not isinstance(error, UnavailableError):
                    logger.exception("An erasure could not go on; trying again")
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()

    async def _do_batch(self, user_id: str | None = None) -> bool:
        """Do a part of an erasure, of one person or of any; whether there was one. One transaction."""
        room_id = None
        async with self._database.transaction("erasures") as connection:
            claimed = await repository.claim(connection, user_id, late_seconds=self._late_seconds)
            if claimed is None:
                return False
            if claimed.phase == "notifications":
                await self._delete_notifications(connection, claimed)
            else:
                room_id = await self._erase_messages(connection, claimed)
        if room_id is not None:
            self._cache.invalidate(room_id)
            self._tell()
        return True

    def _tell(self) -> None:
        for listener in self.on_change:
            listener()

    async def _erase_messages(self, connection: Connection, claimed: Claimed) -> str | None:
        """Erase some messages of one room; which room that was."""
        stretch = await repository.look(connection, claimed, rows=ROWS_AT_ONCE, limit=MESSAGES_AT_ONCE)
        if not stretch.hits:
            await self._pass(connection, claimed, stretch.end)
            return None
        room_id = stretch.hits[0][0]
        seqs = [seq for each, seq in stretch.hits if each == room_id]
        await repository.erase(connection, room_id, claimed.user_id, seqs)
        done = replace(claimed, after_room=room_id, after_seq=seqs[-1])
        await repository.go_on(connection, done, erased=len(seqs))
        return room_id

    async def _pass(self, connection: Connection, claimed: Claimed, end: tuple[str, int] | None) -> None:
        """Go on behind a stretch without hits, or with what comes next when there was nothing to look at."""
        if end is not None:
            await repository.go_on(connection, replace(claimed, after_room=end[0], after_seq=end[1]), erased=0)
        elif claimed.phase == "late":
            await repository.finish(connection, claimed.user_id)
        else:
            phase: Phase = "everywhere" if claimed.phase == "rooms" else "notifications"
            await repository.go_on(connection, Claimed(claimed.user_id, phase, "", 0), erased=0)

    async def _delete_notifications(self, connection: Connection, claimed: Claimed) -> None:
        if not await repository.delete_notifications(connection, claimed.user_id, limit=NOTIFICATIONS_AT_ONCE):
            await repository.go_on(connection, Claimed(claimed.user_id, "late", "", 0), erased=0)
