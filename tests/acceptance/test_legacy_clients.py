"""Clients of the first design: every message twice, over the socket and as a REST backup, without an id of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from tests.acceptance.client import Client
from tests.acceptance.conftest import StartChat
from tests.acceptance.files import ready_file
from tests.acceptance.people import Chat, Person


@pytest.fixture(scope="module")
async def chat_without_backups(start_chat: StartChat) -> AsyncIterator[Chat]:
    """A host whose clients are all new has switched it off."""
    async with start_chat(HYRED_LEGACY_BACKUP_SENDS="false") as chat:
        yield chat


async def send_by(doors: str, sender: Person, client: Client, room_id: str) -> Sequence[int]:
    """The same content by socket (S) or REST (R), one after another: the seqs of the acknowledgements."""
    answers = [
        await (client.send(room_id, "Hello") if door == "S" else sender.post_message(room_id, "Hello"))
        for door in doors
    ]
    return [answer["seq"] for answer in answers]


@pytest.mark.parametrize(
    ("doors", "expected"),
    [
        ("SR", [1, 1]),
        ("RS", [1, 1]),
        ("SS", [1, 2]),
        ("RR", [1, 2]),
        ("SSRR", [1, 2, 1, 2]),
        ("RRSS", [1, 2, 1, 2]),
        ("SRSR", [1, 1, 2, 2]),
        ("RSRS", [1, 1, 2, 2]),
        ("SRRS", [1, 1, 2, 2]),
        ("SSR", [1, 2, 1]),
        ("SRR", [1, 1, 2]),
        ("SRS", [1, 1, 2]),
    ],
)
async def test_the_other_way_s_copy_is_the_backup_and_the_same_way_s_is_a_second_message(
    chat: Chat, doors: str, expected: list[int]
) -> None:
    va, company, room_id = await chat.pair()
    client, theirs = await va.connect(), await company.connect(join=room_id)
    assert await send_by(doors, va, client, room_id) == expected
    await company.post_message(room_id, "Thanks")
    await theirs.wait_for("new_message", lambda message: message["content"] == "Thanks")
    assert len(theirs.received("new_message")) == max(expected) + 1
    assert await chat.count_messages(room_id) == max(expected) + 1


async def test_both_copies_at_once_are_one_message_with_one_acknowledgement(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect()
    for number in range(10):
        content = f"Number {number}"
        sent, posted = await asyncio.gather(client.send(room_id, content), va.post_message(room_id, content))
        assert sent == posted
        assert sent["seq"] == number + 1
    assert await chat.count_messages(room_id) == 10


async def test_a_backup_is_known_by_sender_room_and_content(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    other_room = await chat.room(va, company)
    client, theirs = await va.connect(), await company.connect()
    await client.send(room_id, "Hello")
    assert (await theirs.send(room_id, "Hello"))["seq"] == 2
    assert (await va.post_message(other_room, "Hello"))["seq"] == 1
    assert (await va.post_message(room_id, "Hello!"))["seq"] == 3
    assert (await va.post_message(room_id, "hello"))["seq"] == 4
    assert (await va.post_message(room_id, " Hello\n"))["seq"] == 1


@pytest.mark.parametrize(("first_id", "second_id"), [("c-1", None), (None, "c-1"), ("c-1", "c-2")])
async def test_a_message_with_an_id_of_its_own_is_nobody_s_backup(
    chat: Chat, first_id: str | None, second_id: str | None
) -> None:
    va, _, room_id = await chat.pair()
    await (await va.connect()).send(room_id, "Hello", clientMessageId=first_id)
    assert (await va.post_message(room_id, "Hello", clientMessageId=second_id))["seq"] == 2


@pytest.mark.parametrize("doors", ["SR", "RS"])
@pytest.mark.parametrize("what", ["an answer", "a file", "a mention"])
async def test_an_answer_or_a_file_or_a_mention_is_nobody_s_backup(chat: Chat, what: str, doors: str) -> None:
    """Clients of the first design send none of these, and a file that was taken for a copy would be lost."""
    va, company, room_id = await chat.pair()
    client = await va.connect()
    first = await company.post_message(room_id, "Can you send it?")
    sent = []
    for door in doors:
        fields: dict[str, Any] = {"replyTo": first["id"]}
        if what == "a file":
            fields = {"attachments": [await ready_file(chat, va, room_id, door.encode())]}
        elif what == "a mention":
            fields = {"mentions": [company.id]}
        send = client.send if door == "S" else va.post_message
        sent.append(await send(room_id, "Here", **fields))
    # Nor is the same without it.
    sent.append(await client.send(room_id, "Here"))
    assert [message["seq"] for message in sent] == [2, 3, 4]
    assert len({message["id"] for message in sent}) == 3
    assert await chat.count_messages(room_id) == 4
    if what == "a file":
        assert len({each["id"] for message in sent for each in message["attachments"]}) == 2


async def test_the_backup_of_a_refused_message_is_refused_too(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await chat.room(va, company, type="direct", status="blocked")
    client = await va.connect()
    assert (await client.call("send_message", {"chatRoomId": room_id, "content": "Hello"}))["code"] == "room_blocked"
    answer = await va.post(f"/api/chat/rooms/{room_id}/messages", {"content": "Hello"})
    assert answer.code == "room_blocked"
    await chat.room(va, company, type="direct", status="active")
    assert await send_by("SR", va, client, room_id) == [1, 1]


async def test_switched_off_every_copy_is_a_message(chat_without_backups: Chat) -> None:
    va, _, room_id = await chat_without_backups.pair()
    assert await send_by("SRSR", va, await va.connect(), room_id) == [1, 2, 3, 4]


async def test_a_client_of_the_first_design_holds_a_conversation(chat: Chat) -> None:
    """The events and routes that it knows, in the order in which it uses them, without acknowledgements."""
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Are you free?")
    rooms = (await va.get("/api/chat/rooms")).data
    assert (rooms[0]["id"], rooms[0]["unreadCount"], rooms[0]["otherParticipant"]["name"]) == (room_id, 1, "Acme")
    mine, theirs = await va.connect(transports=["polling", "websocket"]), await company.connect(join=room_id)
    await mine.emit("join_chat", {"chatRoomId": room_id})
    history = await mine.wait_for("chat_history")
    await mine.emit("mark_message_read", {"messageId": history[0]["id"]})
    assert (await theirs.wait_for("message_read"))["messageId"] == history[0]["id"]
    await mine.emit("typing", {"chatRoomId": room_id, "isTyping": True})
    assert (await theirs.wait_for("user_typing"))["isTyping"] is True
    await mine.emit("send_message", {"chatRoomId": room_id, "content": "Yes!"})
    await va.post_message(room_id, "Yes!")
    assert (await theirs.wait_for("new_message"))["content"] == "Yes!"
    await mine.emit("update_status", {"status": "away"})
    assert (await theirs.wait_for("user_status_updated"))["status"] == "away"
    older = await va.history(room_id, before=history[0]["createdAt"])
    assert older == []
    assert await chat.count_messages(room_id) == 2
