"""The statement that stores a batch of sends, on which everything rests."""

from hyred_chat.notifications.conversations import COVER, COVERAGE, MAKE_DUE

# One statement, and so one transaction and one flush, for a whole batch of sends.
#
# - Rooms are locked in the order of their ids, whatever the batch: two nodes that store at once can wait for each
#   other but never in a circle.
# - A row of `messages` with the sender's clientMessageId is a repeat: it takes no seq, and what comes back is which one
#   it is. So is one with the very id that we are about to insert, when the batch is sent again ($2) because its
#   connection broke and nobody knows whether it was committed.
# - Membership and the room's status are checked here and not in memory, so a node's cache may lag without harm. The
#   room's row is read as it is when its lock is granted, but members as they were when the statement began. Whoever was
#   removed in between has no row to move the position of, and fewer rows are moved than there are writers: dividing by
#   zero then takes everything back, and the batch is stored again (`is_overtaken`). Locking the rows would cost every
#   message a write.
# - LATERAL … LIMIT 1 holds the planner to one look-up in the index for each send, whatever it believes of the tables.
# - Sends come as one array of a composite type, which costs less than an array for each column: the driver checks each
#   element of an array for being an array itself, and no field of a tuple.
# - What is known of each send is put together once (`looked_up`), since each further join costs every batch. That
#   `outcome` is a text, of which the planner believes that few rows have any one value, keeps it to one look-up in an
#   index for each row that moves on, as LATERAL does above: it would read whole tables as long as they are small.
# - createdAt rises by a millisecond a message at least, which is what lets clients page by time.
# - The row of the sender is written anyway: it ends their draft as well (drafts/repository.py).
# - Every member but the sender has a notification that will be looked at, unless the room is covered. Its rows are
#   locked after the rooms (notifications/conversations.py).
_FIND_FRESH = """
    WITH sent AS MATERIALIZED (
        SELECT * FROM unnest($1::sent_message[])
            WITH ORDINALITY AS t (room_id, id, sender_id, client_message_id, content, type, metadata, position)
    ), room AS MATERIALIZED (
        SELECT id, CASE WHEN is_barred THEN 'blocked' ELSE status END AS status, last_seq, last_message_at,
               covered_until, covered_besides
        FROM chat_rooms WHERE id = ANY(ARRAY(SELECT room_id FROM sent)) ORDER BY id FOR NO KEY UPDATE
    ), looked_up AS MATERIALIZED (
        SELECT sent.*, CASE
                   WHEN repeat.seq IS NOT NULL THEN 'repeat'
                   WHEN room.id IS NULL THEN 'no member'
                   WHEN room.status = 'blocked' THEN 'closed'
                   ELSE 'fresh'
               END AS outcome,
               room.last_seq + row_number() OVER in_room AS seq,
               greatest((SELECT date_trunc('milliseconds', clock_timestamp())),
                        coalesce(room.last_message_at, '-infinity') + interval '1 millisecond')
                   + (row_number() OVER in_room - 1) * interval '1 millisecond' AS created_at,
               room.covered_until > clock_timestamp() AS is_covered, room.covered_besides,
               repeat.room_id AS repeat_room_id, repeat.seq AS repeat_seq
        FROM sent
        LEFT JOIN LATERAL (
            SELECT m.room_id, m.seq FROM messages m
            WHERE m.sender_id = sent.sender_id AND m.client_message_id = sent.client_message_id
            UNION ALL
            SELECT m.room_id, m.seq FROM messages m WHERE $2 AND m.id = sent.id
            LIMIT 1
        ) repeat ON true
        LEFT JOIN LATERAL (
            SELECT member.room_id FROM chat_members member
            WHERE member.room_id = sent.room_id AND member.user_id = sent.sender_id
            LIMIT 1
        ) member ON true
        LEFT JOIN room ON room.id = member.room_id
        WINDOW in_room AS (PARTITION BY room.id, repeat.seq IS NULL ORDER BY sent.position)
    ), fresh AS NOT MATERIALIZED (
        SELECT * FROM looked_up WHERE outcome = 'fresh'
"""


def _store_batch(more_columns: str = "", more_values: str = "") -> str:
    return f"""{_FIND_FRESH}    ), newest AS MATERIALIZED (
        SELECT room_id, max(seq) AS seq, max(created_at) AS created_at, {COVERAGE}
        FROM fresh GROUP BY room_id
    ), notified AS ({MAKE_DUE}
    ), stored AS (
        INSERT INTO messages (
            room_id, seq, id, sender_id, client_message_id, content, type, metadata, created_at{more_columns}
        )
        SELECT
            room_id, seq, id, sender_id, client_message_id, content, type, metadata::json, created_at{more_values}
        FROM fresh
    ), advanced AS (
        UPDATE chat_rooms SET last_seq = newest.seq, last_message_at = newest.created_at, status = 'active',
            {COVER}
        FROM newest WHERE chat_rooms.id = newest.room_id
    ), writer AS MATERIALIZED (
        SELECT room_id, sender_id, max(seq) AS seq, max(created_at) AS created_at FROM fresh GROUP BY room_id, sender_id
    ), read_own AS (
        UPDATE chat_members SET last_read_seq = writer.seq, last_delivered_seq = writer.seq, has_written = true,
            draft = NULL, draft_reply_to = NULL,
            draft_at = CASE WHEN draft IS NULL THEN draft_at ELSE writer.created_at END
        FROM writer WHERE chat_members.room_id = writer.room_id AND chat_members.user_id = writer.sender_id
        RETURNING 1
    )
    SELECT outcome, seq / ((SELECT count(*) FROM read_own) = (SELECT count(*) FROM writer))::int AS fresh_seq,
           (extract(epoch FROM created_at) * 1000)::bigint AS created_ms, repeat_room_id, repeat_seq
    FROM looked_up ORDER BY position
"""


STORE_BATCH = _store_batch()

# The same for batches with sends that refer to something: by their position, the seq of the message that each of them
# answers ($3), the people whom it mentions ($4, JSON), and its files ($5, JSON).
STORE_REFERRING = _store_batch(
    ", reply_to, mentions, attachments",
    """, ($3::bigint[])[position],
            (SELECT array_agg(value) FROM json_array_elements_text(($4::text[])[position]::json)),
            ($5::text[])[position]::json""",
)

# The same in two statements and one round trip: the rooms are locked, and then everything is read as it is by then. A
# statement that waits for a lock meets rows that are newer than itself, and PostgreSQL plans and compares once more
# for each of them. Where several nodes store in the same rooms that is most batches, and costs a third of a batch.
# A function of the session needs no migration, and is always that of the program that calls it.
DEFINE_STORE_BATCH = f"""
    CREATE OR REPLACE FUNCTION pg_temp.store_batch(sent_message[], boolean)
    RETURNS TABLE (outcome text, fresh_seq bigint, created_ms bigint, repeat_room_id text, repeat_seq bigint)
    LANGUAGE plpgsql AS $function$
    #variable_conflict use_column
    BEGIN
        PERFORM FROM chat_rooms WHERE id = ANY(ARRAY(SELECT room_id FROM unnest($1))) ORDER BY id FOR NO KEY UPDATE;
        RETURN QUERY {STORE_BATCH};
    END
    $function$
"""
STORE_BATCH_LOCKING_FIRST = "SELECT * FROM pg_temp.store_batch($1, $2)"
