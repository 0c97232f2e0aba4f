"""Nothing is kept of people who are gone: a server that runs for a year holds what it holds after an hour."""

import asyncio
import gc
from weakref import ref

from hyred_chat.messages.part import MessagesPart
from hyred_chat.presence.part import PresencePart
from hyred_chat.rooms.part import RoomsPart
from tests.acceptance.people import Chat
from tests.integration.realtime.application import RunningApplication


async def make_a_visit(chat: Chat, status: str) -> None:
    """Everything that somebody can do in one."""
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(), await company.connect(join=room_id)
    await mine.join(room_id)
    await mine.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await mine.ask("update_status", {"status": status})
    message = await mine.send(room_id, "Hello", clientMessageId="c-1")
    await va.post_message(room_id, "Hello, without an id")
    await theirs.ask("mark_message_read", {"messageId": message["id"]})
    await mine.emit("no_such_event")
    await mine.disconnect()
    back = await va.connect()
    await back.ask("sync", {"rooms": {room_id: 0}})
    await back.disconnect()
    await theirs.disconnect()


async def test_nothing_is_kept_of_who_is_gone(chat: Chat, running: RunningApplication) -> None:
    for status in ("busy", "offline"):
        await make_a_visit(chat, status)
    application = running.application
    presence, typing = running.part(PresencePart).presence, running.part(PresencePart).typing
    hub = presence._hub
    async with asyncio.timeout(10):
        while application.sockets.session_count or presence._leaving or presence._changed:
            await chat.http.get("/api/health/live")
        while presence._last_seen:
            await chat.http.get("/api/health/live")
    assert not presence._online
    assert not presence._chosen
    assert not hub._by_user
    assert not hub.namespace.sockets
    assert not typing._typing
    assert not typing._by_socket
    assert not running.part(RoomsPart).announcements._due
    assert not running.part(MessagesPart).messages._under_way


async def test_sockets_are_freed_as_they_go_without_the_garbage_collector(
    chat: Chat, running: RunningApplication
) -> None:
    """It looks rarely on purpose, and meanwhile memory would grow."""
    va, company, room_id = await chat.pair()
    namespace = running.application.sockets.namespace()
    gc.disable()
    try:
        for person in (va, company):
            client = await person.connect(join=room_id)
            await client.send(room_id, "Hello")
            await client.ask("typing", {"chatRoomId": room_id, "isTyping": True})
            await client.call("join_chat", {"chatRoomId": "nowhere"})
        sockets = [ref(socket) for socket in namespace.sockets.values()]
        assert len(sockets) == 2
        await chat.send_everybody_home()
        async with asyncio.timeout(10):
            while any(socket() is not None for socket in sockets):
                await chat.http.get("/api/health/live")
    finally:
        gc.enable()
