"""Whose names migration 0009 has folded anew."""

import importlib

from hyred_chat.db.pool import Database

kana = importlib.import_module("hyred_chat.db.migrations.versions.0009_kana_and_ideographs")

NAMES = {"ana": "Ana Müller", "ken": "佐々木 健", "mei": "Studio ⻑谷川", "tom": "ﾄﾑ", "ivan": "Иван"}


async def test_names_with_kana_or_ideographs_are_folded_anew_and_no_others(database: Database) -> None:
    async with database.connection() as connection:
        for user_id, name in NAMES.items():
            await connection.execute("INSERT INTO users (id, email, role) VALUES ($1, $1, 'va')", user_id)
            await connection.execute("INSERT INTO va_profiles (user_id, name) VALUES ($1, $2)", user_id, name)
        await connection.execute("DELETE FROM changed_names")
        await connection.execute(kana.FOLD_ANEW)
        changed = await connection.fetch("SELECT user_id FROM changed_names ORDER BY user_id")
    assert [row["user_id"] for row in changed] == ["ken", "mei", "tom"]
