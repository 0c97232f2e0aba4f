"""`GET /api/chat/rooms/{id}/messages`: pages that skip nothing and repeat nothing, by seq and by time."""

import asyncio
from typing import Any

import pytest

from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_message, seqs


async def pages_before(reader: Person, room_id: str, *, by: str, limit: int) -> list[list[int]]:
    """From the newest page to the oldest, each by the oldest message of the page after it."""
    pages: list[list[int]] = []
    params: dict[str, Any] = {}
    while messages := await reader.history(room_id, limit=limit, **params):
        pages.append(seqs(messages))
        params = {"before": messages[0][by]}
    return pages


async def test_a_page_is_fifty_messages_oldest_first(chat: Chat) -> None:
    va, _, room_id = await chat.filled_pair(60)
    answer = await va.get(f"/api/chat/rooms/{room_id}/messages")
    assert seqs(answer.data) == list(range(11, 61))
    assert answer.next_cursor == "11"
    for message in answer.data:
        check_message(message)


@pytest.mark.parametrize("limit", [1, 7, 100])
async def test_limit_is_one_to_a_hundred(chat: Chat, limit: int) -> None:
    va, _, room_id = await chat.filled_pair(120)
    assert seqs(await va.history(room_id, limit=limit)) == list(range(121 - limit, 121))


@pytest.mark.parametrize("by", ["seq", "createdAt"])
async def test_paging_back_skips_nothing_and_repeats_nothing(chat: Chat, by: str) -> None:
    va, _, room_id = await chat.filled_pair(25)
    pages = await pages_before(va, room_id, by=by, limit=10)
    assert pages == [list(range(16, 26)), list(range(6, 16)), list(range(1, 6))]


@pytest.mark.parametrize("by", ["seq", "createdAt"])
async def test_paging_is_exact_through_messages_that_came_all_at_once(chat: Chat, by: str) -> None:
    va, company, room_id = await chat.pair()
    client = await va.connect()
    await asyncio.gather(*(client.send(room_id, f"Number {number}") for number in range(50)))
    pages = await pages_before(company, room_id, by=by, limit=3)
    assert [seq for page in reversed(pages) for seq in page] == list(range(1, 51))


async def test_paging_back_is_exact_while_new_messages_come(chat: Chat) -> None:
    va, company, room_id = await chat.filled_pair(20)
    client = await company.connect()
    read: list[int] = []
    before = 21
    while before > 1:
        page, _ = await asyncio.gather(va.history(room_id, before=before, limit=3), client.send(room_id, "Meanwhile"))
        read = seqs(page) + read
        before = read[0]
    assert read == list(range(1, 21))


async def test_paging_forward_goes_on_after_a_seq(chat: Chat) -> None:
    va, _, room_id = await chat.filled_pair(25)
    read: list[list[int]] = []
    cursor = "0"
    while cursor:
        answer = await va.get(f"/api/chat/rooms/{room_id}/messages", after=cursor, limit=10)
        read.append(seqs(answer.data))
        cursor = answer.next_cursor or ""
    assert read == [list(range(1, 11)), list(range(11, 21)), list(range(21, 26))]


async def test_the_cursor_is_null_on_the_last_page(chat: Chat) -> None:
    va, _, empty_room_id = await chat.pair()
    assert (await va.get(f"/api/chat/rooms/{empty_room_id}/messages")).next_cursor is None
    va, _, room_id = await chat.filled_pair(10)
    for params in ({"limit": 10}, {"before": 5}, {"after": 5}, {"after": 10}, {"before": 1}):
        assert (await va.get(f"/api/chat/rooms/{room_id}/messages", **params)).next_cursor is None
    answer = await va.get(f"/api/chat/rooms/{room_id}/messages", limit=4)
    assert answer.next_cursor == "7"
    assert seqs(await va.history(room_id, before=answer.next_cursor, limit=4)) == [3, 4, 5, 6]


@pytest.mark.parametrize("before", ["0", "1", "2000-01-01T00:00:00Z", "2000-01-01", "2000-01-01T00:00:00.000000"])
async def test_before_the_beginning_there_is_nothing(chat: Chat, before: str) -> None:
    va, _, room_id = await chat.filled_pair(3)
    assert await va.history(room_id, before=before) == []


@pytest.mark.parametrize("before", ["4", "9007199254740991", "2999-01-01T00:00:00Z", "2999-01-01T00:00:00+02:00"])
async def test_before_the_future_there_is_all(chat: Chat, before: str) -> None:
    va, _, room_id = await chat.filled_pair(3)
    assert seqs(await va.history(room_id, before=before)) == [1, 2, 3]


@pytest.mark.parametrize("after", [3, 4, 2**53 - 1])
async def test_after_the_end_there_is_nothing(chat: Chat, after: int) -> None:
    va, _, room_id = await chat.filled_pair(3)
    assert await va.history(room_id, after=after) == []


async def test_everybody_reads_the_same_but_for_is_own(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await va.post_message(room_id, "From Ana")
    await company.post_message(room_id, "From Acme")
    mine, theirs = await va.history(room_id), await company.history(room_id)
    assert [message["isOwn"] for message in mine] == [True, False]
    assert [message["isOwn"] for message in theirs] == [False, True]
    assert [message | {"isOwn": None} for message in mine] == [message | {"isOwn": None} for message in theirs]


async def test_messages_of_somebody_who_left_keep_their_name(chat: Chat) -> None:
    va, company, former = await chat.person("Ana"), await chat.person("Acme"), await chat.person("Finn")
    room_id = await chat.room(va, company, former)
    await former.post_message(room_id, "Goodbye")
    await chat.save_room([va, company], id=room_id, type="group")
    joined = await (await va.connect()).join(room_id)
    for messages in (joined.history, await va.history(room_id), await company.history(room_id)):
        assert messages[0]["sender"] == {"id": former.id, "name": "Finn", "avatar": None, "role": "va"}


async def test_a_new_name_and_picture_show_in_old_messages(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await company.connect(join=room_id)
    await va.post_message(room_id, "Hello")
    await chat.provision(va, name="Ana María", avatar="https://pictures.example/ana.png")
    await client.wait_for("room_updated", lambda room: room["otherParticipant"]["name"] == "Ana María")
    sender = (await company.history(room_id))[0]["sender"]
    assert sender == {"id": va.id, "name": "Ana María", "avatar": "https://pictures.example/ana.png", "role": "va"}


async def test_history_is_for_members_only(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    await va.post_message(room_id, "Between us")
    answer = await (await chat.person("Eve")).get(f"/api/chat/rooms/{room_id}/messages")
    assert (answer.status, answer.code) == (403, "access_denied")
