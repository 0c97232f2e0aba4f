"""Rooms that are behind the database: each gets what it misses, whatever becomes of the others."""

import asyncio

import pytest

from hyred_chat.messages.part import MessagesPart
from hyred_chat.messages.records import EncodedMessage, MessageRecord
from hyred_chat.rooms.repository import _LOAD_STATES
from hyred_chat.rooms.state import RoomState
from tests.acceptance.client import Client
from tests.acceptance.people import Chat
from tests.integration.messages.test_statement_counts import make_rooms
from tests.integration.realtime.application import PATIENCE_SECONDS, RunningApplication
from tests.integration.rooms.test_sweep import store_elsewhere


def seqs_of(client: Client, room_id: str) -> list[int]:
    return [message["seq"] for message in client.received("new_message") if message["roomId"] == room_id]


async def test_a_room_whose_messages_cannot_be_handed_out_is_tried_again_and_holds_up_no_other(
    chat: Chat, running: RunningApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    bad, good = rooms = await make_rooms(chat, 2, company, va)
    client = await va.connect()
    for room_id in rooms:
        await client.join(room_id)
    await store_elsewhere(chat, rooms, company, 2)
    healing = running.part(MessagesPart).healing
    hand_out = healing.hold._hand_out

    def fail(state: RoomState, record: MessageRecord, encoded: EncodedMessage) -> None:
        if state.id == bad:
            raise ValueError
        hand_out(state, record, encoded)

    with monkeypatch.context() as patch:
        patch.setattr(healing.hold, "_hand_out", fail)
        for room_id in rooms:
            healing.catch_up(room_id)
        await client.wait_until(lambda: seqs_of(client, good) == [2, 3])
        assert seqs_of(client, bad) == []
    await client.wait_until(lambda: seqs_of(client, bad) == [2, 3])


async def test_more_than_one_reading_holds_is_handed_out_in_order(chat: Chat, running: RunningApplication) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    rooms = await make_rooms(chat, 3, company, va)
    client = await va.connect()
    for room_id in rooms:
        await client.join(room_id)
    await store_elsewhere(chat, rooms, company, 400)
    for room_id in rooms:
        running.part(MessagesPart).healing.catch_up(room_id)
    for room_id in rooms:
        await client.wait_until(lambda room_id=room_id: len(seqs_of(client, room_id)) == 400)  # type: ignore[misc]
        assert seqs_of(client, room_id) == list(range(2, 402))


async def test_a_suspected_room_is_looked_at_again_once_what_was_under_way_has_ended(
    chat: Chat, running: RunningApplication
) -> None:
    """A statement whose answer is not waited for any more may commit after the first look."""
    va, company = await chat.person("Ana"), await chat.person("Acme")
    rooms = await make_rooms(chat, 1, company, va)
    client = await va.connect()
    await client.join(rooms[0])
    readings = running.executed(_LOAD_STATES)
    running.part(MessagesPart).healing.suspect(rooms[0])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while running.executed(_LOAD_STATES) == readings:  # the last part of a look
            await client.catch_up()
    await store_elsewhere(chat, rooms, company, 1)
    await client.wait_until(lambda: seqs_of(client, rooms[0]) == [2])
