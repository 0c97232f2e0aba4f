"""Notifications: devices, preferences, the host's notices, and the queue of what is to be pushed."""

from alembic import op

revision = "0002"
down_revision = "0001"
min_compatible_revision = "0002"
branch_labels = None
depends_on = None

ROOMS = ('ALTER TABLE chat_rooms ADD COLUMN covered_until timestamptz, ADD COLUMN covered_besides text COLLATE "C"',)

DEVICES = (
    """
    CREATE TABLE device_tokens (
        id text COLLATE "C" NOT NULL,
        token text COLLATE "C" NOT NULL,
        user_id text COLLATE "C" NOT NULL,
        platform text NOT NULL,
        p256dh text,
        auth text,
        app_version text,
        locale text,
        time_zone text,
        seen_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT device_tokens_pkey PRIMARY KEY (id),
        CONSTRAINT device_tokens_token_key UNIQUE (token),
        CONSTRAINT device_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT device_tokens_platform_check CHECK (platform IN ('android', 'ios', 'web'))
    )
    """,
    "CREATE INDEX device_tokens_user_id_idx ON device_tokens (user_id)",
    """
    CREATE TABLE notification_preferences (
        user_id text COLLATE "C" NOT NULL,
        types json NOT NULL,
        quiet_from text,
        quiet_until text,
        time_zone text,
        preview boolean DEFAULT true NOT NULL,
        CONSTRAINT notification_preferences_pkey PRIMARY KEY (user_id),
        CONSTRAINT notification_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )
    """,
)

NOTIFICATIONS = (
    """
    CREATE TABLE notices (
        id text COLLATE "C" NOT NULL,
        type text NOT NULL,
        title text NOT NULL,
        body text NOT NULL,
        data json NOT NULL,
        send_at timestamptz NOT NULL,
        idempotency_key text COLLATE "C",
        digest text NOT NULL,
        unknown_user_ids text[] NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT notices_pkey PRIMARY KEY (id),
        CONSTRAINT notices_idempotency_key_key UNIQUE (idempotency_key)
    )
    """,
    """
    CREATE TABLE notifications (
        id text COLLATE "C" NOT NULL,
        user_id text COLLATE "C" NOT NULL,
        room_id text COLLATE "C",
        notice_id text COLLATE "C",
        type text NOT NULL,
        state text DEFAULT 'scheduled' NOT NULL,
        reason text,
        title text,
        body text,
        data json,
        due_at timestamptz,
        lease text COLLATE "C",
        is_stale boolean DEFAULT false NOT NULL,
        rests_until timestamptz,
        looked_seq bigint DEFAULT 0 NOT NULL,
        attempts integer DEFAULT 0 NOT NULL,
        expires_at timestamptz,
        pushed_to text[] DEFAULT '{}' NOT NULL,
        shown_on text[] DEFAULT '{}' NOT NULL,
        listed_at timestamptz,
        read_at timestamptz,
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT notifications_pkey PRIMARY KEY (id),
        CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT notifications_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES notices (id) ON DELETE CASCADE,
        CONSTRAINT notifications_origin_check CHECK ((room_id IS NULL) <> (notice_id IS NULL)),
        CONSTRAINT notifications_state_check
            CHECK (state IN ('scheduled', 'sent', 'delivered', 'read', 'cancelled', 'failed', 'expired'))
    )
    """,
    "CREATE INDEX notifications_due_idx ON notifications (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX notifications_listed_idx ON notifications (user_id, listed_at, id) WHERE listed_at IS NOT NULL",
    "CREATE INDEX notifications_notice_idx ON notifications (notice_id, user_id) WHERE notice_id IS NOT NULL",
    "CREATE INDEX notifications_shown_idx ON notifications (id) WHERE cardinality(shown_on) > 0",
    """
    CREATE TABLE notification_events (
        notification_id text COLLATE "C" NOT NULL,
        at timestamptz DEFAULT clock_timestamp() NOT NULL,
        state text NOT NULL,
        device_id text COLLATE "C",
        reason text,
        CONSTRAINT notification_events_notification_id_fkey
            FOREIGN KEY (notification_id) REFERENCES notifications (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX notification_events_notification_id_at_idx ON notification_events (notification_id, at)",
    "CREATE INDEX notification_events_at_idx ON notification_events (at)",
)


def upgrade() -> None:
    for statement in (*ROOMS, *DEVICES, *NOTIFICATIONS):
        op.execute(statement)
