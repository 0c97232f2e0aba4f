"""Changes of messages that two processes store: in one order, once, wherever one looks."""

import asyncio
from typing import Any

from tests.acceptance.client import Client
from tests.acceptance.nodes import TwoNodes


def state_of(client: Client) -> dict[str, dict[str, Any]]:
    """What a client that applies every event has, by the ids of messages."""
    state: dict[str, dict[str, Any]] = {}
    for received in client.events:
        if received.event == "new_message":
            state.setdefault(received.payload["id"], received.payload)
        elif received.event == "message_changed":
            state[received.payload["message"]["id"]] = received.payload["message"]
    return state


def without_status(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Statuses are told by receipts."""
    return [message | {"status": ""} for message in messages]


async def test_changes_of_one_process_appear_at_the_other_s_sockets_in_order(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    here, there = await va.connect(join=room_id), await nodes.connect(company, join=room_id)
    message = await here.send(room_id, "One")
    for number in range(10):
        await here.ask("edit_message", {"messageId": message["id"], "content": f"Edit {number}"})
    await here.ask("react", {"messageId": message["id"], "emoji": "👍", "on": True})
    event = await there.wait_for("message_changed", lambda event: event["change"] == 11)
    assert event["message"]["content"] == "Edit 9"
    changes = [each["change"] for each in there.received("message_changed")]
    assert changes == sorted(set(changes))
    await here.ask("delete_message", {"messageId": message["id"]})
    room = await there.wait_for("room_updated", lambda room: room["lastChange"] == 12)
    assert (room["unreadCount"], room["lastMessage"]["deletedAt"] is not None) == (0, True)
    assert (await nodes.listed(company, room_id))["unreadCount"] == 0


async def test_both_processes_change_at_once_and_everybody_has_the_same_in_the_end(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    clients = [await va.connect(join=room_id), await nodes.connect(company, join=room_id)]
    messages = [await clients[number % 2].send(room_id, f"Number {number}") for number in range(6)]
    for client in clients:
        await client.wait_for("new_message", lambda message: message["seq"] == 6)

    async def change(place: int) -> None:
        client = clients[place]
        for turn in range(15):
            mine = messages[(2 * turn + place) % 6]["id"]
            await client.ask("edit_message", {"messageId": mine, "content": f"By {place} in {turn}"})
            other = messages[turn % 6]["id"]
            await client.ask("react", {"messageId": other, "emoji": "👍", "on": turn % 3 != 0})
            await client.ask("pin_message", {"messageId": other, "on": turn % 2 == 0})

    await asyncio.gather(change(0), change(1))
    # A process may not have found all of them yet.
    last_change = await nodes.chat.database.fetchval("SELECT last_change FROM chat_rooms WHERE id = $1", room_id)
    for person, client in zip((va, company), clients, strict=True):
        await client.wait_until(
            lambda client=client: any(each["change"] == last_change for each in client.received("message_changed"))  # type: ignore[misc]
        )
        changes = [each["change"] for each in client.received("message_changed")]
        assert changes == sorted(set(changes))
        fetched = without_status(await person.history(room_id))
        assert without_status(sorted(state_of(client).values(), key=lambda each: each["seq"])) == fetched
    pinned = (await va.room(room_id))["pinned"]
    for client in clients:  # a busy room is announced now and then, and then as it is in the end
        room = await client.wait_for("room_updated", lambda room: room["lastChange"] == last_change)
        assert room["pinned"] == pinned
    assert (await nodes.get(company, f"/api/chat/rooms/{room_id}"))["pinned"] == pinned
