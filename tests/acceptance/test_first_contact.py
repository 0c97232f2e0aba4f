"""People who have not met: how many one may write to, and what the two see of one another before both have written."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acceptance.bad_input import check_refusal
from tests.acceptance.client import Client
from tests.acceptance.conftest import StartChat
from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.server import start_server

PER_HOUR = 3


@pytest.fixture(scope="module")
async def strict_chat(start_chat: StartChat) -> AsyncIterator[Chat]:
    """A server that lets people open few rooms."""
    async with start_chat(HYRED_RATE_LIMIT_NEW_ROOMS_PER_HOUR=str(PER_HOUR)) as chat:
        yield chat


@pytest.fixture
async def strict(strict_chat: Chat) -> AsyncIterator[Chat]:
    yield strict_chat
    await strict_chat.send_everybody_home()


async def open_room(caller: Person, other: Person, **fields: Any) -> Answer:
    return await caller.post("/api/chat/rooms", {"participantId": other.id, **fields})


async def open_pair(chat: Chat) -> tuple[Person, Person, str]:
    """A room that the first of the two has opened."""
    one, other = await chat.person("Ana"), await chat.person("Ben")
    return one, other, (await open_room(one, other)).data["roomId"]


async def rooms_of(person: Person) -> list[str]:
    return [room["id"] for room in (await person.get("/api/chat/rooms")).data]


async def presence_of(viewer: Person, other: Person) -> list[dict[str, Any]]:
    presences: list[dict[str, Any]] = (await viewer.get("/api/chat/presence", userIds=other.id)).data
    return presences


# --- the rate


async def test_new_rooms_have_a_rate_and_asking_for_known_ones_costs_nothing(strict: Chat) -> None:
    caller, *others = [await strict.person(f"Person {number}") for number in range(PER_HOUR + 2)]
    for other in others[:PER_HOUR]:
        assert (await open_room(caller, other)).data["existing"] is False
        assert (await open_room(caller, other)).data["existing"] is True
        assert (await open_room(other, caller)).data["existing"] is True
    refused = await open_room(caller, others[-1])
    check_refusal(refused.envelope, "rate_limited")
    assert refused.status == 429
    assert 3_500_000 < refused.envelope["details"]["retryAfterMs"] <= 3_600_000
    assert int(refused.headers["Retry-After"]) <= 3600
    assert (await open_room(caller, others[0])).data["existing"] is True
    assert (await open_room(others[-1], caller)).data["existing"] is False


async def test_the_rate_holds_however_many_ask_at_once(strict: Chat) -> None:
    caller, *others = [await strict.person(f"Person {number}") for number in range(10)]
    answers = await asyncio.gather(*(open_room(caller, other) for other in others for _ in range(2)))
    opened = {answer.data["roomId"] for answer in answers if answer.status == 200}
    assert len(opened) == PER_HOUR
    assert {answer.status for answer in answers} == {200, 429}


async def test_the_rate_is_of_an_hour_and_survives_a_restart(database_url: str) -> None:
    settings = {"HYRED_RATE_LIMIT_NEW_ROOMS_PER_HOUR": str(PER_HOUR)}
    async with start_server(database_url, **settings) as server:
        chat = await Chat.open(server)
        caller, *others = [await chat.person(f"Person {number}") for number in range(PER_HOUR + 2)]
        for other in others[:PER_HOUR]:
            await open_room(caller, other)
        await chat.close()
    async with start_server(database_url, **settings) as server:
        chat = await Chat.open(server)
        caller._chat = chat
        assert (await open_room(caller, others[-1])).status == 429
        await chat.database.execute("UPDATE chat_rooms SET created_at = created_at - interval '61 minutes'")
        assert (await open_room(caller, others[-1])).status == 200
        await chat.close()


async def test_admins_open_as_many_as_they_like_and_so_does_everybody_with_admins(strict: Chat) -> None:
    admin = await strict.person("Sam", role="admin")
    others = [await strict.person(f"Person {number}") for number in range(PER_HOUR + 2)]
    for other in others:
        assert (await open_room(admin, other)).status == 200
    caller = await strict.person("Ana")
    for other in others[:PER_HOUR]:
        await open_room(caller, other)
    assert (await open_room(caller, admin, type="support")).status == 200
    assert (await open_room(caller, admin)).status == 200


async def test_the_host_s_rooms_count_for_nobody(strict: Chat) -> None:
    caller, *others = [await strict.person(f"Person {number}") for number in range(PER_HOUR * 2)]
    for other in others:
        await strict.room(caller, other, type="direct")
    assert (await open_room(caller, await strict.person("New"))).status == 200


async def test_twenty_an_hour_by_default(chat: Chat) -> None:
    caller = await chat.person("Ana")
    others = [await chat.person(f"Person {number}") for number in range(21)]
    answers = [await open_room(caller, other) for other in others]
    assert [answer.status for answer in answers] == [200] * 20 + [429]


@pytest.mark.parametrize("roles", [("va", "company"), ("company", "va"), ("va", "va")])
async def test_a_support_room_is_with_an_admin(chat: Chat, roles: tuple[str, str]) -> None:
    one, other = [await chat.person("Somebody", role=role) for role in roles]
    answer = await open_room(one, other, type="support")
    assert (answer.status, answer.code) == (400, "bad_request")
    assert "admin" in answer.envelope["error"]
    assert await rooms_of(one) == []


# --- before both have written


async def test_an_empty_room_is_listed_for_who_opened_it_and_for_the_other_with_the_first_message(chat: Chat) -> None:
    one, other, room_id = await open_pair(chat)
    theirs = await other.connect()
    assert await rooms_of(one) == [room_id]
    assert await rooms_of(other) == []
    await theirs.catch_up()
    assert theirs.events == []
    await one.post_message(room_id, "Hello")
    assert (await theirs.wait_for("room_updated"))["id"] == room_id
    assert await rooms_of(other) == [room_id]
    assert (await other.get("/api/chat/unread-count")).data == {"count": 1, "rooms": {room_id: 1}}


async def test_an_empty_room_is_listed_for_the_other_once_they_ask_for_it_too(chat: Chat) -> None:
    one, other, room_id = await open_pair(chat)
    assert (await open_room(other, one)).data == {"roomId": room_id, "existing": True}
    assert await rooms_of(other) == await rooms_of(one) == [room_id]


async def test_an_empty_room_that_the_other_asks_for_too_arrives_at_all_of_their_sockets(chat: Chat) -> None:
    one, other, room_id = await open_pair(chat)
    mine = await one.connect()
    await mine.join(room_id)  # so that the room is in memory already
    devices = [await other.connect() for _ in range(2)]
    await open_room(other, one)
    for device in devices:
        assert (await device.wait_for("room_updated"))["id"] == room_id


async def test_an_empty_room_that_the_host_makes_is_listed_for_both(chat: Chat) -> None:
    one, other, room_id = await open_pair(chat)
    theirs = await other.connect()
    assert await chat.room(one, other, type="direct") == room_id
    assert (await theirs.wait_for("room_updated"))["id"] == room_id
    assert await rooms_of(other) == [room_id]
    assert len(await presence_of(one, other)) == 1


async def test_what_the_host_does_to_moderate_an_empty_room_shows_it_to_nobody(chat: Chat) -> None:
    one, other, room_id = await open_pair(chat)
    for status in ("blocked", "active"):
        await chat.room(one, other, type="direct", status=status)
    assert await rooms_of(other) == []
    assert await presence_of(one, other) == []
    assert await rooms_of(one) == [room_id]


async def write(one: Client, other: Client, room_id: str) -> None:
    await one.send(room_id, "Hello")
    await other.send(room_id, "Hello yourself")


async def test_presence_is_shown_once_both_have_written(chat: Chat) -> None:
    one, other, room_id = await open_pair(chat)
    mine, theirs = await one.connect(), await other.connect()
    for _ in range(2):
        assert await presence_of(one, other) == await presence_of(other, one) == []
        await mine.send(room_id, "Are you there?")
    await theirs.ask("update_status", {"status": "away"})
    await theirs.ask("update_status", {"status": "busy", "chatRoomId": room_id})
    await mine.catch_up()
    assert mine.received("presence_changed") == mine.received("user_status_updated") == []
    await theirs.send(room_id, "Yes")
    for client, shown in ((mine, other), (theirs, one)):
        changed = await client.wait_for("presence_changed")
        assert (changed["userId"], changed["online"]) == (shown.id, True)
    assert [each["status"] for each in await presence_of(one, other)] == ["busy"]
    assert len(await presence_of(other, one)) == 1


async def test_presence_is_shown_also_when_the_other_writes_first(chat: Chat) -> None:
    one, other, room_id = await open_pair(chat)
    mine = await one.connect()
    await other.post_message(room_id, "You looked at me?")
    assert await presence_of(one, other) == []
    await one.post_message(room_id, "Yes")
    assert (await mine.wait_for("presence_changed"))["userId"] == other.id


async def test_typing_is_shown_once_both_have_written(chat: Chat) -> None:
    one, other, room_id = await open_pair(chat)
    mine, theirs = await one.connect(join=room_id), await other.connect(join=room_id)
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await mine.send(room_id, "Hello")
    await theirs.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await mine.catch_up()
    await theirs.catch_up()
    assert mine.received("user_typing") == theirs.received("user_typing") == []
    await theirs.send(room_id, "Hello yourself")
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    assert (await theirs.wait_for("user_typing"))["isTyping"] is True


async def test_those_who_met_once_go_on_seeing_one_another_after_a_restart(database_url: str) -> None:
    async with start_server(database_url) as server:
        chat = await Chat.open(server)
        one, other, room_id = await open_pair(chat)
        await write(await one.connect(), await other.connect(), room_id)
        await chat.close()
    async with start_server(database_url) as server:
        chat = await Chat.open(server)
        one._chat = chat
        assert len(await presence_of(one, other)) == 1
        await chat.close()


async def test_a_room_that_the_host_made_and_a_group_show_presence_at_once(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    assert len(await presence_of(va, company)) == 1
    one, other = await chat.person("Ana"), await chat.person("Ben")
    await chat.room(one, other)
    assert len(await presence_of(one, other)) == 1


async def test_people_who_are_found_by_name_show_no_presence(chat: Chat) -> None:
    one, other = await chat.person("Ana"), await chat.person("Zacharias Findable")
    await other.connect()
    [found] = (await one.get("/api/users", query="Zacharias Findable")).data
    assert found.keys() == {"id", "name", "avatar", "role"}
