"""A host provisions rooms."""

import asyncio
from typing import Any

import httpx
import pytest

from hyred_chat.accounts.pairs import pair_key
from hyred_chat.administration.room_service import RoomChange
from hyred_chat.db.pool import Database
from tests.integration.notifications.queue import Queue

pytestmark = pytest.mark.usefixtures("people")
PEOPLE = ("ana", "bea", "cho", "dan")


@pytest.fixture
async def people(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO users (id, email, role) SELECT id, id || '@example.com', 'va' FROM unnest($1::text[]) AS id",
            list(PEOPLE),
        )


async def post(host: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    response = await host.post("/api/admin/rooms", json=body)
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()["data"]
    return data


async def refused(host: httpx.AsyncClient, **body: Any) -> tuple[int, dict[str, Any]]:
    response = await host.post("/api/admin/rooms", json=body)
    return response.status_code, response.json()


async def write_messages(database: Database, room_id: str, last_seq: int) -> None:
    async with database.connection() as connection:
        await connection.execute("UPDATE chat_rooms SET last_seq = $2 WHERE id = $1", room_id, last_seq)


async def positions(database: Database, room_id: str) -> dict[str, tuple[int, int]]:
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT user_id, last_read_seq, last_delivered_seq FROM chat_members WHERE room_id = $1", room_id
        )
    return {row["user_id"]: (row["last_read_seq"], row["last_delivered_seq"]) for row in rows}


async def count_rooms(database: Database) -> int:
    async with database.connection() as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM chat_rooms")
        return count


async def test_a_new_room_has_what_was_given(host: httpx.AsyncClient, room_changes: list[RoomChange]) -> None:
    room = await post(
        host, id="job-7", type="group", title=" Launch ", avatar="/job.png", memberIds=["ana", "bea", "ana"]
    )
    assert room.pop("createdAt").endswith("Z")
    assert room == {
        "id": "job-7", "type": "group", "status": "active", "title": "Launch", "avatar": "/job.png",
        "memberIds": ["ana", "bea"], "lastSeq": 0, "lastMessageAt": None,
    }  # fmt: skip
    assert room_changes == [RoomChange("job-7", ())]


async def test_the_same_request_again_changes_nothing(
    host: httpx.AsyncClient, database: Database, room_changes: list[RoomChange]
) -> None:
    body = {"id": "job-7", "type": "group", "title": "Launch", "memberIds": ["ana", "bea"], "status": "archived"}
    first = await post(host, **body)
    assert await post(host, **body) == first
    assert await count_rooms(database) == 1
    assert len(room_changes) == 1


async def test_a_room_without_an_id_is_a_new_one(host: httpx.AsyncClient, database: Database) -> None:
    rooms = [await post(host, type="group", memberIds=["ana"]) for _ in range(2)]
    assert rooms[0]["id"] != rooms[1]["id"]
    assert await count_rooms(database) == 2


async def test_members_become_those_that_are_given(
    host: httpx.AsyncClient, database: Database, room_changes: list[RoomChange]
) -> None:
    await post(host, id="r", type="group", memberIds=["ana", "bea"])
    room = await post(host, id="r", type="group", memberIds=["bea", "cho", "dan"])
    assert set(room["memberIds"]) == {"bea", "cho", "dan"}
    assert room_changes[1:] == [RoomChange("r", ("ana",))]
    assert (await positions(database, "r")).keys() == {"bea", "cho", "dan"}


async def test_what_was_written_before_joining_is_not_unread(host: httpx.AsyncClient, database: Database) -> None:
    await post(host, id="r", type="group", memberIds=["ana", "bea"])
    await write_messages(database, "r", last_seq=41)
    await post(host, id="r", type="group", memberIds=["ana", "cho"])
    assert await positions(database, "r") == {"ana": (0, 0), "cho": (41, 41)}


async def test_what_is_left_out_stays_and_null_removes(host: httpx.AsyncClient, room_changes: list[RoomChange]) -> None:
    await post(host, id="r", type="group", memberIds=["ana"], title="Launch", avatar="/r.png", status="blocked")
    kept = await post(host, id="r", type="group", memberIds=["ana"])
    assert (kept["title"], kept["avatar"], kept["status"]) == ("Launch", "/r.png", "blocked")
    removed = await post(host, id="r", type="group", memberIds=["ana"], title=None, avatar=None, status="active")
    assert (removed["title"], removed["avatar"], removed["status"]) == (None, None, "active")
    assert room_changes[1:] == [RoomChange("r", ())]


async def test_a_pair_has_one_direct_room_whoever_is_named_first(
    host: httpx.AsyncClient, database: Database, room_changes: list[RoomChange]
) -> None:
    first = await post(host, type="direct", memberIds=["bea", "ana"])
    second = await post(host, type="direct", memberIds=["ana", "bea"], id="asked-for")
    assert second == first, "the pair decides, and not the id"
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT direct_key FROM chat_rooms") == pair_key("direct", "ana", "bea")
    assert room_changes == [RoomChange(first["id"], ())]


async def test_the_same_room_asked_for_at_once_is_made_once(host: httpx.AsyncClient, database: Database) -> None:
    direct = [post(host, type="direct", memberIds=["ana", "bea"]) for _ in range(10)]
    group = [post(host, id="g", type="group", memberIds=["ana", "cho"], title="Launch") for _ in range(10)]
    rooms = await asyncio.gather(*direct, *group)
    assert len({room["id"] for room in rooms}) == 2
    assert await count_rooms(database) == 2
    assert (await positions(database, "g")).keys() == {"ana", "cho"}


