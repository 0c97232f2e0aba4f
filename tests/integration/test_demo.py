"""The demo world and the pairs for load tests: what the tables hold afterwards."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from hyred_chat.accounts.pairs import pair_key
from hyred_chat.db.pool import Database
from hyred_chat.demo import address_demo_pictures, demo_people, endpoints, seed_demo_world, seed_pairs
from hyred_chat.errors import NotFoundError


async def fetch(database: Database, query: str, *arguments: object) -> list[asyncpg.Record]:
    async with database.connection() as connection:
        rows: list[asyncpg.Record] = await connection.fetch(query, *arguments)
        return rows


async def test_an_empty_database_gets_two_vas_two_companies_and_an_admin(database: Database) -> None:
    assert await seed_demo_world(database)
    rows = await fetch(
        database,
        """
        SELECT u.email, u.role, coalesce(v.name, c.name) AS name, coalesce(v.avatar_url, c.logo_url) AS picture
        FROM users u LEFT JOIN va_profiles v ON v.user_id = u.id LEFT JOIN companies c ON c.user_id = u.id
        """,
    )
    assert sorted(row["role"] for row in rows) == ["admin", "company", "company", "va", "va"]
    assert {(row["name"], row["email"], row["role"]) for row in rows} == {
        (person.name, person.email, person.role) for person in demo_people()
    }
    assert {row["picture"] for row in rows} <= {f"/demo/avatars/{name}.svg" for name in endpoints.AVATARS}
    assert all(person.email.endswith("@demo.hyred.example") for person in demo_people())


async def test_pictures_lead_to_where_the_server_is_now_and_the_host_s_own_stay(database: Database) -> None:
    await seed_demo_world(database)
    async with database.connection() as connection:
        await connection.execute("INSERT INTO users (id, email, role) VALUES ('ana', 'ana@example.com', 'va')")
        await connection.execute(
            "INSERT INTO va_profiles (user_id, name, avatar_url) VALUES ('ana', 'Ana', '/demo/avatars/maya.svg')"
        )
        await connection.execute("UPDATE va_profiles SET avatar_url = '/other.png' WHERE user_id = 'demo-theo'")
    for origin in ("http://127.0.0.1:3000", "http://[::1]:4321", "http://[::1]:4321"):
        await address_demo_pictures(database, origin)
        rows = await fetch(
            database,
            """
            SELECT user_id AS id, avatar_url AS picture FROM va_profiles
            UNION ALL SELECT user_id, logo_url FROM companies
            UNION ALL SELECT title, avatar_url FROM chat_rooms WHERE avatar_url IS NOT NULL
            """,
        )
        pictures = {row["id"]: row["picture"] for row in rows}
        assert pictures.pop("ana") == "/demo/avatars/maya.svg"
        assert pictures.pop("demo-theo") == "/other.png"
        assert len(pictures) == 5
        assert {picture.removeprefix(f"{origin}/demo/avatars/") for picture in pictures.values()} <= {
            f"{name}.svg" for name in endpoints.AVATARS
        }


async def test_a_database_with_people_is_left_alone(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("INSERT INTO users (id, email, role) VALUES ('ana', 'ana@example.com', 'va')")
    assert not await seed_demo_world(database)
    assert len(await fetch(database, "SELECT FROM users")) == 1
    assert not await fetch(database, "SELECT FROM chat_rooms")


async def test_servers_that_start_at_once_make_one_world(database: Database) -> None:
    made = await asyncio.gather(*(seed_demo_world(database) for _ in range(4)))
    assert sorted(made) == [False, False, False, True]


async def test_every_demo_room_is_consistent(database: Database) -> None:
    await seed_demo_world(database)
    rooms = await fetch(
        database,
        """
        SELECT r.*, count(m.seq) AS messages, min(m.seq) AS first_seq, max(m.seq) AS newest_seq,
               min(m.created_at) AS first_at, max(m.created_at) AS newest_at,
               bool_and(m.created_at > before.created_at) AS rising, bool_and(m.sender_id = ANY(members.ids)) AS ours,
               bool_and(m.created_at = date_trunc('milliseconds', m.created_at)) AS whole_milliseconds, members.ids
        FROM chat_rooms r
        JOIN LATERAL (SELECT array_agg(user_id ORDER BY user_id) AS ids FROM chat_members WHERE room_id = r.id)
            members ON true
        JOIN messages m ON m.room_id = r.id
        LEFT JOIN messages before ON (before.room_id, before.seq) = (m.room_id, m.seq - 1)
        GROUP BY r.id, members.ids
        """,
    )
    assert sorted(room["type"] for room in rooms) == ["direct", "direct", "direct", "group", "support"]
    now = datetime.now(UTC)
    for room in rooms:
        assert 6 <= room["messages"] <= 20
        assert (room["first_seq"], room["newest_seq"]) == (1, room["messages"])
        assert (room["last_seq"], room["last_message_at"]) == (room["newest_seq"], room["newest_at"])
        assert room["rising"]
        assert room["ours"]
        assert room["whole_milliseconds"]
        assert room["created_at"] < room["first_at"]
        assert now - timedelta(days=14) < room["first_at"] < room["newest_at"] < now
        if room["type"] == "group":
            assert (room["direct_key"], len(room["ids"]), room["title"] is None) == (None, 3, False)
        else:
            assert room["direct_key"] == pair_key(room["type"], *room["ids"])


async def test_nobody_in_the_demo_world_has_left_their_own_message_unread(database: Database) -> None:
    await seed_demo_world(database)
    members = await fetch(
        database,
        """
        SELECT c.*, r.last_seq, coalesce(max(m.seq) FILTER (WHERE m.sender_id = c.user_id), 0) AS own_seq
        FROM chat_members c JOIN chat_rooms r ON r.id = c.room_id JOIN messages m ON m.room_id = r.id
        GROUP BY c.room_id, c.user_id, r.last_seq
        """,
    )
    assert len(members) == 11
    assert any(member["last_read_seq"] < member["last_seq"] for member in members)
    for member in members:
        assert member["own_seq"] <= member["last_read_seq"] <= member["last_delivered_seq"] <= member["last_seq"]


async def test_pairs_are_written_as_the_rooms_file_describes_them(database: Database) -> None:
    (record,) = await seed_pairs(database, 1)
    assert record.as_json() == {
        "roomId": record.room_id,
        "va": {"id": record.va.id, "email": "va1@pairs.hyred.example", "token": "dev-token-va1@pairs.hyred.example"},
        "co": {"id": record.co.id, "email": "co1@pairs.hyred.example", "token": "dev-token-co1@pairs.hyred.example"},
    }
    users = await fetch(database, "SELECT id, email, role FROM users ORDER BY role")
    assert [tuple(user) for user in users] == [
        (record.co.id, "co1@pairs.hyred.example", "company"),
        (record.va.id, "va1@pairs.hyred.example", "va"),
    ]
    (room,) = await fetch(database, "SELECT id, type, direct_key, last_seq FROM chat_rooms")
    assert tuple(room) == (record.room_id, "direct", pair_key("direct", record.va.id, record.co.id), 0)
    members = await fetch(database, "SELECT user_id FROM chat_members WHERE room_id = $1", record.room_id)
    assert {member["user_id"] for member in members} == {record.va.id, record.co.id}


async def test_later_and_simultaneous_runs_add_pairs_without_a_clash(database: Database) -> None:
    first = await seed_pairs(database, 3)
    others = await asyncio.gather(*(seed_pairs(database, 3) for _ in range(3)))
    emails = {record.va.email for records in (first, *others) for record in records}
    assert emails == {f"va{number}@pairs.hyred.example" for number in range(1, 13)}
    assert len(await fetch(database, "SELECT FROM chat_rooms")) == 12


async def test_more_pairs_than_one_transaction_takes_are_all_made(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hyred_chat.demo.pairs.PAIRS_AT_ONCE", 4)
    records = await seed_pairs(database, 10)
    assert [record.number for record in records] == list(range(1, 11))
    assert len(await fetch(database, "SELECT FROM users")) == 20


async def test_ten_thousand_pairs_take_less_than_twenty_seconds(database: Database) -> None:
    started = time.monotonic()
    records = await seed_pairs(database, 10_000)
    assert time.monotonic() - started < 20
    assert len({record.room_id for record in records}) == 10_000


@pytest.fixture
async def http() -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(endpoints.router)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hyred.example")


@pytest.mark.parametrize("name", ["team", *(person.key for person in demo_people())])
async def test_every_demo_person_and_the_group_have_a_picture(http: httpx.AsyncClient, name: str) -> None:
    response = await http.get(f"/demo/avatars/{name}.svg")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("image/svg+xml")
    assert "max-age" in response.headers["cache-control"]
    assert response.text.startswith("<svg ")
    assert len(response.content) < 1000


@pytest.mark.parametrize("name", ["nobody", "..%2Fendpoints", "%2Fetc%2Fpasswd", "maya.svg%00"])
async def test_a_picture_that_there_is_not_is_not_found(http: httpx.AsyncClient, name: str) -> None:
    try:
        response = await http.get(f"/demo/avatars/{name}.svg")
    except NotFoundError:
        return
    assert response.status_code == 404
