"""The first tables: people, rooms, members, messages."""

from alembic import op

revision = "0001"
down_revision = None
min_compatible_revision = "0001"
branch_labels = None
depends_on = None

PEOPLE = (
    """
    CREATE TABLE users (
        id text COLLATE "C" NOT NULL,
        email text NOT NULL,
        role text NOT NULL,
        disabled_at timestamptz,
        last_seen_at timestamptz,
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT users_pkey PRIMARY KEY (id),
        CONSTRAINT users_role_check CHECK (role IN ('va', 'company', 'admin'))
    )
    """,
    "CREATE UNIQUE INDEX users_email_key ON users (lower(email))",
    """
    CREATE TABLE va_profiles (
        user_id text COLLATE "C" NOT NULL,
        name text NOT NULL,
        avatar_url text,
        CONSTRAINT va_profiles_pkey PRIMARY KEY (user_id),
        CONSTRAINT va_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE companies (
        user_id text COLLATE "C" NOT NULL,
        name text NOT NULL,
        logo_url text,
        CONSTRAINT companies_pkey PRIMARY KEY (user_id),
        CONSTRAINT companies_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )
    """,
)

ROOMS = (
    """
    CREATE TABLE chat_rooms (
        id text COLLATE "C" NOT NULL,
        type text NOT NULL,
        status text DEFAULT 'active' NOT NULL,
        title text,
        avatar_url text,
        direct_key text COLLATE "C",
        last_seq bigint DEFAULT 0 NOT NULL,
        last_message_at timestamptz,
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT chat_rooms_pkey PRIMARY KEY (id),
        CONSTRAINT chat_rooms_direct_key_key UNIQUE (direct_key),
        CONSTRAINT chat_rooms_type_check CHECK (type IN ('direct', 'support', 'group')),
        CONSTRAINT chat_rooms_status_check CHECK (status IN ('active', 'archived', 'blocked'))
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE chat_members (
        room_id text COLLATE "C" NOT NULL,
        user_id text COLLATE "C" NOT NULL,
        role text DEFAULT 'member' NOT NULL,
        joined_at timestamptz DEFAULT now() NOT NULL,
        last_read_seq bigint DEFAULT 0 NOT NULL,
        last_delivered_seq bigint DEFAULT 0 NOT NULL,
        muted_until timestamptz,
        CONSTRAINT chat_members_pkey PRIMARY KEY (room_id, user_id),
        CONSTRAINT chat_members_room_id_fkey FOREIGN KEY (room_id) REFERENCES chat_rooms (id) ON DELETE CASCADE,
        CONSTRAINT chat_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) WITH (fillfactor = 50)
    """,
    "CREATE INDEX chat_members_user_id_room_id_idx ON chat_members (user_id, room_id)",
)

MESSAGES = (
    """
    CREATE TABLE messages (
        room_id text COLLATE "C" NOT NULL,
        seq bigint NOT NULL,
        id text COLLATE "C" NOT NULL,
        sender_id text COLLATE "C" NOT NULL,
        client_message_id text COLLATE "C",
        content text NOT NULL,
        type text DEFAULT 'text' NOT NULL,
        metadata json,
        created_at timestamptz NOT NULL,
        CONSTRAINT messages_pkey PRIMARY KEY (room_id, seq),
        CONSTRAINT messages_id_key UNIQUE (id),
        CONSTRAINT messages_type_check CHECK (type IN ('text', 'image', 'file', 'system'))
    )
    """,
    """
    CREATE UNIQUE INDEX messages_sender_id_client_message_id_key ON messages (sender_id, client_message_id)
        WHERE client_message_id IS NOT NULL
    """,
)


def upgrade() -> None:
    for statement in (*PEOPLE, *ROOMS, *MESSAGES):
        op.execute(statement)
