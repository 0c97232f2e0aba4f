"""The index of the search for messages. docs/decisions/0025-message-search.md says how all of this works."""

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from hyred_chat.db.schema.base import Id, Moment, after_create, metadata

# How far the messages of each room are in the index. Who indexes a room holds its row.
search_rooms = Table(
    "search_rooms",
    metadata,
    Column("room_id", Id, primary_key=True),
    Column("indexed_seq", BigInteger, nullable=False, server_default=text("0")),
    postgresql_with={"fillfactor": "50"},
)

# Each 1,024 messages of a room, and their times: what a search goes through, the newest first.
search_blocks = Table(
    "search_blocks",
    metadata,
    Column("no", Integer, Identity(always=True), primary_key=True),
    Column("room_id", Id, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("oldest_at", Moment, nullable=False),
    Column("newest_at", Moment, nullable=False),
    UniqueConstraint("room_id", "first_seq"),
    postgresql_with={"fillfactor": "50"},
)

# What messages that are not deleted are found by: `text.words` of what they say, one term a line.
message_terms = Table(
    "message_terms",
    metadata,
    Column("block", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("terms", Text(collation="C"), nullable=False),
    # In a room there are no two messages of the same moment.
    PrimaryKeyConstraint("block", "created_at"),
    Index(
        "message_terms_keys_idx",
        text("search_keys(block, terms)"),
        postgresql_using="gin",
        # A list of pending entries would be read by every one of a search's look-ups.
        postgresql_with={"fastupdate": "off"},
    ),
)

# Messages that say something else than when they were indexed, or nothing any more. A trigger writes it, whoever
# changes a message.
changed_messages = Table(
    "changed_messages",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("room_id", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

# Which words were ever written, as numbers that do not tell them: what a mistyped word may have been meant to be.
known_words = Table("known_words", metadata, Column("hash", BigInteger, primary_key=True, autoincrement=False))

# Each term behind the number of its block: a look-up costs the same whatever is said in other rooms.
SEARCH_KEYS = """
    CREATE FUNCTION search_keys(block integer, terms text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_to_tsvector(string_to_array(
        to_hex(block) || ' ' || replace(terms, E'\\n', E'\\n' || to_hex(block) || ' '), E'\\n'
    ))
"""
event.listen(metadata, "before_create", DDL(SEARCH_KEYS))  # type: ignore[no-untyped-call]

# Rows of messages are only updated when a message is changed: sending does not meet this.
SEARCH_TRIGGERS = (
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
after_create(*SEARCH_TRIGGERS)
