"""People in a test's database."""

from hyred_chat.db.pool import Database


async def add_person(
    database: Database,
    user_id: str,
    *,
    email: str | None = None,
    role: str = "va",
    name: str | None = None,
    avatar: str | None = None,
    disabled: bool = False,
) -> str:
    """Store somebody, with a profile when there is a name: a VA's, or a company's for companies."""
    table, picture = ("companies", "logo_url") if role == "company" else ("va_profiles", "avatar_url")
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO users (id, email, role, disabled_at) VALUES ($1, $2, $3, CASE WHEN $4 THEN now() END)",
            user_id,
            email or f"{user_id}@example.com",
            role,
            disabled,
        )
        if name is not None:
            await connection.execute(
                f"INSERT INTO {table} (user_id, name, {picture}) VALUES ($1, $2, $3)",  # noqa: S608, two constants
                user_id,
                name,
                avatar,
            )
    return user_id
