"""What became of notifications waits to be written, and never more of it than a few statements take."""

import asyncio

from hyred_chat.db.pool import Database
from hyred_chat.push.repository import Settlement
from hyred_chat.push.settling import MAX_WAITING, Settling

PATIENCE_SECONDS = 10.0


def settlement(number: int) -> Settlement:
    """Of a lease that has ended: writing it changes nothing."""
    return Settlement(id=f"{number:032x}", lease="none", user_id="ana", room_id=None, state="sent", looked_seq=0)


async def test_nobody_claims_more_while_too_much_waits_to_be_written(database: Database) -> None:
    settling = Settling(database)
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
