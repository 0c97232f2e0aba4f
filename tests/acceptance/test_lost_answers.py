"""Committed, and the answer of the database was lost: memory catches up and people are told, asked again or not."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.acceptance.client import Client
from tests.acceptance.failures import chat_on, connect, database_at, frozen
from tests.acceptance.people import Chat
from tests.acceptance.server import start_server
from tests.acceptance.test_failures_database import lane_backends
from tests.faulty_proxy import FaultyProxy, lossy_proxy
from tests.postgres import PrivatePostgres, wait_in_postgres

PATIENCE_SECONDS = 15.0
# What is looked at in any case comes later than anybody here waits.
SETTINGS = {
    "HYRED_SEND_TIMEOUT_SECONDS": "2",
    "HYRED_SWEEP_SECONDS": "60",
    "HYRED_CHANGES_POLL_SECONDS": "60",
}


@asynccontextmanager
async def lossy_chat(postgres: PrivatePostgres) -> AsyncIterator[tuple[Chat, FaultyProxy]]:
    """A chat on a server whose way to PostgreSQL can lose what comes back."""
    async with (
        lossy_proxy(postgres.url) as proxy,
        start_server(proxy.url, **SETTINGS) as server,
        chat_on(server) as chat,
    ):
        yield chat, proxy
        assert not server.faults()


async def wait_and_cut(postgres: PrivatePostgres, proxy: FaultyProxy, condition: str) -> None:
    """Let it be committed, and then break the connections."""
    async with database_at(postgres.url) as database:
        await wait_in_postgres(database, condition)
    proxy.cut()


async def become_new(client: Client) -> None:
    await client.ask("sync", {"rooms": {}})


@pytest.mark.parametrize("asks_again", [True, False])
async def test_a_read_position_whose_answer_was_lost_is_everybody_s(
    private_postgres: PrivatePostgres, asks_again: bool
) -> None:
    async with lossy_chat(private_postgres) as (chat, proxy):
        va, company, room_id = await chat.pair()
        reader = await connect(chat, va, join=[room_id])
        writer = await connect(chat, company, join=[room_id])
        await become_new(writer)
        ids = [(await writer.send(room_id, f"Number {number}"))["id"] for number in range(3)]
        await reader.ask("mark_read", {"chatRoomId": room_id, "seq": 1})
        await writer.wait_for("message_read")
        # With the statement itself: on a connection that is new to it, PostgreSQL is asked what it means before.
        proxy.lose_answers_from(va.id.encode() + struct.pack("!iq", 8, 3))
        reading = asyncio.create_task(reader.call("mark_read", {"chatRoomId": room_id, "seq": 3}))
        read = f"EXISTS (SELECT FROM chat_members WHERE user_id = '{va.id}' AND last_read_seq = 3)"
        await wait_and_cut(private_postgres, proxy, read)
        assert (await reading)["code"] == "unavailable"
        if asks_again:
            answer = await reader.ask("mark_read", {"chatRoomId": room_id, "seq": 3})
            assert (answer["lastReadSeq"], answer["lastDeliveredSeq"]) == (3, 3)
        async with asyncio.timeout(PATIENCE_SECONDS):
            receipt = await writer.wait_for("message_read")
        assert (receipt["userId"], receipt["seq"], receipt["messageIds"]) == (va.id, 3, ids[1:])
        room = await va.room(room_id)
        assert (room["lastReadSeq"], room["unreadCount"]) == (3, 0)
        assert [message["status"] for message in await company.history(room_id)] == ["read"] * 3
        assert (await va.get("/api/chat/unread-count")).data["count"] == 0
        await writer.catch_up()
        assert len(writer.received("message_read")) == 2


async def test_a_draft_whose_answer_was_lost_is_on_other_devices_once_it_is_saved_again(
    private_postgres: PrivatePostgres,
) -> None:
    async with lossy_chat(private_postgres) as (chat, proxy):
        va, _, room_id = await chat.pair()
        phone, desk = await connect(chat, va), await connect(chat, va)
        draft = {"chatRoomId": room_id, "content": "half of it"}
        proxy.lose_answers_from(b"half of it")
        saving = asyncio.create_task(phone.call("save_draft", draft))
        saved = "EXISTS (SELECT FROM chat_members WHERE draft = 'half of it')"
        await wait_and_cut(private_postgres, proxy, saved)
        assert (await saving)["code"] == "unavailable"
        for _ in range(2):
            assert (await phone.ask("save_draft", draft))["content"] == "half of it"
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert (await desk.wait_for("draft_changed"))["content"] == "half of it"
        await desk.catch_up()
        assert len(desk.received("draft_changed")) == 1


async def test_a_message_that_was_refused_and_is_stored_reaches_everybody_without_another_one(
    private_postgres: PrivatePostgres,
) -> None:
    async with lossy_chat(private_postgres) as (chat, proxy):
        va, company, room_id = await chat.pair()
        sender = await connect(chat, va, join=[room_id])
        reader = await connect(chat, company, join=[room_id])
        await sender.send(room_id, "before")
        proxy.lose_answers_from(b"lost")
        answer = await sender.call(
            "send_message", {"chatRoomId": room_id, "content": "lost", "clientMessageId": "second"}
        )
        assert answer["code"] == "unavailable"
        await wait_and_cut(private_postgres, proxy, "EXISTS (SELECT FROM messages WHERE content = 'lost')")
        for client in (sender, reader):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await client.wait_for("new_message", lambda message: message["content"] == "lost")
        retried = await sender.send(room_id, "lost", clientMessageId="second")
        assert retried["seq"] == 2
        async with database_at(private_postgres.url) as database:
            assert await database.fetchval("SELECT count(*) FROM messages") == 2
        assert len(reader.received("new_message")) == 2


async def test_a_change_that_was_refused_and_is_stored_reaches_everybody(private_postgres: PrivatePostgres) -> None:
    async with lossy_chat(private_postgres) as (chat, proxy):
        va, company, room_id = await chat.pair()
        writer = await connect(chat, va, join=[room_id])
        reader = await connect(chat, company, join=[room_id])
        message = await writer.send(room_id, "before")
        proxy.lose_answers_from(b'"content":"after"')  # which is written, and committed by the same statement
        edit = {"messageId": message["id"], "content": "after"}
        assert (await writer.call("edit_message", edit))["code"] == "unavailable"
        await wait_and_cut(private_postgres, proxy, "EXISTS (SELECT FROM messages WHERE content = 'after')")
        for client in (writer, reader):
            async with asyncio.timeout(PATIENCE_SECONDS):
                changed = await client.wait_for("message_changed")
            assert (changed["change"], changed["message"]["content"]) == (1, "after")
        assert (await writer.ask("edit_message", edit))["change"] == 1
        await reader.catch_up()
        assert len(reader.received("message_changed")) == 1


async def test_a_message_that_is_stored_after_its_refusal_reaches_everybody_without_another_one(
    private_postgres: PrivatePostgres,
) -> None:
    """When its sender is answered there is nothing to see yet: the statement comes to life later."""
    async with start_server(private_postgres.url, **SETTINGS) as server, chat_on(server) as chat:
        va, company, room_id = await chat.pair()
        sender = await connect(chat, va, join=[room_id])
        reader = await connect(chat, company, join=[room_id])
        await sender.send(room_id, "before", clientMessageId="before")
        postmaster = int((private_postgres.directory / "postmaster.pid").read_text().split()[0])
        with frozen(await lane_backends(chat.database)):
            with frozen([postmaster]):  # no other connection can be made
                late = {"chatRoomId": room_id, "content": "late", "clientMessageId": "late"}
                answer = await sender.call("send_message", late)
                assert answer["code"] == "unavailable"
            await company.get("/api/chat/rooms")  # the server has looked, and the database answers
            assert len(reader.received("new_message")) == 1
        async with asyncio.timeout(PATIENCE_SECONDS):
            await reader.wait_for("new_message", lambda message: message["content"] == "late")
        assert await chat.count_messages(room_id) == 2


async def refuse_commit(
    chat: Chat, postgres: PrivatePostgres, proxy: FaultyProxy, condition: str, *, method: str, path: str, body: object
) -> None:
    """Have the host ask for a change that is committed, and refused."""
    proxy.lose_answers_from(b"COMMIT")
    asking = asyncio.create_task(chat.admin(method, path, json=body))
    await wait_and_cut(postgres, proxy, condition)
    assert (await asking).code == "unavailable"


async def test_whoever_was_removed_by_a_request_that_was_refused_is_out(private_postgres: PrivatePostgres) -> None:
    async with lossy_chat(private_postgres) as (chat, proxy):
        people = [await chat.person(name) for name in ("Ana", "Ben", "Cem")]
        room_id = await chat.room(*people, title="Three")
        clients = [await connect(chat, person, join=[room_id]) for person in people]
        kept = [person.id for person in people[:2]]
        gone = f"NOT EXISTS (SELECT FROM chat_members WHERE user_id = '{people[2].id}')"
        await refuse_commit(
            chat,
            private_postgres,
            proxy,
            gone,
            method="POST",
            path="/api/admin/rooms",
            body={"id": room_id, "type": "group", "title": "Two", "memberIds": kept},
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            await clients[2].wait_for("user_left", lambda left: left["userId"] == people[2].id)
            room = await clients[0].wait_for("room_updated", lambda room: room["title"] == "Two")
        assert {member["id"] for member in room["members"]} == set(kept)
        await clients[0].send(room_id, "between us")
        await clients[2].catch_up()
        assert clients[2].received("new_message") == []


async def test_whoever_was_disabled_by_a_request_that_was_refused_is_gone_when_the_host_asks_again(
    private_postgres: PrivatePostgres,
) -> None:
    async with lossy_chat(private_postgres) as (chat, proxy):
        va, company, room_id = await chat.pair()
        client = await connect(chat, va, join=[room_id])
        body = {"email": va.email, "role": va.role, "name": va.name, "disabled": True}
        disabled = f"EXISTS (SELECT FROM users WHERE id = '{va.id}' AND disabled_at IS NOT NULL)"
        path = f"/api/admin/users/{va.id}"
        await refuse_commit(chat, private_postgres, proxy, disabled, method="PUT", path=path, body=body)
        assert (await chat.admin("PUT", path, json=body)).data["disabled"] is True
        await client.wait_until_disconnected()
        await company.room(room_id)
