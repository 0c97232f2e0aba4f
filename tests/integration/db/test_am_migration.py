"""Whose names migration 0026 has folded anew."""

import importlib

from hyred_chat.db.pool import Database

am = importlib.import_module("hyred_chat.db.migrations.versions.0026_thai_and_lao_am")

NAMES = {"nam": "น้ำทิพย์", "na": "นาตาลี", "dam": "ດຳ", "pali": "พุทธํ", "ko": "ກໍ", "ana": "Ana Müller", "ken": "健"}
ADD_PERSON = "INSERT INTO va_profiles (user_id, name) VALUES ($1, $2)"
ADD_COMPANY = "INSERT INTO companies (user_id, name) VALUES ($1, $2)"


async def test_names_with_thai_or_lao_am_are_folded_anew_and_no_others(database: Database) -> None:
    async with database.connection() as connection:
        for user_id, name in NAMES.items():
            await connection.execute("INSERT INTO users (id, email, role) VALUES ($1, $1, 'va')", user_id)
            await connection.execute(ADD_COMPANY if user_id == "dam" else ADD_PERSON, user_id, name)
        await connection.execute("DELETE FROM changed_names")
        await connection.execute(am.FOLD_ANEW)
        changed = await connection.fetch("SELECT user_id FROM changed_names ORDER BY user_id")
    assert [row["user_id"] for row in changed] == ["dam", "ko", "nam", "pali"]
