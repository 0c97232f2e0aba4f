"""Answers end at 256 KB as well as at a number, with one entry at least, and what is left comes with the next one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import orjson
import pytest

from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.shapes import seqs

MAX_BYTES = 262_144
# The longest content and the largest metadata, in messages whose JSON is as long as what is stored, and in others that
# need twice as much for every character.
LARGE = ["🙂" * 1000, '"' * 1000]


async def large_pair(chat: Chat, count: int, content: str = LARGE[0]) -> tuple[Person, str]:
    """Somebody, and their room with so many of the largest messages of another."""
    va, _, room_id = await chat.filled_pair(count)
    await chat.database.execute(
        "UPDATE messages SET content = $2, metadata = jsonb_build_object('a', repeat('x', 4080)) WHERE room_id = $1",
        room_id,
        content,
    )
    return va, room_id


async def pages(get: Callable[..., Awaitable[Answer]], path: str, cursor: str, **params: Any) -> AsyncIterator[Answer]:
    """All pages, each by the cursor of the one before."""
    while True:
        answer = await get(path, **params)
        assert len(answer.text.encode()) <= MAX_BYTES
        assert answer.data
        yield answer
        if answer.next_cursor is None:
            return
        params[cursor] = answer.next_cursor


@pytest.mark.parametrize("content", LARGE, ids=["characters of four bytes", "quotation marks"])
@pytest.mark.parametrize("direction", ["before", "after"])
async def test_a_page_of_history_ends_at_its_bytes_and_the_next_goes_on(
    chat: Chat, direction: str, content: str
) -> None:
    va, room_id = await large_pair(chat, 120, content)
    params = {"limit": 100} | ({"after": 0} if direction == "after" else {})
    path = f"/api/chat/rooms/{room_id}/messages"
    found = [seqs(answer.data) async for answer in pages(va.get, path, direction, **params)]
    assert len(found) > 2
    in_order = found if direction == "after" else found[::-1]
    assert [seq for page in in_order for seq in page] == list(range(1, 121))


async def test_a_page_before_a_time_ends_at_its_bytes_too(chat: Chat) -> None:
    va, room_id = await large_pair(chat, 60)
    answer = await va.get(f"/api/chat/rooms/{room_id}/messages", before="2999-01-01T00:00:00Z", limit=100)
    assert len(answer.text.encode()) <= MAX_BYTES
    assert seqs(answer.data) == list(range(61 - len(answer.data), 61))
    assert answer.next_cursor == str(61 - len(answer.data))


@pytest.mark.parametrize("content", LARGE, ids=["characters of four bytes", "quotation marks"])
@pytest.mark.parametrize("transport", ["websocket", "polling", "rest"])
async def test_sync_of_the_largest_gap_of_the_largest_messages_comes_in_pages(
    chat: Chat, transport: str, content: str
) -> None:
    va, first = await large_pair(chat, 500, content)
    second = await chat.room(va)
    await va.post_message(second, "Hello")
    client = await va.connect(transports=(transport,)) if transport != "rest" else None
    known, more = {first: 0, second: 0}, True
    while more:
        if client is None:
            answer = (await va.post("/api/chat/sync", {"rooms": known})).data
        else:
            answer = await client.ask("sync", {"rooms": known})
        assert len(orjson.dumps(answer)) <= MAX_BYTES
        for room in answer["rooms"]:
            found = seqs(room["messages"])
            assert found == list(range(known[room["roomId"]] + 1, known[room["roomId"]] + 1 + len(found)))
            known[room["roomId"]] += len(found)
            assert va.id in room["cursors"]
        assert more is False or any(room["messages"] for room in answer["rooms"])
        more = answer["more"]
    assert known == {first: 500, second: 1}


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_join_brings_the_newest_that_fit_and_says_when_that_is_not_all(chat: Chat, transport: str) -> None:
    va, room_id = await large_pair(chat, 500)
    client = await va.connect(transports=(transport,))
    for after, is_all in ((None, False), (0, False), (450, False), (480, True)):
        joined = await client.join(room_id, afterSeq=after)
        assert len(orjson.dumps(joined.history)) <= MAX_BYTES
        found = seqs(joined.history)
        assert found == list(range(501 - len(found), 501))
        assert joined.reload is (after is not None and not is_all)
        assert (len(found) == 20) is is_all


async def test_many_joins_at_once_are_not_too_much_for_a_client_that_polls(chat: Chat) -> None:
    """Each brings a page; together they are several times what may wait for one client."""
    va, first = await large_pair(chat, 60)
    rooms = [first]
    for _ in range(9):
        room_id = await chat.room(va)
        await chat.database.execute(
            "INSERT INTO messages SELECT $1 AS room_id, seq, $1 || seq, sender_id, NULL, content, type, metadata,"
            " created_at FROM messages WHERE room_id = $2",
            room_id,
            first,
        )
        await chat.database.execute("UPDATE chat_rooms SET last_seq = 60 WHERE id = $1", room_id)
        rooms.append(room_id)
    client = await va.connect(transports=("polling",))
    for room_id in rooms:
        await client.emit("join_chat", {"chatRoomId": room_id})
    await client.wait_until(lambda: len(client.received("chat_history")) == len(rooms))
    await client.catch_up()
    assert client.connected


async def test_a_list_of_rooms_ends_at_its_bytes_and_goes_on(chat: Chat) -> None:
    va, first = await large_pair(chat, 1)
    others = [await chat.person(f"Somebody with a long name {'x' * 170}") for _ in range(20)]
    rooms = [first] + [await chat.room(va, *others) for _ in range(59)]
    found: list[str] = []
    count = 0
    async for answer in pages(va.get, "/api/chat/rooms", "cursor", limit=100):
        found += [room["id"] for room in answer.data]
        count += 1
    assert sorted(found) == sorted(rooms)
    assert count > 1


async def test_a_list_of_notifications_ends_at_its_bytes_and_goes_on(chat: Chat) -> None:
    person = await chat.person()
    desk = await person.connect()
    for number in range(90):
        body = {"userIds": [person.id], "type": "job_match", "title": f"{number}", "body": "x" * 3900, "data": {}}
        await chat.admin("POST", "/api/admin/notifications", json=body)
    await desk.wait_until(lambda: len(desk.received("notification")) == 90)
    found: list[str] = []
    count = 0
    async for answer in pages(person.get, "/api/notifications", "before", limit=100):
        found += [entry["title"] for entry in answer.data]
        count += 1
    assert sorted(found, key=int) == [str(number) for number in range(90)]
    assert count > 1


async def test_people_found_are_as_many_as_fit(chat: Chat) -> None:
    person = await chat.person()
    picture = f"https://pictures.example.com/{'x' * 2000}"
    for _ in range(130):
        await chat.person(f"Zebedee {'🙂' * 190}", avatar=picture)
    answer = await person.get("/api/users", query="Zebedee", limit=100)
    assert len(answer.text.encode()) <= MAX_BYTES
    assert 50 < len(answer.data) < 100


async def test_a_room_lists_as_many_of_its_members_as_fit(chat: Chat) -> None:
    va = await chat.person()
    prefix = f"{va.id}-"
    for statement in (
        "INSERT INTO users (id, email, role) SELECT $1 || n, $1 || n || '@mail.example', 'va' FROM numbers",
        "INSERT INTO va_profiles (user_id, name) SELECT $1 || n, repeat('🙂', 200) FROM numbers",
        "INSERT INTO chat_rooms (id, type) VALUES ($1, 'group')",
        "INSERT INTO chat_members (room_id, user_id) SELECT $1, $1 || n FROM numbers",
    ):
        await chat.database.execute(f"WITH numbers AS (SELECT generate_series(1, 999) n) {statement}", prefix)
    await chat.database.execute("INSERT INTO chat_members (room_id, user_id) VALUES ($1, $2)", prefix, va.id)
    answer = await va.get(f"/api/chat/rooms/{prefix}")
    assert len(answer.text.encode()) <= MAX_BYTES
    assert 200 < len(answer.data["members"]) < 1000


async def test_the_muted_rooms_of_preferences_are_as_many_as_fit_and_those_with_the_latest_messages(chat: Chat) -> None:
    person = await chat.person("Ana")
    await chat.database.execute(
        """
        WITH room AS (
            SELECT rpad($1::text || '-' || n, 128, 'é') AS id, n FROM generate_series(1, 2500) n
        ), made AS (
            INSERT INTO chat_rooms (id, type, last_seq, last_message_at)
            SELECT id, 'group', 1, '2026-01-01'::timestamptz + n * interval '1 second' FROM room
        )
        INSERT INTO chat_members (room_id, user_id, muted_until) SELECT id, $1, now() + interval '1 day' FROM room
        """,
        person.id,
    )
    answer = await person.get("/api/notifications/preferences")
    assert MAX_BYTES // 4 < len(answer.text.encode()) <= MAX_BYTES
    numbers = {int(room_id.strip("é").rpartition("-")[2]) for room_id in answer.data["mutedRooms"]}
    assert numbers == set(range(2501 - len(numbers), 2501))


def host(chat: Chat) -> Callable[..., Awaitable[Answer]]:
    """How the host gets something."""
    return lambda path, **params: chat.admin("GET", path, params=params)


async def test_a_host_s_list_of_rooms_ends_at_its_bytes_and_goes_on(chat: Chat) -> None:
    first = await chat.person("Ana")
    await chat.database.execute(
        """
        WITH person AS (
            INSERT INTO users (id, email, role)
            SELECT rpad($1::text || '-' || n, 128, 'x'), $1 || '-' || n || '@mail.example', 'va'
            FROM generate_series(1, 400) n RETURNING id
        ), room AS (
            INSERT INTO chat_rooms (id, type) SELECT $1 || '-' || n, 'group' FROM generate_series(1, 12) n RETURNING id
        )
        INSERT INTO chat_members (room_id, user_id)
        SELECT room.id, person.id FROM room CROSS JOIN (SELECT id FROM person UNION ALL SELECT $1) person
        """,
        first.id,
    )
    found = [answer.data async for answer in pages(host(chat), "/api/admin/rooms", "cursor", memberId=first.id)]
    assert len(found) > 1
    assert {room["id"] for page in found for room in page} == {f"{first.id}-{number}" for number in range(1, 13)}
    assert all(len(room["memberIds"]) == 401 for page in found for room in page)


async def test_what_became_of_a_notice_ends_at_its_bytes_and_goes_on(chat: Chat) -> None:
    people = sorted([(await chat.person()).id for _ in range(20)])
    body = {"userIds": people, "type": "job_match", "title": "A job", "body": "Look", "sendAt": "2999-01-01T00:00:00Z"}
    notice = (await chat.admin("POST", "/api/admin/notifications", json=body)).data
    await chat.database.execute(
        "INSERT INTO notification_events (notification_id, state, reason)"
        " SELECT id, 'scheduled', repeat('x', 64) FROM notifications, generate_series(1, 200) WHERE notice_id = $1",
        notice["id"],
    )
    path = f"/api/admin/notifications/{notice['id']}"
    found = [answer.data["deliveries"] async for answer in pages(host(chat), path, "cursor", limit=100)]
    assert len(found) > 1
    assert [delivery["userId"] for page in found for delivery in page] == people
