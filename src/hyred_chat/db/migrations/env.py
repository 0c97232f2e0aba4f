"""What Alembic runs for every command: `migrate.py` has connected, taken the lock and made the schema."""

from alembic import context

from hyred_chat.db.schema import metadata

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=metadata,
    version_table_schema=attributes["schema"],
    on_version_apply=attributes["on_version_apply"],
    # A migration that fails leaves the ones before it in place and nothing of itself.
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
