"""Who owns a group whose owner is gone without having named another one: the rule of `groups/rules.py`, as SQL.

A group that has an owner has one who is not disabled, as long as any of its members is not. Groups of the host have
none. Everybody who changes a role holds the lock of the room.
"""

from collections.abc import Sequence

from hyred_chat.db.node_events import note
from hyred_chat.db.pool import Connection

# Of somebody who was disabled: the groups that they own. Of somebody who is back: those of which only disabled people
# are owners. Rooms are locked in the order of their ids, as everywhere.
_LOCK_GROUPS = """
    SELECT id FROM chat_rooms WHERE type = 'group' AND id IN (
        SELECT mine.room_id FROM chat_members mine JOIN users me ON me.id = mine.user_id
        WHERE mine.user_id = $1 AND (
            (me.disabled_at IS NOT NULL AND mine.role = 'owner') OR (
                me.disabled_at IS NULL AND mine.role <> 'owner' AND EXISTS (
                    SELECT FROM chat_members owner WHERE owner.room_id = mine.room_id AND owner.role = 'owner'
                )
            )
        )
    ) ORDER BY id FOR NO KEY UPDATE
"""

# Of each room whoever should be its owner: first those who are not disabled, of these an owner, else an admin, else who
# has been there for longest. Where that is no owner, they become it, and a disabled one is it no more.
_SETTLE = f"""
    WITH heir AS MATERIALIZED (
        SELECT DISTINCT ON (member.room_id) member.room_id, member.user_id, member.role
        FROM chat_members member JOIN users person ON person.id = member.user_id
        WHERE member.room_id = ANY($1::text[])
        ORDER BY member.room_id, person.disabled_at IS NOT NULL, member.role <> 'owner', member.role <> 'admin',
            member.joined_at, member.user_id
    ), changed AS (
        UPDATE chat_members SET role = CASE WHEN chat_members.user_id = heir.user_id THEN 'owner' ELSE 'member' END
        FROM heir WHERE chat_members.room_id = heir.room_id AND heir.role <> 'owner'
            AND (chat_members.user_id = heir.user_id OR chat_members.role = 'owner')
        RETURNING chat_members.room_id
    )
    {note("room", "changed", "room_id")}
"""  # noqa: S608  # of constants


async def settle_owners(connection: Connection, room_ids: Sequence[str]) -> None:
    """Let groups that had an owner have one again. Their rooms are locked; one statement."""
    await connection.execute(_SETTLE, list(room_ids))


async def settle_owners_of_groups_of(connection: Connection, user_id: str) -> None:
    """Likewise of the groups of somebody who was disabled in this transaction, or let back; at most two statements."""
    room_ids = [row["id"] for row in await connection.fetch(_LOCK_GROUPS, user_id)]
    if room_ids:
        await settle_owners(connection, room_ids)
