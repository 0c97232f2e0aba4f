"""Messages are found by an index of what their words fold to. Versions that do not know it need not write it."""

from alembic import op

revision = "0017"
down_revision = "0016"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE search_rooms (
        room_id text COLLATE "C" NOT NULL,
        indexed_seq bigint DEFAULT 0 NOT NULL,
        CONSTRAINT search_rooms_pkey PRIMARY KEY (room_id)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE search_blocks (
        no integer GENERATED ALWAYS AS IDENTITY,
        room_id text COLLATE "C" NOT NULL,
        first_seq bigint NOT NULL,
        oldest_at timestamptz NOT NULL,
        newest_at timestamptz NOT NULL,
        CONSTRAINT search_blocks_pkey PRIMARY KEY (no),
        CONSTRAINT search_blocks_room_id_first_seq_key UNIQUE (room_id, first_seq)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE message_terms (
        block integer NOT NULL,
        seq bigint NOT NULL,
        created_at timestamptz NOT NULL,
        terms text COLLATE "C" NOT NULL,
        CONSTRAINT message_terms_pkey PRIMARY KEY (block, created_at)
    )
    """,
    """
    CREATE FUNCTION search_keys(block integer, terms text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_to_tsvector(string_to_array(
        to_hex(block) || ' ' || replace(terms, E'\\n', E'\\n' || to_hex(block) || ' '), E'\\n'
    ))
    """,
    """
    CREATE INDEX message_terms_keys_idx ON message_terms
    USING gin (search_keys(block, terms)) WITH (fastupdate = off)
    """,
    """
    CREATE TABLE changed_messages (
        id bigint GENERATED ALWAYS AS IDENTITY,
        room_id text COLLATE "C" NOT NULL,
        seq bigint NOT NULL,
        CONSTRAINT changed_messages_pkey PRIMARY KEY (id)
    )
    """,
    "CREATE TABLE known_words (hash bigint NOT NULL, CONSTRAINT known_words_pkey PRIMARY KEY (hash))",
    """
    CREATE FUNCTION note_changed_message() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        IF NEW.deleted_at IS NOT NULL THEN
            DELETE FROM message_terms USING search_blocks
            WHERE search_blocks.room_id = NEW.room_id AND search_blocks.first_seq = (NEW.seq - 1) / 1024 * 1024 + 1
                AND message_terms.block = search_blocks.no AND message_terms.created_at = NEW.created_at;
        END IF;
        INSERT INTO changed_messages (room_id, seq) VALUES (NEW.room_id, NEW.seq);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER messages_note_change AFTER UPDATE OF content, deleted_at ON messages
    FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION note_changed_message()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
