"""All SQL about people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from asyncpg import Record

from hyred_chat.accounts.schemas import PersonProfile, User, profile_fields
from hyred_chat.db.emails import EMAIL_KEY, email_key
from hyred_chat.db.people import PERSON_COLUMNS, PERSON_JOINS, PROFILE_COLUMNS
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

_PROFILE = f"SELECT {PERSON_COLUMNS}, {PROFILE_COLUMNS} FROM users person {PERSON_JOINS} WHERE person.id = $1"

_BY_ID_OR_EMAIL = f"{_ACCOUNTS} WHERE person.id = ANY($1::text[]) OR {EMAIL_KEY} = ANY($2::text[])"

_FIRST_ADMIN = f"""
    {_ACCOUNTS} WHERE person.role = 'admin' AND person.disabled_at IS NULL ORDER BY person.created_at, person.id LIMIT 1
"""

# The rows of name_terms that are looked at one by one, at most, in the order of the terms: some milliseconds.
MAX_CANDIDATES = 5000

# LATERAL … LIMIT 1, and a limit or OFFSET 0 of the candidates, hold the planner to one look-up in the index for each of
# them, in their order, until there are enough, whatever it thinks of the tables. Disabled people have no terms; who was
# disabled a moment ago may still have some. Pairs are compared, and OFFSET 0 keeps EXISTS from becoming a join, so that
# the terms of one person can be looked up by the person only, and not among all terms that begin alike.
_FOUND = f"""
    SELECT person.* FROM ({{candidates}}) AS candidate
    CROSS JOIN LATERAL (
        SELECT {PERSON_COLUMNS} FROM users person {PERSON_JOINS}
        WHERE person.id = candidate.user_id AND person.disabled_at IS NULL LIMIT 1
    ) AS person
    WHERE candidate.user_id <> $1 {{condition}}
    ORDER BY candidate.term, candidate.user_id LIMIT $2
"""

_LIST_EVERYBODY = _FOUND.format(
    candidates=f"SELECT user_id, term FROM name_terms WHERE is_whole ORDER BY term, user_id LIMIT {MAX_CANDIDATES}",
    condition="",
)

# Somebody is found once, by the first of their terms that begins with the first part ($3 up to $4). Each other part
# begins a term of theirs, too.
_SEARCH = _FOUND.format(
    candidates=f"""
        SELECT user_id, term FROM name_terms found
        WHERE term >= $3 AND term < $4 AND NOT EXISTS (
            SELECT FROM name_terms earlier
            WHERE (earlier.user_id, earlier.term) >= (found.user_id, $3)
                AND (earlier.user_id, earlier.term) < (found.user_id, found.term)
            OFFSET 0
        )
        ORDER BY term, user_id LIMIT {MAX_CANDIDATES}
    """,
    condition="""
        AND NOT EXISTS (
            SELECT FROM unnest($5::text[], $6::text[]) AS part (low, high) WHERE NOT EXISTS (
                SELECT FROM name_terms other
                WHERE (other.user_id, other.term) >= (candidate.user_id, part.low)
                    AND (other.user_id, other.term) < (candidate.user_id, part.high)
                OFFSET 0
            )
        )
    """,
)

# The same where the parts begin about as many terms each: all are read, once, and compared.
_INTERSECT = _FOUND.format(
    candidates="""
        SELECT user_id, min(term) FILTER (WHERE position = 1) AS term
        FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS part (low, high, position) CROSS JOIN LATERAL (
            SELECT user_id, min(term) AS term FROM name_terms WHERE term >= part.low AND term < part.high
            GROUP BY user_id
        ) AS found
        GROUP BY user_id HAVING count(*) = cardinality($3) ORDER BY term, user_id OFFSET 0
    """,
    condition="",
)

_COUNT_TERMS = f"""
    SELECT (SELECT count(*) FROM (
        SELECT FROM name_terms WHERE term >= part.low AND term < part.high LIMIT {MAX_CANDIDATES}
    ) AS few) AS count
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS part (low, high, position) ORDER BY position
"""

# One at a time: whoever folds a name last has read it last.
_LOCK_NAMES = "SELECT pg_advisory_xact_lock(hashtextextended('hyred-chat names ' || current_schema(), 0))"

_LIST_CHANGED = "SELECT id, user_id FROM changed_names ORDER BY id LIMIT $1"

_LIST_NAMES = f"""
    SELECT {PERSON_COLUMNS} FROM users person {PERSON_JOINS}
    WHERE person.id = ANY($1::text[]) AND person.disabled_at IS NULL
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
    """The accounts with these ids or these e-mail addresses, in no order."""
    return [
        _to_account(row)
        for row in await connection.fetch(_BY_ID_OR_EMAIL, list(ids), [email_key(email) for email in emails])
    ]


