"""Messages of the system: what happened to a room, told within the transaction that makes it happen."""

from hyred_chat.db.pool import Connection
from hyred_chat.ids import new_id
from hyred_chat.messages.records import MessageRecord
from hyred_chat.moments import millis_to_wire
from hyred_chat.rooms.system_events import SystemEvent

# As `STORE_BATCH` numbers and dates messages. Nobody's position moves, nobody is notified, and a room that the host has
# archived stays so. The content is put together when it is read (rooms/system_events.py).
_STORE = """
    WITH room AS (
        UPDATE chat_rooms SET last_seq = last_seq + 1, last_message_at = greatest(
            date_trunc('milliseconds', clock_timestamp()),
            coalesce(last_message_at, '-infinity') + interval '1 millisecond'
        )
        WHERE id = $1 RETURNING last_seq, last_message_at
    ), stored AS (
        INSERT INTO messages (room_id, seq, id, sender_id, content, type, metadata, created_at)
        SELECT $1, last_seq, $2, $3, '', 'system', $4::json, last_message_at FROM room
    )
    SELECT last_seq, (extract(epoch FROM last_message_at) * 1000)::bigint AS created_ms FROM room
"""


async def store_system_message(connection: Connection, room_id: str, event: SystemEvent) -> MessageRecord:
    """Store a message about an event in a room that the caller's transaction has locked. One statement.

    After the commit, the caller has it handed out (`Messages.hand_out`).
    """
    message_id, metadata = new_id(), event.as_metadata()
    row = await connection.fetchrow(_STORE, room_id, message_id, event.actor_id, metadata)
    if row is None:
        raise LookupError(room_id)
    return MessageRecord(
        room_id,
        row["last_seq"],
        message_id,
        None,
        event.actor_id,
        "",
        "system",
        metadata,
        millis_to_wire(row["created_ms"]),
    )
