"""What PostgreSQL itself says about a schema's tables, as text that can be compared."""

from tests.postgres import Connection

COLUMNS = """
    SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), k.collname,
                     CASE WHEN a.attnotnull THEN 'not null' END, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'c')
    LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    LEFT JOIN pg_collation k ON k.oid = a.attcollation
    WHERE c.relnamespace = $1::text::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
"""
CONSTRAINTS = """
    SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = $1::text::regnamespace
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = $1"
STORAGE = """
    SELECT concat_ws(' ', relname, relpersistence, reloptions::text)
    FROM pg_class WHERE relnamespace = $1::text::regnamespace AND relkind = 'r'
"""
TRIGGERS = """
    SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = $1::text::regnamespace AND NOT t.tgisinternal
"""
FUNCTIONS = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = $1::text::regnamespace"


async def describe_schema(connection: Connection, schema: str) -> list[str]:
    """Columns, constraints, indexes, storage parameters, triggers and functions, but for the records of migrations."""
    await connection.execute("SET search_path TO ''")  # so that every name is printed in full
    lines: list[str] = []
    for query in (COLUMNS, CONSTRAINTS, INDEXES, STORAGE, TRIGGERS, FUNCTIONS):
        lines += [row[0] for row in await connection.fetch(query, schema)]
    return sorted(line for line in lines if "alembic_version" not in line and "schema_compatibility" not in line)
