"""`typing`: told to the others in the room, and over by itself."""

import asyncio

from tests.acceptance.client import Client
from tests.acceptance.people import Chat


def typed(room_id: str, user_id: str, *, is_typing: bool) -> dict[str, object]:
    return {"chatRoomId": room_id, "userId": user_id, "isTyping": is_typing}


async def wait_for_end(client: Client, room_id: str, user_id: str) -> None:
    """Sooner than it would end by itself."""
    async with asyncio.timeout(3):
        assert await client.wait_for("user_typing") == typed(room_id, user_id, is_typing=False)


async def test_the_others_in_the_room_see_who_is_typing(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, my_other = await va.connect(join=room_id), await va.connect(join=room_id)
    inside, outside = await company.connect(join=room_id), await company.connect()
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    assert await inside.wait_for("user_typing") == typed(room_id, va.id, is_typing=True)
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": False})
    assert await inside.wait_for("user_typing") == typed(room_id, va.id, is_typing=False)
    for client in (mine, my_other, outside):
        await client.catch_up()
        assert client.received("user_typing") == []


async def test_a_list_of_conversations_sees_who_is_typing_without_joining(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, listing, first_design = await va.connect(join=room_id), await company.connect(), await company.connect()
    await listing.ask("sync", {"rooms": {}})  # an event that the first design did not have
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    assert await listing.wait_for("user_typing") == typed(room_id, va.id, is_typing=True)
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": False})
    assert await listing.wait_for("user_typing") == typed(room_id, va.id, is_typing=False)
    await first_design.catch_up()
    assert first_design.received("user_typing") == []


async def test_a_refresh_is_not_told_again_and_neither_is_an_end_without_a_beginning(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    for is_typing in (False, True, True, True, False, False):
        await mine.ask("typing", {"chatRoomId": room_id, "isTyping": is_typing})
    await theirs.catch_up()
    assert [each["isTyping"] for each in theirs.received("user_typing")] == [True, False]


async def test_who_joins_later_is_told_who_is_typing(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect()
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await theirs.join(room_id)
    assert await theirs.wait_for("user_typing") == typed(room_id, va.id, is_typing=True)
    my_other = await va.connect(join=room_id)
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": False})
    await wait_for_end(theirs, room_id, va.id)
    again = await company.connect(join=room_id)
    for client in (my_other, again):
        await client.catch_up()
        assert client.received("user_typing") == []


async def test_typing_ends_by_itself_after_six_seconds_without_a_refresh(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    clock = asyncio.get_running_loop().time
    started = clock()
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await theirs.wait_for("user_typing")
    assert await theirs.wait_for("user_typing") == typed(room_id, va.id, is_typing=False)
    assert 5.9 < clock() - started < 7.0


async def test_sending_ends_typing(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    mine = await va.connect(join=room_id)
    for send in (mine.send, va.post_message):
        await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
        await theirs.wait_for("user_typing", lambda each: each["isTyping"])
        await send(room_id, f"By {send.__name__}")
        await wait_for_end(theirs, room_id, va.id)


async def test_disconnecting_and_leaving_end_typing(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    for number in range(2):
        mine = await va.connect(join=room_id)
        await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
        await theirs.wait_for("user_typing", lambda each: each["isTyping"])
        await (mine.disconnect() if number else mine.ask("leave_chat", {"chatRoomId": room_id}))
        await wait_for_end(theirs, room_id, va.id)


async def test_typing_ends_with_the_socket_that_typed_though_another_stays(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    phone, desk = await va.connect(join=room_id), await va.connect(join=room_id)
    await phone.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await theirs.wait_for("user_typing")
    await phone.disconnect()
    await wait_for_end(theirs, room_id, va.id)
    await desk.catch_up()
    assert desk.received("user_typing") == []


async def test_only_members_may_type(chat: Chat) -> None:
    _, company, room_id = await chat.pair()
    theirs = await company.connect(join=room_id)
    stranger = await (await chat.person("Eve")).connect()
    envelope = await stranger.call("typing", {"chatRoomId": room_id, "isTyping": True})
    assert envelope["code"] == "access_denied"
    await theirs.catch_up()
    assert theirs.received("user_typing") == []
