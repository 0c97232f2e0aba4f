"""People search finds as tests/tables/folding.json says, whoever wrote the names, at a bounded price."""

import asyncio
import json
from typing import Any, cast

import asyncpg
import httpx
import pytest

from hyred_chat.accounts import repository
from hyred_chat.accounts.people_search import MAX_SEARCHES, PeopleSearch, find, indexed_terms
from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import RateLimitedError
from hyred_chat.text.folding import parts_of
from tests.integration.accounts.people import add_person
from tests.postgres import SCHEMA, wait_in_postgres
from tests.unit.text.tables import rows_of

ME = User(id="me", name="Me", avatar=None, role="va")
PEOPLE = 50_000


@pytest.fixture
def people(accounts: Accounts) -> PeopleSearch:
    return accounts.people


async def names_found(people: PeopleSearch, query: str, *, limit: int = 100) -> list[str]:
    return [user.name for user in await people.search(ME.id, query, limit, without_user_id=ME.id)]


async def execute(database: Database, sql: str) -> None:
    async with database.connection() as connection:
        await connection.execute(sql)


async def test_people_are_found_by_what_means_the_same_and_by_nothing_else(
    database: Database, people: PeopleSearch
) -> None:
    rows = rows_of("folding", "query", "name", "found")
    names = sorted({name for _, name, _ in rows})
    for number, name in enumerate(names):
        await add_person(database, f"p{number}", name=name)
    wrong = []
    for query, name, found in rows:
        async with database.connection() as connection:
            everybody = await connection.fetchval("SELECT count(*) FROM users")
        shown = [user.name for user in await people.search(ME.id, query, everybody, without_user_id=ME.id)]
        assert len(shown) == len(set(shown))
        if (name in shown) is not found:
            wrong.append((query, name, found))
    assert wrong == []


async def test_what_stands_first_in_the_query_s_order_is_found_first(database: Database, people: PeopleSearch) -> None:
    for number, name in enumerate(["Anna Abel", "Ann Zimmer", "Zoe Ann", "Joanna", "Ann", "Abel Ann"]):
        await add_person(database, f"p{number}", name=name)
    assert await names_found(people, "ann") == ["Ann", "Abel Ann", "Zoe Ann", "Ann Zimmer", "Anna Abel"]
    assert await names_found(people, "ann", limit=2) == ["Ann", "Abel Ann"]
    assert await names_found(people, "ann z") == ["Ann Zimmer", "Zoe Ann"]
    assert await names_found(people, "abel ann") == ["Abel Ann", "Anna Abel"]
    assert await names_found(people, "z ann") == ["Ann Zimmer", "Zoe Ann"]
    assert await names_found(people, "") == ["Abel Ann", "Ann", "Ann Zimmer", "Anna Abel", "Joanna", "Zoe Ann"]


async def test_a_name_is_found_as_it_is_now_whoever_changed_it(database: Database, people: PeopleSearch) -> None:
    await add_person(database, "ana", name="Ana Lopez")
    await add_person(database, "acme", role="company", name="Acme")
    await add_person(database, "bare", email="quentin@mail.example")
    assert await names_found(people, "ana") == ["Ana Lopez"]
    assert await names_found(people, "quen") == ["quentin"]
    for change, query, before, after in [
        ("UPDATE va_profiles SET name = 'Bea Lopez' WHERE user_id = 'ana'", "bea", [], ["Bea Lopez"]),
        ("DELETE FROM companies WHERE user_id = 'acme'", "acme", ["Acme"], ["acme"]),
        ("UPDATE users SET email = 'ruth@mail.example' WHERE id = 'bare'", "ruth", [], ["ruth"]),
        ("UPDATE users SET disabled_at = now() WHERE id = 'bare'", "ruth", ["ruth"], []),
        ("UPDATE users SET disabled_at = NULL WHERE id = 'bare'", "ruth", [], ["ruth"]),
        ("DELETE FROM users WHERE id = 'ana'", "bea", ["Bea Lopez"], []),
    ]:
        assert await names_found(people, query) == before
        await execute(database, change)
        assert await names_found(people, query) == after
    assert await names_found(people, "quentin") == []
    async with database.connection() as connection:
        assert {row[0] for row in await connection.fetch("SELECT DISTINCT user_id FROM name_terms")} == {"acme", "bare"}


