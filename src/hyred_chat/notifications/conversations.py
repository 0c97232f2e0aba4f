"""What storing messages and looking at notifications agree on: a conversation's notifications, and a room's cover.

A room is covered while the notification of every member, but for one that it may name, is due: until then, messages of
others than that one write nothing about notifications. `covered_until` says until when, `covered_besides` but for whom;
both are in the room's row, which a message locks and writes anyway. Whoever settles a notification locks the room
first, and leaves it due while the room is covered (`push/repository.py`). Whoever adds a member ends the cover
(`UNCOVER`). docs/decisions/0011-notifications.md says why no message is missed.
"""

import hashlib
from collections.abc import Collection

from hyred_chat.db.pool import Connection

# From a message to the first look at the notifications of its room, so that a burst is one.
FIRST_LOOK_SECONDS = 1

# `chat_notification_id` in SQL. No id of a room holds a slash, so no two pairs give one text.
CHAT_NOTIFICATION_ID = "left(encode(sha256(convert_to({room_id} || '/' || {user_id}, 'UTF8')), 'hex'), 32)"

# The parts of the statement that stores messages (messages/store_statement.py) that are about notifications. `fresh`
# are its new messages, with whether their room `is_covered` and `covered_besides` whom, and `newest` are their rooms.

# Of the messages of each room: whether they make notifications due, and what else decides on the room's cover.
COVERAGE = """
            NOT coalesce(bool_and(is_covered AND (covered_besides IS NULL OR covered_besides = sender_id)), false)
                AS is_uncovered,
            bool_or(is_covered) AND min(covered_besides) <> min(sender_id) AS is_covered_besides_another,
            CASE WHEN min(sender_id) = max(sender_id) THEN min(sender_id) END AS only_sender_id
"""

# Makes the notifications of the members of uncovered rooms due. Rows are locked in the order of their ids.
MAKE_DUE = f"""
        INSERT INTO notifications (id, user_id, room_id, type, due_at)
        SELECT {CHAT_NOTIFICATION_ID.format(room_id="member.room_id", user_id="member.user_id")} AS id,
               member.user_id, member.room_id, 'chat_message',
               clock_timestamp() + {FIRST_LOOK_SECONDS} * interval '1 second'
        FROM newest JOIN chat_members member ON member.room_id = newest.room_id
        WHERE newest.is_uncovered AND member.user_id IS DISTINCT FROM newest.only_sender_id
        ORDER BY 1
        ON CONFLICT (id) DO UPDATE SET due_at = greatest(excluded.due_at, notifications.rests_until)
            WHERE notifications.due_at IS NULL OR (notifications.lease IS NULL
                AND notifications.due_at > greatest(excluded.due_at, notifications.rests_until))
"""

# Sets the cover of a room that was uncovered.
COVER = f"""
            covered_until = CASE WHEN NOT newest.is_uncovered THEN chat_rooms.covered_until
                ELSE clock_timestamp() + {FIRST_LOOK_SECONDS} * interval '1 second' END,
            covered_besides = CASE WHEN NOT newest.is_uncovered THEN chat_rooms.covered_besides
                WHEN NOT coalesce(newest.is_covered_besides_another, false) THEN newest.only_sender_id END
"""

# The parts of the statement that changes messages (messages/change_statement.py) that are about notifications. `said`
# are the messages that say something else now: `room_id`, `seq`, `id`, `preview`, and whether each `is_deleted`.

# The notifications that are concerned, locked in the order of their ids:
# - `is_due`, to be looked at again: those that are listed or shown on a device and were not read;
# - `is_rewritten`, where one is of such a message alone. What is unread and was edited is left to the worker.
LIST_TOLD = f"""
        SELECT n.id, said.preview, looked.is_due, looked.is_rewritten
        FROM said
        JOIN chat_members member ON member.room_id = said.room_id
        JOIN notifications n ON n.id = {CHAT_NOTIFICATION_ID.format(room_id="member.room_id", user_id="member.user_id")}
        CROSS JOIN LATERAL (
            SELECT member.last_read_seq < said.seq AND (n.lease IS NOT NULL OR (
                       n.looked_seq >= said.seq
                       AND (cardinality(n.shown_on) > 0 OR (n.listed_at IS NOT NULL AND n.read_at IS NULL))
                   )) AS is_due,
                   n.data ->> 'messageId' = said.id AND n.data ->> 'unreadCount' = '1'
                   AND (said.is_deleted OR member.last_read_seq >= said.seq) AS is_rewritten
        ) looked
        WHERE looked.is_due OR looked.is_rewritten
        ORDER BY n.id FOR UPDATE OF n
"""

# Has them say what the messages say now, or be looked at. A worker that has one in hand looks once more.
TELL_AGAIN = """
        UPDATE notifications SET body = coalesce(again.body, notifications.body),
            is_stale = CASE WHEN again.is_due THEN lease IS NOT NULL ELSE is_stale END,
            due_at = CASE WHEN again.is_due AND lease IS NULL THEN clock_timestamp() ELSE due_at END
        FROM (
            SELECT id, bool_or(is_due) AS is_due, max(preview) FILTER (WHERE is_rewritten) AS body
            FROM told GROUP BY id
        ) again
        WHERE notifications.id = again.id
"""

# Has the notifications of a room ($1) looked at whose people ($2) are no members any more: what devices show of it is
# withdrawn, and what it said is forgotten (push/repository.py).
_MAKE_FORMER_DUE = f"""
    WITH former AS MATERIALIZED (
        SELECT id FROM notifications WHERE id IN (
            SELECT {CHAT_NOTIFICATION_ID.format(room_id="$1::text", user_id="user_id")}
            FROM unnest($2::text[]) AS user_id
        ) ORDER BY id FOR UPDATE
    )
    UPDATE notifications SET is_stale = lease IS NOT NULL,
        due_at = CASE WHEN lease IS NULL THEN clock_timestamp() ELSE due_at END
    WHERE id IN (SELECT id FROM former)
"""

# Ends the cover of a room that gets a member: the next message makes their notification due, too.
UNCOVER = "covered_until = NULL"


def chat_notification_id(room_id: str, user_id: str) -> str:
    """The id of a conversation's notification, one for each member, for good: 32 hexadecimal digits."""
    return hashlib.sha256(f"{room_id}/{user_id}".encode()).hexdigest()[:32]


async def take_leave(connection: Connection, room_id: str, user_ids: Collection[str]) -> None:
    """Have nothing told any more to people who were put out of a room in this transaction; one statement.

    The room is locked, and so comes before its notifications, as for messages.
    """
    await connection.execute(_MAKE_FORMER_DUE, room_id, list(user_ids))
