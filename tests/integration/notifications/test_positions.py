"""Notifications follow what is read in their rooms; what is locked follows later, and holds up nothing."""

import asyncio

from hyred_chat.db.pool import Database
from hyred_chat.notifications.positions import Positions
from hyred_chat.notifications.signals import NotifyTeller
from hyred_chat.receipts.repository import advance
from tests.integration.messages.lanes import add_room
from tests.integration.notifications.queue import Queue
from tests.postgres import SCHEMA, wait_in_postgres

PATIENCE_SECONDS = 10.0
IS_READ = "EXISTS (SELECT FROM notifications WHERE room_id = '{}' AND user_id = 'ben' AND read_at IS NOT NULL)"


async def test_a_notification_that_is_locked_follows_when_it_is_free_and_holds_up_no_other(database: Database) -> None:
    queue = Queue(database)
    rooms = [await add_room(database, room_id, "ana", "ben") for room_id in ("locked", "free", "later")]
    for room_id in rooms:
        await queue.store(room_id, "ana")
    await queue.make_due()
    await queue.end_cover()
    for due in await queue.claim():
        await queue.settle(due, is_new=True)
    positions = Positions(database, NotifyTeller(SCHEMA))
    task = asyncio.create_task(positions.run())
    async with asyncio.timeout(PATIENCE_SECONDS), database.connection() as watcher:
        for room_id in rooms:
            await advance(watcher, room_id, "ben", 1, read=True, known_seq=0)
        async with database.transaction() as blocker:
            await blocker.execute("SELECT FROM notifications WHERE room_id = 'locked' FOR NO KEY UPDATE")
            for room_id in ("locked", "free"):
                positions.on_risen("ben", room_id)
            await wait_in_postgres(watcher, IS_READ.format("free"))
            positions.on_risen("ben", "later")
            await wait_in_postgres(watcher, IS_READ.format("later"))
            assert (await queue.row("locked", "ben"))["read_at"] is None
        await wait_in_postgres(watcher, IS_READ.format("locked"))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
