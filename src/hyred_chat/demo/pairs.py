"""Pairs of a VA and a company with a room each, by the thousand, for load tests."""

from dataclasses import dataclass
from typing import Any

from hyred_chat.accounts.pairs import pair_key
from hyred_chat.accounts.people_search import PeopleSearch
from hyred_chat.db.pool import Connection, Database
from hyred_chat.ids import new_id

DOMAIN = "pairs.hyred.example"
# One transaction each: far below the time that a statement may take.
PAIRS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class PairMember:
    """One of a pair. The token is a development token."""

    id: str
    email: str

    @property
    def token(self) -> str:
        """`dev-token-<email>`."""
        return f"dev-token-{self.email}"

    def as_json(self) -> dict[str, Any]:
        """`{id, email, token}`."""
        return {"id": self.id, "email": self.email, "token": self.token}


@dataclass(frozen=True, slots=True)
class PairRecord:
    """A VA, a company, and their direct room."""

    number: int
    room_id: str
    va: PairMember
    co: PairMember

    def as_json(self) -> dict[str, Any]:
        """`{roomId, va: {id, email, token}, co: {…}}`."""
        return {"roomId": self.room_id, "va": self.va.as_json(), "co": self.co.as_json()}


async def seed_pairs(database: Database, pairs: int) -> list[PairRecord]:
    """Make this many pairs, beside those that there are. May run while servers do.

    They are `va<number>@` and `co<number>@pairs.hyred.example`, the numbers going on where the last run ended.
    """
    records: list[PairRecord] = []
    while len(records) < pairs:
        async with database.transaction() as connection:
            records += await _seed(connection, min(PAIRS_AT_ONCE, pairs - len(records)))
    if records:
        await PeopleSearch(database).fold_changed_names()
        # The planner knows nothing about rows that have just come, and would read whole tables for a while.
        async with database.connection() as connection:
            await connection.execute("ANALYZE users, va_profiles, companies, name_terms, chat_rooms, chat_members")
    return records


async def _seed(connection: Connection, pairs: int) -> list[PairRecord]:
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('hyred-chat pairs', 0))")
    last: int = await connection.fetchval(
        r"SELECT coalesce(max(substring(email FROM '^va(\d+)@')::bigint), 0) FROM users WHERE email LIKE 'va%@' || $1",
        DOMAIN,
    )
    records = [_new_record(number) for number in range(last + 1, last + pairs + 1)]
    await _write(connection, records)
    return records


def _new_record(number: int) -> PairRecord:
    va, co = (PairMember(new_id(), f"{side}{number}@{DOMAIN}") for side in ("va", "co"))
    return PairRecord(number, new_id(), va, co)


async def _write(connection: Connection, records: list[PairRecord]) -> None:
    people = [(person.id, person.email, role) for pair in records for person, role in _roles(pair)]
    await connection.copy_records_to_table("users", columns=["id", "email", "role"], records=people)
    vas = [(pair.va.id, f"VA {pair.number} (demo)") for pair in records]
    await connection.copy_records_to_table("va_profiles", columns=["user_id", "name"], records=vas)
    companies = [(pair.co.id, f"Company {pair.number} (demo)") for pair in records]
    await connection.copy_records_to_table("companies", columns=["user_id", "name"], records=companies)
    rooms = [(pair.room_id, "direct", pair_key("direct", pair.va.id, pair.co.id)) for pair in records]
    await connection.copy_records_to_table("chat_rooms", columns=["id", "type", "direct_key"], records=rooms)
    members = [(pair.room_id, person.id) for pair in records for person, _ in _roles(pair)]
    await connection.copy_records_to_table("chat_members", columns=["room_id", "user_id"], records=members)


def _roles(pair: PairRecord) -> tuple[tuple[PairMember, str], tuple[PairMember, str]]:
    return (pair.va, "va"), (pair.co, "company")
