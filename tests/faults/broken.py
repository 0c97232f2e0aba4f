"""The chat, broken on purpose, as `BROKEN` says: `python -m tests.faults.broken serve`.

Each breaks one promise, and a checker that does not notice is worth nothing.
"""

import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hyred_chat.cli import app
from hyred_chat.messages import batch_repository
from hyred_chat.messages.delivery import Delivery
from hyred_chat.messages.healing import Healing
from hyred_chat.messages.records import EncodedMessage, MessageRecord
from hyred_chat.realtime.kinds import Kind
from hyred_chat.realtime.nodes import Nodes
from hyred_chat.receipts import repository as receipts
from hyred_chat.rooms.sweep import Sweep

EVERY = 4
_count = itertools.count(1)


def _is_broken_now() -> bool:
    return next(_count) % EVERY == 0


def drop_publishes_and_never_heal() -> None:
    """Some messages are not told to other nodes, and nobody looks for them."""
    tell_room = Nodes.tell_room

    def tell_some(
        self: Nodes, room_id: str, member_ids: Any, kind: Kind, fields: Mapping[int, bytes], *args: Any, **options: Any
    ) -> None:
        if kind != Kind.MESSAGE or not _is_broken_now():
            tell_room(self, room_id, member_ids, kind, fields, *args, **options)

    async def sweep_nothing(self: Sweep) -> None:
        del self

    Nodes.tell_room = tell_some  # type: ignore[method-assign]
    Sweep._sweep = sweep_nothing  # type: ignore[method-assign]
    Healing.catch_up = lambda _self, _room_id: None  # type: ignore[assignment,method-assign]


def publish_twice() -> None:
    """Some messages are handed out twice."""
    send = Delivery._send_to_joined

    def send_again(self: Delivery, record: MessageRecord, encoded: EncodedMessage) -> None:
        send(self, record, encoded)
        if _is_broken_now():
            send(self, record, encoded)

    Delivery._send_to_joined = send_again  # type: ignore[method-assign]


def swap_messages() -> None:
    """Some messages are handed out after the next one of their room."""
    send = Delivery._send_to_joined
    late: dict[str, tuple[MessageRecord, EncodedMessage]] = {}

    def send_swapped(self: Delivery, record: MessageRecord, encoded: EncodedMessage) -> None:
        before = late.pop(record.room_id, None)
        if before is None and _is_broken_now():
            late[record.room_id] = (record, encoded)
            return
        send(self, record, encoded)
        if before is not None:
            send(self, *before)

    Delivery._send_to_joined = send_swapped  # type: ignore[method-assign]


def acknowledge_before_commit() -> None:
    """Some batches are acknowledged, and then not committed."""
    store_batch = batch_repository.store_batch

    async def store_some(connection: Any, batch: Sequence[Any], *, again: bool, **options: Any) -> Any:
        if not _is_broken_now():
            return await store_batch(connection, batch, again=again, **options)
        transaction = connection.transaction()
        await transaction.start()
        try:
            return await store_batch(connection, batch, again=again, **options)
        finally:
            await transaction.rollback()

    batch_repository.store_batch = store_some


def rewind_positions() -> None:
    """Reads put the reader back to the beginning: each of them, since a short run has few that nobody writes after."""
    advance = receipts.advance

    async def advance_and_rewind(connection: Any, room_id: str, user_id: str, *args: Any, **options: Any) -> Any:
        advanced = await advance(connection, room_id, user_id, *args, **options)
        rewind = "UPDATE chat_members SET last_read_seq = 0 WHERE room_id = $1 AND user_id = $2"
        await connection.execute(rewind, room_id, user_id)
        return advanced

    receipts.advance = advance_and_rewind


BROKEN: dict[str, Callable[[], None]] = {
    "dropped": drop_publishes_and_never_heal,
    "twice": publish_twice,
    "swapped": swap_messages,
    "uncommitted": acknowledge_before_commit,
    "rewound": rewind_positions,
}

if __name__ == "__main__":
    BROKEN[os.environ["BROKEN"]]()
    app()
