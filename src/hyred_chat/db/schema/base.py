"""What all tables share: how their keys and times are stored, how constraints are named, and what else is created."""

from sqlalchemy import DDL, DateTime, MetaData, Text, event

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

Id = Text(collation="C")
Moment = DateTime(timezone=True)


def after_create(*statements: str) -> None:
    """Have these run in this order once all tables are there: functions, triggers and types."""
    for statement in statements:
        event.listen(metadata, "after_create", DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]
