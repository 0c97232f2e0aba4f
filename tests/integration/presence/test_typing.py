"""Typing, with less patience than in production."""

import asyncio

import pytest

from hyred_chat.presence import typing
from tests.acceptance.people import Chat

TIMEOUT_SECONDS = 0.2


async def test_a_refresh_keeps_it_up(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typing, "TIMEOUT_SECONDS", TIMEOUT_SECONDS)
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    clock = asyncio.get_running_loop().time
    started = clock()
    while clock() - started < 3 * TIMEOUT_SECONDS:
        await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await theirs.catch_up()
    assert [each["isTyping"] for each in theirs.received("user_typing")] == [True]
    await theirs.wait_for("user_typing", lambda each: not each["isTyping"])
    assert len(theirs.received("user_typing")) == 2


async def test_each_room_has_its_own(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typing, "TIMEOUT_SECONDS", TIMEOUT_SECONDS)
    va, company, first = await chat.pair()
    second = await chat.room(va, company)
    mine, theirs = await va.connect(), await company.connect(join=first)
    await theirs.join(second)
    await mine.ask("typing", {"chatRoomId": first, "isTyping": True})
    await mine.ask("typing", {"chatRoomId": second, "isTyping": True})
    await mine.ask("typing", {"chatRoomId": first, "isTyping": False})
    ended = await theirs.wait_for("user_typing", lambda each: not each["isTyping"])
    assert ended["chatRoomId"] == first
    ended = await theirs.wait_for("user_typing", lambda each: not each["isTyping"])
    assert ended["chatRoomId"] == second


async def test_in_a_large_room_those_alone_are_told_who_have_joined(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
    room_id = await chat.room(*people, title="Three")
    mine, joined = [await person.connect(join=room_id) for person in people[:2]]
    listing = await people[2].connect()
    await listing.ask("sync", {"rooms": {}})  # clients of the first design are never told of rooms in their list
    monkeypatch.setattr(typing, "MAX_LISTED_MEMBERS", 2)
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await joined.wait_for("user_typing")
    await listing.catch_up()
    assert listing.received("user_typing") == []
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": False})
    monkeypatch.setattr(typing, "MAX_LISTED_MEMBERS", 3)
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await listing.wait_for("user_typing")
