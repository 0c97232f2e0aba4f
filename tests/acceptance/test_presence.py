"""Who is here, and what they say they are doing: told to those who share a room, and to nobody else."""

import asyncio
from typing import Any

import pytest

from tests.acceptance.client import Client
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_moment


async def presence_of(viewer: Person, *others: Person) -> list[dict[str, Any]]:
    user_ids = ",".join(other.id for other in others)
    presences: list[dict[str, Any]] = (await viewer.get("/api/chat/presence", userIds=user_ids)).data
    return presences


async def wait_for_presence(client: Client, person: Person, *, online: bool) -> dict[str, Any]:
    changed: dict[str, Any] = await client.wait_for(
        "presence_changed", lambda each: (each["userId"], each["online"]) == (person.id, online)
    )
    return changed


async def test_those_who_share_a_room_see_who_comes(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    theirs = await company.connect()
    await va.connect()
    changed = await wait_for_presence(theirs, va, online=True)
    assert changed.keys() == {"userId", "online", "lastSeenAt"}
    check_moment(changed["lastSeenAt"])


async def test_offline_shows_within_five_seconds_and_not_for_a_reload(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    theirs = await company.connect()
    mine = await va.connect()
    await wait_for_presence(theirs, va, online=True)
    await mine.disconnect()
    again = await va.connect()
    await again.catch_up()
    left = asyncio.get_running_loop().time()
    await again.disconnect()
    changed = await wait_for_presence(theirs, va, online=False)
    assert asyncio.get_running_loop().time() - left < 5.0
    check_moment(changed["lastSeenAt"])
    about_me = [each["online"] for each in theirs.received("presence_changed") if each["userId"] == va.id]
    assert about_me == [True, False]
    [presence] = await presence_of(company, va)
    assert presence == {"userId": va.id, "online": False, "status": "offline", "lastSeenAt": changed["lastSeenAt"]}


async def test_one_of_several_sockets_may_go_unnoticed(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    theirs = await company.connect()
    first, second = await va.connect(), await va.connect()
    await wait_for_presence(theirs, va, online=True)
    await first.disconnect()
    third = await (await chat.pair())[0].connect()
    await second.ask("update_status", {"status": "away"})
    await third.catch_up()
    [presence] = await presence_of(company, va)
    assert (presence["online"], presence["status"]) == (True, "away")
    assert [each["online"] for each in theirs.received("presence_changed") if each["userId"] == va.id] == [True]


async def test_strangers_are_told_nothing_and_can_ask_nothing(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    stranger = await chat.person("Eve")
    watching, theirs = await stranger.connect(), await company.connect()
    mine = await va.connect()
    await wait_for_presence(theirs, va, online=True)
    await mine.ask("update_status", {"status": "busy"})
    await mine.ask("update_status", {"status": "away", "chatRoomId": room_id})
    await watching.catch_up()
    assert watching.events == []
    assert await presence_of(stranger, va, company) == []


async def test_presence_of_several_people_in_the_order_asked_for_without_strangers(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    stranger = await chat.person("Eve")
    await va.connect()
    await stranger.connect()
    presences = await presence_of(company, stranger, va, company)
    assert [presence["userId"] for presence in presences] == [va.id, company.id]
    assert [presence["online"] for presence in presences] == [True, False]
    repeated = await company.get(f"/api/chat/presence?userIds={va.id}&userIds={company.id}&userIds={va.id}")
    assert [presence["userId"] for presence in repeated.data] == [va.id, company.id]


async def test_somebody_who_never_was_here_has_no_last_seen(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    assert await presence_of(company, va) == [
        {"userId": va.id, "online": False, "status": "offline", "lastSeenAt": None}
    ]


@pytest.mark.parametrize("status", ["online", "away", "busy", "offline"])
async def test_a_status_for_a_room_is_told_to_the_room(chat: Chat, status: str) -> None:
    va, company, room_id = await chat.pair()
    theirs, mine = await company.connect(join=room_id), await va.connect(join=room_id)
    data = await mine.ask("update_status", {"status": status, "chatRoomId": room_id})
    assert data == {"userId": va.id, "status": status}
    update = await theirs.wait_for("user_status_updated")
    assert update == {"userId": va.id, "status": status, "chatRoomId": room_id}


@pytest.mark.parametrize("status", ["online", "away", "busy", "offline"])
async def test_a_status_without_a_room_is_told_to_all_who_share_one(chat: Chat, status: str) -> None:
    va, company, _ = await chat.pair()
    friend = await chat.person("Finn")
    await chat.room(va, friend, company)
    watching = [await company.connect(), await friend.connect()]
    await (await va.connect()).ask("update_status", {"status": status})
    for client in watching:
        assert await client.wait_for("user_status_updated") == {"userId": va.id, "status": status}
        await client.catch_up()
        assert len(client.received("user_status_updated")) == 1
    [presence] = await presence_of(company, va)
    assert (presence["status"], presence["online"]) == (status, status != "offline")


async def test_who_chooses_offline_is_shown_as_offline_until_they_choose_otherwise(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    theirs, mine = await company.connect(), await va.connect()
    await wait_for_presence(theirs, va, online=True)
    await mine.ask("update_status", {"status": "offline"})
    await wait_for_presence(theirs, va, online=False)
    await va.connect()
    [presence] = await presence_of(company, va)
    assert (presence["online"], presence["status"]) == (False, "offline")
    await mine.ask("update_status", {"status": "online"})
    await wait_for_presence(theirs, va, online=True)


async def test_a_status_ends_with_the_visit(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    theirs, mine = await company.connect(), await va.connect()
    await mine.ask("update_status", {"status": "busy"})
    await mine.disconnect()
    await wait_for_presence(theirs, va, online=False)
    await va.connect()
    await wait_for_presence(theirs, va, online=True)
    [presence] = await presence_of(company, va)
    assert presence["status"] == "online"


async def test_only_members_may_show_a_status_to_a_room(chat: Chat) -> None:
    _, company, room_id = await chat.pair()
    theirs, stranger = await company.connect(join=room_id), await (await chat.person("Eve")).connect()
    envelope = await stranger.call("update_status", {"status": "away", "chatRoomId": room_id})
    assert envelope["code"] == "access_denied"
    await theirs.catch_up()
    assert theirs.received("user_status_updated") == []