async def test_a_host_that_may_write_no_table_but_of_people_writes_them_by_sql(
    database: Database, people: PeopleSearch
) -> None:
    async with database.transaction() as connection:
        await connection.execute("CREATE ROLE host_of_people")
        await connection.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO host_of_people")
        await connection.execute("""
            GRANT INSERT ON users, va_profiles TO host_of_people;
            SET LOCAL ROLE host_of_people;
            INSERT INTO users (id, email, role) VALUES ('ana', 'ana@mail.example', 'va');
            INSERT INTO va_profiles (user_id, name) VALUES ('ana', 'Ana Lopez');
            RESET ROLE;
            DROP OWNED BY host_of_people;
            DROP ROLE host_of_people;
        """)
    assert await names_found(people, "lopez") == ["Ana Lopez"]


async def test_what_changes_nothing_in_a_name_leaves_nothing_to_fold(database: Database, people: PeopleSearch) -> None:
    await add_person(database, "ana", name="Ana Lopez")
    await people.fold_changed_names()
    await execute(database, "UPDATE users SET last_seen_at = now(), email = email")
    await execute(database, "UPDATE va_profiles SET name = name, avatar_url = '/a.png'")
    async with database.connection() as connection:
        assert [row[0] for row in await connection.fetch("SELECT DISTINCT user_id FROM changed_names")] == ["ana"]
        await people.fold_changed_names()
        await connection.execute("UPDATE va_profiles SET name = name")
        assert not await repository.has_changed_names(connection)


