"""`sync`: all that was missed, for any age of gap, by socket and by REST."""

import asyncio
from typing import Any

import pytest

from tests.acceptance.client import Client
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import as_seen_by, check_message, seqs


async def sync_by(way: str, person: Person, rooms: dict[str, int]) -> Any:
    """The same by either way."""
    if way == "rest":
        return (await person.post("/api/chat/sync", {"rooms": rooms})).data
    return await (await person.connect()).ask("sync", {"rooms": rooms})


async def catch_up(client: Client, rooms: dict[str, int]) -> dict[str, list[int]]:
    """Ask until there is no more, going on from the last message received."""
    known, got = dict(rooms), {room_id: list[int]() for room_id in rooms}
    while True:
        answer = await client.ask("sync", {"rooms": known})
        for room in answer["rooms"]:
            got[room["roomId"]] += seqs(room["messages"])
            known[room["roomId"]] = max([known[room["roomId"]], *seqs(room["messages"])])
        if not answer["more"]:
            return got


@pytest.mark.parametrize("way", ["socket", "rest"])
async def test_sync_brings_all_after_what_one_has_and_everybody_s_positions(chat: Chat, way: str) -> None:
    va, company, room_id = await chat.pair()
    sent = [await company.post_message(room_id, f"Number {number}") for number in range(3)]
    await (await va.connect()).ask("mark_delivered", {"chatRoomId": room_id, "seq": 2})
    answer = await sync_by(way, va, {room_id: 1})
    assert answer == {
        "rooms": [
            {
                "roomId": room_id,
                "messages": [
                    as_seen_by(sent[1], va.id) | {"status": "delivered"},
                    as_seen_by(sent[2], va.id) | {"status": "sent"},
                ],
                "lastSeq": 3,
                "cursors": {
                    va.id: {"lastReadSeq": 0, "lastDeliveredSeq": 2},
                    company.id: {"lastReadSeq": 3, "lastDeliveredSeq": 3},
                },
                "reload": False,
            }
        ],
        "more": False,
    }
    for message in answer["rooms"][0]["messages"]:
        check_message(message)


@pytest.mark.parametrize("way", ["socket", "rest"])
async def test_sync_of_nothing_is_nothing(chat: Chat, way: str) -> None:
    va, _, room_id = await chat.pair()
    assert await sync_by(way, va, {}) == {"rooms": [], "more": False}
    [room] = (await sync_by(way, va, {room_id: 0}))["rooms"]
    assert (room["messages"], room["lastSeq"], room["reload"]) == ([], 0, False)


async def test_sync_of_a_gap_of_any_size_goes_on_until_there_is_no_more(chat: Chat) -> None:
    va, _, large = await chat.filled_pair(1203)
    client = await va.connect()
    first = await client.ask("sync", {"rooms": {large: 0}})
    assert first["more"] is True
    assert first["rooms"][0]["lastSeq"] == 1203
    assert await catch_up(client, {large: 0}) == {large: list(range(1, 1204))}


async def test_sync_of_several_rooms_shares_its_bound_and_loses_none(chat: Chat) -> None:
    va, company, first = await chat.filled_pair(450)
    second, third = await chat.room(va, company), await chat.room(va, company)
    for number in range(3):
        await company.post_message(second, f"Number {number}")
    got = await catch_up(await va.connect(), {first: 2, second: 1, third: 0})
    assert got == {first: list(range(3, 451)), second: [2, 3], third: []}


async def test_sync_leaves_out_rooms_that_one_is_not_in(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    _, stranger, room_of_others = await chat.pair()
    await stranger.post_message(room_of_others, "Between us")
    await company.post_message(room_id, "Hello")
    answer = await (await va.connect()).ask("sync", {"rooms": {room_of_others: 0, room_id: 0, "no-such-room": 3}})
    assert [room["roomId"] for room in answer["rooms"]] == [room_id]
    assert answer["more"] is False


async def test_a_client_that_has_more_than_there_is_is_told_to_reload(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Hello")
    answer = await (await va.connect()).ask("sync", {"rooms": {room_id: 7}})
    assert [(room["reload"], room["lastSeq"], room["messages"]) for room in answer["rooms"]] == [(True, 1, [])]
    assert answer["more"] is False


async def test_sync_and_live_events_together_lose_nothing(chat: Chat) -> None:
    """Whoever joins, and then asks for what they missed, has everything, however many are sent meanwhile."""
    va, company, room_id = await chat.pair()
    sender = await company.connect()
    sending = asyncio.gather(*(sender.send(room_id, f"Number {number}") for number in range(50)))
    client = await va.connect(join=room_id)
    synced = await catch_up(client, {room_id: 0})
    await sending
    await client.catch_up()
    live = seqs(client.received("new_message"))
    assert sorted({*synced[room_id], *live}) == list(range(1, 51))
    assert live == sorted(live)


async def test_a_thousand_rooms_can_be_asked_for_at_once(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Hello")
    rooms = {f"no-such-room-{number}": 0 for number in range(999)} | {room_id: 0}
    answer = await (await va.connect()).ask("sync", {"rooms": rooms})
    assert seqs(answer["rooms"][0]["messages"]) == [1]
