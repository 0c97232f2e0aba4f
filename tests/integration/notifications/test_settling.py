"""What became of notifications waits to be written, and never more of it than a few statements take."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hyred_chat.db.pool import Database
from hyred_chat.notifications.signals import NotifyTeller
from hyred_chat.push.repository import Event, Settlement
from hyred_chat.push.settling import MAX_WAITING, Settling
from tests.integration.messages.lanes import add_room
from tests.integration.notifications.queue import Queue, settlement_of
from tests.postgres import SCHEMA, wait_in_postgres

PATIENCE_SECONDS = 10.0
IS_SETTLED = "EXISTS (SELECT FROM notifications WHERE room_id = '{}' AND lease IS NULL AND due_at IS NULL)"


@asynccontextmanager
async def running(settling: Settling) -> AsyncIterator[None]:
    task = asyncio.create_task(settling.run())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def settlement(number: int) -> Settlement:
    """Of a lease that has ended: writing it changes nothing."""
    return Settlement(id=f"{number:032x}", lease="none", user_id="ana", room_id=None, state="sent", looked_seq=0)


async def test_nobody_claims_more_while_too_much_waits_to_be_written(database: Database) -> None:
    settling = Settling(database, NotifyTeller(SCHEMA))
    for number in range(MAX_WAITING - 1):
        settling.add(settlement(number))
    await settling.wait_for_room()
    settling.add(settlement(MAX_WAITING))
    waiting = asyncio.create_task(settling.wait_for_room())
    await asyncio.sleep(0)
    assert not waiting.done()
    async with running(settling):
        await waiting
        await settling.flush()


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "a\0b"},
        {"reason": "\ud800"},
        {"title": "a\0b"},
        {"body": "\udfff"},
        {"data": {"key": "a\0b"}},
        {"data": {"key": object()}},
        {"state": "nonsense"},
        {"attempts": 2**70},
        {"wait_seconds": 1e300},
    ],
    ids=lambda changes: ascii(changes).partition(" at 0x")[0][:40],
)
async def test_one_that_cannot_be_written_fails_and_takes_no_other_along(
    database: Database, caplog: pytest.LogCaptureFixture, changes: dict[str, Any]
) -> None:
    queue, room_id = Queue(database), await add_room(database, "room", "ana", "ben", "cem")
    await queue.store(room_id, "ana")
    await queue.make_due()
    await queue.end_cover()
    dues = {due.reader.id: due for due in await queue.claim()}
    settling = Settling(database, NotifyTeller(SCHEMA))
    settling.add(settlement_of(dues["ben"], **changes))
    settling.add(settlement_of(dues["cem"]))
    async with running(settling):
        await settling.flush()
    bad, good = await queue.row(room_id, "ben"), await queue.row(room_id, "cem")
    assert (good["state"], good["lease"], good["due_at"]) == ("sent", None, None)
    assert (bad["state"], bad["reason"], bad["lease"]) == ("failed", "internal", None)
    assert f"Notification {bad['id']} could not be settled; it fails" in caplog.text


@pytest.mark.parametrize(
    "lock",
    [
        "SELECT FROM chat_rooms WHERE id = 'locked' FOR NO KEY UPDATE",
        "SELECT FROM notifications WHERE room_id = 'locked' FOR NO KEY UPDATE",
    ],
)
async def test_what_is_locked_is_written_when_it_is_free_and_holds_up_nothing_else(
    database: Database, lock: str
) -> None:
    queue = Queue(database)
    rooms = [await add_room(database, room_id, "ana", "ben") for room_id in ("locked", "free", "later")]
    for room_id in rooms:
        await queue.store(room_id, "ana")
    await queue.make_due()
    await queue.end_cover()
    dues = {due.room_id: settlement_of(due, events=(Event(due.id, "sent"),)) for due in await queue.claim()}
    settling = Settling(database, NotifyTeller(SCHEMA))
    async with running(settling), database.connection() as watcher:
        async with database.transaction() as blocker:
            await blocker.execute(lock)
            settling.add(dues["locked"])
            settling.add(dues["free"])
            await wait_in_postgres(watcher, IS_SETTLED.format("free"))
            settling.add(dues["later"])
            await wait_in_postgres(watcher, IS_SETTLED.format("later"))
            assert (await queue.row("locked", "ben"))["lease"] == dues["locked"].lease
            assert settling.waiting_count == 1
        await settling.flush()
        events = await watcher.fetch("SELECT notification_id FROM notification_events")
    assert (await queue.row("locked", "ben"))["lease"] is None
    assert sorted(event["notification_id"] for event in events) == sorted(due.id for due in dues.values())