async def test_a_name_that_changes_while_it_is_folded_is_folded_again(database: Database, people: PeopleSearch) -> None:
    await add_person(database, "ana", name="Ana Lopez")
    async with database.transaction() as folding:
        assert await repository.take_changed_names(folding, 10) == {"ana": "Ana Lopez"}
        await execute(database, "UPDATE va_profiles SET name = 'Bea Lopez'")
        other = asyncio.create_task(people.fold_changed_names())
        await wait_in_postgres(folding, "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        await repository.replace_terms(folding, {"ana": ["ana lopez"]})
    await other
    assert await names_found(people, "bea") == ["Bea Lopez"]
    assert await names_found(people, "ana") == []


class PageCounter:
    """A connection that counts the pages that its statements read."""

    def __init__(self, connection: Connection) -> None:
        self.pages = 0
        self._connection = connection

    async def fetch(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"
        [explained] = json.loads(await self._connection.fetchval(explain, *arguments))
        self.pages += explained["Plan"]["Shared Hit Blocks"] + explained["Plan"]["Shared Read Blocks"]
        return await self._connection.fetch(sql, *arguments)


@pytest.fixture
async def crowd(database: Database) -> None:
    """Fifty thousand people: VAs and companies, and fifty with a name of their own."""
    people = {f"u{number}": f"{('VA', 'Company')[number % 2]} {number}" for number in range(PEOPLE)}
    people |= {f"u{number}": f"Maya Santos {number}" for number in range(0, PEOPLE, 1000)}
    users = [(user_id, f"{user_id}@mail.example", "va") for user_id in people]
    terms = [
        (user_id, term, not place) for user_id, name in people.items() for place, term in enumerate(indexed_terms(name))
    ]
    async with database.transaction() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")  # no triggers: it is folded here
        await connection.copy_records_to_table("users", columns=["id", "email", "role"], records=users)
        await connection.copy_records_to_table("va_profiles", columns=["user_id", "name"], records=people.items())
        await connection.copy_records_to_table("name_terms", columns=["user_id", "term", "is_whole"], records=terms)
    await execute(database, "ANALYZE")


@pytest.mark.usefixtures("crowd")
async def test_among_fifty_thousand_people_a_search_reads_few_pages(database: Database) -> None:
    for query, found, most_pages in [
        ("", 20, 500),
        ("m", 20, 700),
        ("maya", 20, 700),
        ("4", 20, 700),
        ("va 49998", 1, 1000),
        ("maya 49000", 1, 1000),
        ("santos maya", 20, 1000),
        ("zebra", 0, 50),
        ("va zebra", 0, 500),
        # Both parts are common: the dearest there is.
        ("v c", 0, 5000),
        ("4 v", 20, 5000),
    ]:
        async with database.connection() as connection:
            counter = PageCounter(connection)
            users = await find(cast("Connection", counter), parts_of(query), ME.id, 20)
        assert (len(users), counter.pages <= most_pages) == (found, True), (query, counter.pages)


@pytest.mark.parametrize("before", [0, 1, 60])
async def test_plans_that_were_made_among_few_people_do_among_many(
    database: Database, people: PeopleSearch, before: int
) -> None:
    queries = ["", "ana", "crowd", "crowd 17", "1 c", "zed ana"]
    async with database.connection() as connection:
        for table in ("name_terms", "users", "va_profiles"):
            await connection.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await add_people(connection, "few", before)
        await people.fold_changed_names()
        await connection.execute("ANALYZE")
        for query in queries:  # from here on, the plans of this connection are made
            await find(connection, parts_of(query), ME.id, 20)
        await add_people(connection, "crowd", 10_000)
        await people.fold_changed_names()
        await connection.execute("SET statement_timeout = 1000")  # it takes some milliseconds, or ten seconds
        found = {query: len(await find(connection, parts_of(query), ME.id, 20)) for query in queries}
        assert found == dict.fromkeys(queries, 20) | {"zed ana": 0}
        await connection.execute("RESET plan_cache_mode; RESET statement_timeout")


async def add_people(connection: Connection, name: str, count: int) -> None:
    for sql in (
        "INSERT INTO users (id, email, role) SELECT $1 || n, $1 || n || '@mail.example', 'va'",
        "INSERT INTO va_profiles (user_id, name) SELECT $1 || n, 'Ana ' || $1 || ' ' || n",
    ):
        await connection.execute(f"{sql} FROM generate_series(1, $2) n", name, count)


async def test_one_person_s_searches_hold_up_nobody_else(database: Database, people: PeopleSearch) -> None:
    await add_person(database, "ana", name="Ana Lopez")
    await people.fold_changed_names()
    blocker = await database.dedicated_connection()
    async with blocker.transaction():
        await blocker.execute("LOCK TABLE name_terms IN ACCESS EXCLUSIVE MODE")
        searches = [asyncio.create_task(people.search(ME.id, "ana", 20)) for _ in range(240)]
        waiting = "(SELECT count(*) FROM pg_locks WHERE relation = 'name_terms'::regclass AND NOT granted)"
        await wait_in_postgres(blocker, f"{waiting} = {MAX_SEARCHES}")
        refused = [search for search in searches if search.done()]
        assert len(refused) == 240 - MAX_SEARCHES
        assert all(isinstance(search.exception(), RateLimitedError) for search in refused)
        async with database.connection() as connection:
            assert await connection.fetchval("SELECT count(*) FROM users") == 1
    await blocker.close()
    answers = await asyncio.gather(*searches, return_exceptions=True)
    assert [len(answer) for answer in answers if isinstance(answer, list)] == [1] * MAX_SEARCHES
    assert await names_found(people, "ana") == ["Ana Lopez"]


async def test_one_search_more_than_two_at_once_is_told_when_to_try_again(
    database: Database, client: httpx.AsyncClient
) -> None:
    await add_person(database, "ana", name="Ana Lopez")
    headers = {"Authorization": "Bearer dev-token-ana"}
    answers = await asyncio.gather(*(client.get("/api/users", headers=headers) for _ in range(20)))
    assert [answer.status_code for answer in answers].count(200) >= MAX_SEARCHES
    [code] = {answer.json()["code"] for answer in answers if answer.status_code != 200}
    assert code == "rate_limited"
    assert {answer.headers.get("Retry-After") for answer in answers if answer.status_code == 429} == {"1"}
