"""The two statements that change messages: what a batch of changes is about, and what it writes."""

from hyred_chat.db.files import removal_of_files
from hyred_chat.messages.rows import PRESENT_COLUMNS
from hyred_chat.notifications.conversations import LIST_TOLD, TELL_AGAIN

# What each change of a batch is about: the message by its id ($1), or by its sender ($2) and their clientMessageId
# ($3); its room, and what those who want to change something are in it. Where that is wanted, pinned messages are
# counted ($4), and what the message said before ($5), with so many bytes more for each version ($6). LATERAL … LIMIT 1
# holds the planner to look-ups in indexes, as for sends.
LIST_SUBJECTS = f"""
    SELECT wanted.place, {PRESENT_COLUMNS},
           extract(epoch FROM clock_timestamp() - message.created_at)::float8 AS age_seconds,
           (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms,
           CASE WHEN message.change IS NOT NULL THEN (
               SELECT json_agg(json_build_array(emoji, user_id, change) ORDER BY change) FROM message_reactions
               WHERE message_reactions.room_id = message.room_id AND message_reactions.seq = message.seq
           ) END AS reactors,
           CASE WHEN $5 AND message.edited_at IS NOT NULL THEN (
               SELECT sum(octet_length(content) + $6)::bigint FROM message_versions
               WHERE message_versions.room_id = message.room_id AND message_versions.seq = message.seq
           ) END AS former_bytes,
           room.type = 'group' AS is_group, room.is_barred OR room.status = 'blocked' AS is_blocked, room.last_change,
           member.role,
           CASE WHEN $4 THEN (
               SELECT count(*) FROM messages WHERE messages.room_id = room.id AND pinned_at IS NOT NULL
           ) ELSE 0 END AS pinned_count
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (id, sender_id, client_id, place)
    CROSS JOIN LATERAL (
        SELECT * FROM messages WHERE messages.id = wanted.id
        UNION ALL
        SELECT * FROM messages
        WHERE messages.sender_id = wanted.sender_id AND messages.client_message_id = wanted.client_id
        LIMIT 1
    ) message
    CROSS JOIN LATERAL (SELECT * FROM chat_rooms WHERE chat_rooms.id = message.room_id LIMIT 1) room
    LEFT JOIN LATERAL (
        SELECT role FROM chat_members
        WHERE chat_members.room_id = message.room_id AND chat_members.user_id = wanted.sender_id LIMIT 1
    ) member ON true
"""