async def find_profile(connection: Connection, user_id: str) -> PersonProfile | None:
    """Somebody with what their host tells of them; None: there is nobody of that id."""
    row = await connection.fetchrow(_PROFILE, user_id)
    return None if row is None else PersonProfile(**_to_user(row).model_dump(), **profile_fields(dict(row)))


async def find_first_admin(connection: Connection) -> Account | None:
    """The admin who has been there longest, among those who are not disabled."""
    row = await connection.fetchrow(_FIRST_ADMIN)
    return None if row is None else _to_account(row)


async def list_everybody(connection: Connection, *, without_user_id: str, limit: int) -> list[User]:
    """People in the order of their folded names."""
    return [_to_user(row) for row in await connection.fetch(_LIST_EVERYBODY, without_user_id, limit)]


async def search_users(connection: Connection, parts: Sequence[str], *, without_user_id: str, limit: int) -> list[User]:
    """People with a term for each of `parts` that begins with it, in the order of those that begin with the first.

    The first of several parts begins fewer terms than `MAX_CANDIDATES`.
    """
    lows, highs = list(parts), [_end_of(part) for part in parts]
    rows = await connection.fetch(_SEARCH, without_user_id, limit, lows[0], highs[0], lows[1:], highs[1:])
    return [_to_user(row) for row in rows]


async def intersect_users(
    connection: Connection, parts: Sequence[str], *, without_user_id: str, limit: int
) -> list[User]:
    """The same. Reads all terms that begin with any of `parts`."""
    highs = [_end_of(part) for part in parts]
    return [_to_user(row) for row in await connection.fetch(_INTERSECT, without_user_id, limit, list(parts), highs)]


async def count_terms(connection: Connection, parts: Sequence[str]) -> list[int]:
    """How many terms begin with each of `parts`, counted up to `MAX_CANDIDATES`."""
    rows = await connection.fetch(_COUNT_TERMS, list(parts), [_end_of(part) for part in parts])
    return [row["count"] for row in rows]


async def has_changed_names(connection: Connection) -> bool:
    """Whether there are names that were not folded since they changed."""
    changed: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM changed_names)")
    return changed


async def take_changed_names(connection: Connection, limit: int) -> dict[str, str | None]:
    """Some of the people whose names have changed, by id: with their name, or None for who is gone or disabled.

    In a transaction, until whose end others wait.
    """
    await connection.execute(_LOCK_NAMES)
    rows = await connection.fetch(_LIST_CHANGED, limit)
    await connection.execute("DELETE FROM changed_names WHERE id = ANY($1::bigint[])", [row["id"] for row in rows])
    # Read after that: a name that changes later leaves another row, and is read anew.
    changed: dict[str, str | None] = dict.fromkeys(row["user_id"] for row in rows)
    names = await connection.fetch(_LIST_NAMES, list(changed)) if changed else []
    return changed | {row["person_id"]: row["person_name"] for row in names}


async def replace_terms(connection: Connection, terms: dict[str, list[str]]) -> None:
    """Let these people be found by these terms, the first of which is the whole name, and by no others."""
    if not terms:
        return
    await connection.execute("DELETE FROM name_terms WHERE user_id = ANY($1::text[])", list(terms))
    rows = [(user_id, term, position == 0) for user_id, each in terms.items() for position, term in enumerate(each)]
    columns = ["user_id", "term", "is_whole"]
    await connection.copy_records_to_table("name_terms", columns=columns, records=rows)


def _end_of(part: str) -> str:
    """What all that begins with `part` sorts before."""
    return part + "\U0010ffff"


_USER_FIELDS = set(User.model_fields)


def _to_user(row: Record) -> User:
    # Built without a check: the columns' types and constraints are the check. And all with one set of fields: a set of
    # its own would be a third of what a person takes in memory.
    return User.model_construct(
        _USER_FIELDS,
        id=row["person_id"],
        name=row["person_name"],
        avatar=row["person_avatar"],
        role=row["person_role"],
    )


def _to_account(row: Record) -> Account:
    return Account(user=_to_user(row), email=row["person_email"], is_disabled=row["person_is_disabled"])
