"""What became of notifications waits to be written, and never more of it than a few statements take."""

import asyncio
from typing import Any

import pytest

from hyred_chat.db.pool import Database
from hyred_chat.notifications.signals import NotifyTeller
from hyred_chat.push.repository import Settlement
from hyred_chat.push.settling import MAX_WAITING, Settling
from tests.integration.messages.lanes import add_room
from tests.integration.notifications.queue import Queue, settlement_of
from tests.postgres import SCHEMA

PATIENCE_SECONDS = 10.0


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
    task = asyncio.create_task(settling.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await waiting
        await settling.flush()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


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
    task = asyncio.create_task(settling.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await settling.flush()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    bad, good = await queue.row(room_id, "ben"), await queue.row(room_id, "cem")
    assert (good["state"], good["lease"], good["due_at"]) == ("sent", None, None)
    assert (bad["state"], bad["reason"], bad["lease"]) == ("failed", "internal", None)
    assert f"Notification {bad['id']} could not be settled; it fails" in caplog.text