# All that a batch of changes writes: messages as they are now ($1), what they said before ($2), what deleted ones said
# ($3), reactions that were set ($4) and taken back ($5), rooms as they were read and what their newest change is now
# ($6), members as they were read ($7), and what is said otherwise now ($8). Each is a JSON array.
#
# Rooms are locked here, in the order of their ids, and nothing was locked when they were read. Everybody who changes
# messages, members or the state of a room holds the lock of its row, and changes of messages raise `last_change`. So
# where rooms and members are as they were read, all that was decided by them still holds. Where one is not, dividing
# by zero takes everything back. Rows are compared as they are when they are locked, whatever the snapshot has.
WRITE = f"""
    WITH present AS MATERIALIZED (
        SELECT * FROM json_to_recordset($1) AS t (
            room_id text, seq bigint, change bigint, content text, type text, edited_at timestamptz,
            deleted_at timestamptz, deleted_by text, mentions text[], pinned_at timestamptz, reactions json, digest text
        )
    ), removed AS MATERIALIZED (
        SELECT * FROM json_to_recordset($3) AS t (
            message_id text, room_id text, seq bigint, sender_id text, content text, type text, metadata text,
            versions json, files text[], attachments json, created_at timestamptz, deleted_at timestamptz,
            deleted_by text
        )
    ), known_room AS MATERIALIZED (
        SELECT * FROM json_to_recordset($6) AS t (id text, read_change bigint, is_blocked boolean, last_change bigint)
    ), room AS MATERIALIZED (
        SELECT chat_rooms.id FROM known_room JOIN chat_rooms ON chat_rooms.id = known_room.id
        WHERE chat_rooms.last_change = known_room.read_change
            AND (chat_rooms.is_barred OR chat_rooms.status = 'blocked') = known_room.is_blocked
        ORDER BY chat_rooms.id FOR NO KEY UPDATE OF chat_rooms
    ), known_member AS MATERIALIZED (
        SELECT * FROM json_to_recordset($7) AS t (room_id text, user_id text, role text)
    ), member AS MATERIALIZED (
        SELECT chat_members.user_id FROM known_member
        JOIN chat_members ON chat_members.room_id = known_member.room_id AND chat_members.user_id = known_member.user_id
        WHERE chat_members.role = known_member.role AND (SELECT count(*) FROM room) > 0
        ORDER BY chat_members.room_id, chat_members.user_id FOR KEY SHARE OF chat_members
    ), changed AS (
        UPDATE messages SET change = present.change, content = present.content, type = present.type,
            metadata = CASE WHEN present.deleted_at IS NULL THEN metadata END,
            reply_to = CASE WHEN present.deleted_at IS NULL THEN reply_to END,
            attachments = CASE WHEN present.deleted_at IS NULL THEN attachments END,
            edited_at = present.edited_at, deleted_at = present.deleted_at, deleted_by = present.deleted_by,
            mentions = present.mentions, pinned_at = present.pinned_at, reactions = present.reactions,
            sent_digest = decode(present.digest, 'hex')
        FROM present WHERE messages.room_id = present.room_id AND messages.seq = present.seq
    ), kept AS (
        INSERT INTO message_versions (room_id, seq, change, content, created_at)
        SELECT room_id, seq, change, content, created_at FROM json_to_recordset($2) AS t (
            room_id text, seq bigint, change bigint, content text, created_at timestamptz
        )
    ), forgotten AS (
        DELETE FROM message_versions USING removed
        WHERE message_versions.room_id = removed.room_id AND message_versions.seq = removed.seq
        RETURNING message_versions.*
    ), put_away AS (
        INSERT INTO deleted_messages (
            message_id, room_id, seq, sender_id, content, type, metadata, versions, attachments, created_at, deleted_at,
            deleted_by
        )
        SELECT message_id, room_id, seq, sender_id, content, type, metadata::json, coalesce((
            SELECT json_agg(version ORDER BY place) FROM (
                SELECT json_build_object('content', content, 'createdAt', to_char(
                    created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
                )) AS version, change AS place
                FROM forgotten WHERE forgotten.room_id = removed.room_id AND forgotten.seq = removed.seq
                UNION ALL
                SELECT json_build_object('content', value -> 'content', 'createdAt', value -> 'createdAt'),
                    (value ->> 'change')::bigint FROM json_array_elements(removed.versions)
            ) earlier
        ), '[]'), attachments, created_at, deleted_at, deleted_by FROM removed
    ), lost AS (
        {removal_of_files("id = ANY(ARRAY(SELECT unnest(files) FROM removed))")}
    ), reacted AS (
        INSERT INTO message_reactions (room_id, seq, user_id, emoji, change)
        SELECT room_id, seq, user_id, emoji, change FROM json_to_recordset($4) AS t (
            room_id text, seq bigint, user_id text, emoji text, change bigint
        )
        ON CONFLICT (room_id, seq, user_id, emoji) DO UPDATE SET change = excluded.change
    ), taken_back AS (
        DELETE FROM message_reactions USING json_to_recordset($5) AS t (
            room_id text, seq bigint, user_id text, emoji text
        )
        WHERE message_reactions.room_id = t.room_id AND message_reactions.seq = t.seq
            AND message_reactions.user_id = t.user_id AND message_reactions.emoji = t.emoji
    ), advanced AS (
        UPDATE chat_rooms SET last_change = known_room.last_change, last_changed_at = clock_timestamp()
        FROM known_room WHERE chat_rooms.id = known_room.id
    ), said AS MATERIALIZED (
        SELECT * FROM json_to_recordset($8) AS t (room_id text, seq bigint, id text, preview text, is_deleted boolean)
    ), told AS MATERIALIZED ({LIST_TOLD}
    ), told_again AS ({TELL_AGAIN}
    )
    SELECT 1 / (
        (SELECT count(*) FROM room) = (SELECT count(*) FROM known_room)
        AND (SELECT count(*) FROM member) = (SELECT count(*) FROM known_member)
    )::int
"""
