"""All SQL about devices."""

from hyred_chat.db.pool import Connection
from hyred_chat.devices.schemas import DeviceFields

# Nobody has more; the one that was seen longest ago goes first.
MAX_DEVICES = 20

# A token is one person's: whoever registers it has it from then on, under a new id, so that what was under way for
# the one before does not go on for the other.
_UPSERT = """
    INSERT INTO device_tokens (id, token, user_id, platform, p256dh, auth, app_version, locale, time_zone, seen_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp())
    ON CONFLICT (token) DO UPDATE SET
        id = CASE WHEN device_tokens.user_id = excluded.user_id THEN device_tokens.id ELSE excluded.id END,
        user_id = excluded.user_id, platform = excluded.platform, p256dh = excluded.p256dh, auth = excluded.auth,
        app_version = excluded.app_version, locale = excluded.locale, time_zone = excluded.time_zone,
        seen_at = excluded.seen_at
    RETURNING id
"""

_DELETE_SURPLUS = f"""
    DELETE FROM device_tokens WHERE id IN (
        SELECT id FROM device_tokens WHERE user_id = $1 ORDER BY seen_at DESC, id DESC OFFSET {MAX_DEVICES}
    )
"""


async def lock_devices(connection: Connection, token: str, user_id: str) -> None:
    """Keep others from registering somebody's devices, and this one, until the transaction ends; two statements.

    The person first, so that the next statement sees what the one before them has registered. Then all the rows that
    may change, in the order of their tokens: whoever else wants some of them waits, and never in a circle.
    """
    await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)
    await connection.execute(
        "SELECT FROM device_tokens WHERE token = $1 OR user_id = $2 ORDER BY token FOR UPDATE", token, user_id
    )


async def save_device(connection: Connection, device_id: str, token: str, user_id: str, device: DeviceFields) -> str:
    """Register a token as this person's, after `lock_devices`; its id. Two statements.

    Args:
        device_id: for a token that is new to them.
    """
    keys = None if device.subscription is None else device.subscription.keys
    saved: str = await connection.fetchval(
        _UPSERT,
        device_id,
        token,
        user_id,
        device.platform,
        None if keys is None else keys.p256dh,
        None if keys is None else keys.auth,
        device.app_version,
        device.locale,
        device.time_zone,
    )
    await connection.execute(_DELETE_SURPLUS, user_id)
    return saved


async def remove_devices(connection: Connection, user_id: str) -> None:
    """Forget all tokens of a person. Two statements, of which the first locks the rows as `lock_devices` does."""
    await connection.execute("SELECT FROM device_tokens WHERE user_id = $1 ORDER BY token FOR UPDATE", user_id)
    await connection.execute("DELETE FROM device_tokens WHERE user_id = $1", user_id)


async def remove_device(connection: Connection, token: str, user_id: str) -> bool:
    """Forget a token, if it is this person's; whether it was."""
    result = await connection.execute("DELETE FROM device_tokens WHERE token = $1 AND user_id = $2", token, user_id)
    return result == "DELETE 1"