async def test_memberships_written_at_the_same_time_end_as_one_of_them(
    host: httpx.AsyncClient, database: Database
) -> None:
    wanted = [["ana"], ["bea", "cho"], ["cho", "dan"], ["ana", "bea", "cho", "dan"]]
    await asyncio.gather(*(post(host, id="g", type="group", memberIds=ids) for ids in wanted * 5))
    assert sorted(await positions(database, "g")) in [sorted(ids) for ids in wanted]


async def test_a_direct_room_is_for_two(host: httpx.AsyncClient, database: Database) -> None:
    for ids in (["ana"], ["ana", "ana"], ["ana", "bea", "cho"]):
        status, body = await refused(host, type="direct", memberIds=ids)
        assert (status, body["code"]) == (400, "bad_request")
    assert await count_rooms(database) == 0


async def test_members_who_are_nobody_are_named(
    host: httpx.AsyncClient, database: Database, room_changes: list[RoomChange]
) -> None:
    status, body = await refused(host, id="r", type="group", memberIds=["zoe", "ana", "eve"])
    assert (status, body["code"]) == (400, "bad_request")
    assert body["details"] == {"unknownMemberIds": ["zoe", "eve"]}
    assert await count_rooms(database) == 0
    assert room_changes == []


async def test_an_id_of_another_room_is_a_conflict(
    host: httpx.AsyncClient, database: Database, room_changes: list[RoomChange]
) -> None:
    await post(host, id="g", type="group", memberIds=["ana", "bea"])
    await post(host, id="d", type="direct", memberIds=["ana", "bea"])
    for room_id, room_type, ids in (
        ("g", "direct", ["ana", "cho"]),
        ("g", "support", ["ana"]),
        ("d", "direct", ["ana", "cho"]),
        ("d", "group", ["ana", "bea"]),
    ):
        status, body = await refused(host, id=room_id, type=room_type, memberIds=ids)
        assert (status, body["code"]) == (409, "conflict"), (room_id, room_type)
    assert await count_rooms(database) == 2
    assert len(room_changes) == 2


async def test_a_pairs_support_room_that_loses_one_of_them_is_the_pairs_no_more(
    host: httpx.AsyncClient, database: Database
) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO chat_rooms (id, type, direct_key) VALUES ('s', 'support', $1)",
            pair_key("support", "ana", "bea"),
        )
        await post(host, id="s", type="support", memberIds=["ana", "bea", "cho"])
        assert await connection.fetchval("SELECT direct_key FROM chat_rooms") == "support:ana:bea"
        await post(host, id="s", type="support", memberIds=["ana", "cho"])
        assert await connection.fetchval("SELECT direct_key FROM chat_rooms") is None


async def test_who_is_added_is_told_of_the_next_message_however_soon_it_comes(
    host: httpx.AsyncClient, database: Database
) -> None:
    room = await post(host, id="r", type="group", memberIds=["ana", "bea"])
    queue = Queue(database)
    await queue.store(room["id"], "ana")  # for a second, messages of ana's write nothing: bea's notification is due
    await post(host, id="r", type="group", memberIds=["ana", "bea", "cho"])
    assert (await positions(database, "r"))["cho"] == (1, 1)
    await queue.store(room["id"], "ana")
    assert await queue.users() == {"bea", "cho"}
    assert (await positions(database, "r"))["cho"] == (1, 1)


async def test_a_thousand_members_are_a_few_statements(host: httpx.AsyncClient, database: Database) -> None:
    ids = [f"u{number}" for number in range(1000)]
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO users (id, email, role) SELECT id, id || '@example.com', 'va' FROM unnest($1::text[]) AS id",
            ids,
        )
    statements: list[str] = []
    database.on_statement.append(statements.append)
    room = await post(host, id="big", type="group", memberIds=ids)
    assert len(room["memberIds"]) == 1000
    assert len(statements) <= 10


async def list_ids(host: httpx.AsyncClient, **parameters: Any) -> tuple[list[str], str | None]:
    response = await host.get("/api/admin/rooms", params=parameters)
    assert response.status_code == 200, response.text
    return [room["id"] for room in response.json()["data"]], response.json()["page"]["nextCursor"]


async def test_paging_lists_every_room_once(host: httpx.AsyncClient) -> None:
    expected = sorted(f"room-{number}" for number in range(7))
    for number, room_id in enumerate(expected):
        await post(host, id=room_id, type="group", memberIds=["ana", "bea"] if number % 2 else ["ana"])
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        ids, cursor = await list_ids(host, limit=3, **({"cursor": cursor} if cursor else {}))
        seen += ids
    assert (seen, cursor) == (expected, None)
    assert await list_ids(host, limit=7) == (expected, None)
    assert await list_ids(host, memberId="bea") == (expected[1::2], None)
    assert await list_ids(host, memberId="bea", limit=2, cursor="after:room-2") == (["room-3", "room-5"], None)
    assert await list_ids(host, memberId="nobody") == ([], None)


async def test_a_list_that_is_asked_for_wrongly_is_a_bad_request(host: httpx.AsyncClient) -> None:
    wrong: list[dict[str, Any]] = [
        {"limit": 0}, {"limit": 101}, {"limit": "all"}, {"cursor": ""}, {"cursor": "room-2"}, {"cursor": "after:"},
        {"cursor": "after:a\0"}, {"cursor": "x" * 300}, {"memberId": ""}, {"memberId": "a\0"}, {"memberId": " a"},
    ]  # fmt: skip
    for parameters in wrong:
        response = await host.get("/api/admin/rooms", params=parameters)
        assert (response.status_code, response.json()["code"]) == (400, "bad_request"), parameters
