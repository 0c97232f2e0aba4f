"""All SQL about people."""

from collections.abc import Collection
from dataclasses import dataclass

from asyncpg import Record

from hyred_chat.accounts.schemas import User
from hyred_chat.db.people import PERSON_COLUMNS, PERSON_JOINS
from hyred_chat.db.pool import Connection


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what only the server may know."""

    user: User
    email: str
    is_disabled: bool


_ACCOUNTS = f"""
    SELECT {PERSON_COLUMNS}, person.email AS person_email, person.disabled_at IS NOT NULL AS person_is_disabled
    FROM users person {PERSON_JOINS}
"""

_BY_ID_OR_EMAIL = f"{_ACCOUNTS} WHERE person.id = ANY($1::text[]) OR lower(person.email) = ANY($2::text[])"

_FIRST_ADMIN = f"""
    {_ACCOUNTS} WHERE person.role = 'admin' AND person.disabled_at IS NULL ORDER BY person.created_at, person.id LIMIT 1
"""

# `strpos` compares literally, so % and _ are letters like any other.
_SEARCH = f"""
    SELECT person_id, person_role, person_name, person_avatar
    FROM (
        SELECT {PERSON_COLUMNS} FROM users person {PERSON_JOINS} WHERE person.disabled_at IS NULL AND person.id <> $1
    ) AS people
    WHERE strpos(lower(person_name), lower($2)) > 0
    ORDER BY strpos(' ' || lower(person_name), ' ' || lower($2)) = 0, lower(person_name), person_id
    LIMIT $3
"""


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold `text`: no zero, and no half of a surrogate pair."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


async def list_accounts(
    connection: Connection, *, ids: Collection[str] = (), emails: Collection[str] = ()
) -> list[Account]:
    """The accounts with these ids or these e-mail addresses (in lower case), in no order."""
    return [_to_account(row) for row in await connection.fetch(_BY_ID_OR_EMAIL, list(ids), list(emails))]


async def find_first_admin(connection: Connection) -> Account | None:
    """The admin who has been there longest, among those who are not disabled."""
    row = await connection.fetchrow(_FIRST_ADMIN)
    return None if row is None else _to_account(row)


async def search_users(connection: Connection, query: str, *, without_user_id: str, limit: int) -> list[User]:
    """People whose name holds `query`, whatever the case: those with a word that starts so first, then by name."""
    return [_to_user(row) for row in await connection.fetch(_SEARCH, without_user_id, query, limit)]


def _to_user(row: Record) -> User:
    # Built without a check: the columns' types and constraints are the check.
    return User.model_construct(
        id=row["person_id"], name=row["person_name"], avatar=row["person_avatar"], role=row["person_role"]
    )


def _to_account(row: Record) -> Account:
    return Account(user=_to_user(row), email=row["person_email"], is_disabled=row["person_is_disabled"])
