"""Redis goes away, and comes back: nobody misses anything, and nothing is refused because of it."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from hyred_chat.broker.embedded import ValkeyServer
from tests.acceptance.client import Client
from tests.acceptance.conftest import StartChat
from tests.acceptance.failures import wait_for_status
from tests.acceptance.nodes import TwoNodes, two_nodes
from tests.acceptance.people import Chat
from tests.acceptance.test_presence import wait_for_presence
from tests.faulty_proxy import redis_proxy
from tests.looking import look_until

# Often enough that these tests are quick. In production the sweep runs every ten seconds.
SWEEP_SECONDS = 1.0
PATIENCE_SECONDS = 20.0
# Until a change by the host holds at every process, though nobody can be told of it at once.
REVOCATION_SECONDS = 10.0


@pytest.fixture
async def nodes(start_chat: StartChat, private_valkey: ValkeyServer) -> AsyncIterator[TwoNodes]:
    """Two processes with a Redis of their own, which may be broken."""
    settings = {"HYRED_SWEEP_SECONDS": str(SWEEP_SECONDS), "HYRED_REDIS_URL": private_valkey.url}
    async with start_chat(**settings) as chat, two_nodes(chat, **settings) as both:
        yield both


async def wait_for_readiness(chat: Chat, url: str, status: str) -> None:
    """Ask, again and again, until a process says that it is so."""

    async def says_so() -> bool:
        answer = await chat.http.get(f"{url}/api/health/ready")
        return bool(answer.json().get("data") == {"status": status})

    await look_until(says_so, seconds=PATIENCE_SECONDS)


def seen(client: Client) -> list[dict[str, object]]:
    """Whom it was told to be here or gone."""
    return [{"userId": each["userId"], "online": each["online"]} for each in client.received("presence_changed")]


async def wait_until_told_at_once(nodes: TwoNodes) -> None:
    for url in (nodes.chat.server.url, nodes.second.url):
        await wait_for_readiness(nodes.chat, url, "ready")


async def test_while_redis_is_away_messages_are_stored_and_found_and_readiness_says_degraded(
    nodes: TwoNodes, private_valkey: ValkeyServer
) -> None:
    va, company, room_id = await nodes.chat.pair()
    here, there = await va.connect(join=room_id), await nodes.connect(company, join=room_id)
    same = await company.connect(join=room_id)
    await here.send(room_id, "Before")
    await there.wait_for("new_message")
    private_valkey.stop()
    await wait_for_readiness(nodes.chat, nodes.chat.server.url, "degraded")
    asked_at = time.monotonic()
    for number in range(5):
        await here.send(room_id, f"Number {number}")
    await same.wait_until(lambda: len(same.received("new_message")) == 6)
    assert time.monotonic() - asked_at < SWEEP_SECONDS  # at once, where the sender is
    await there.wait_until(lambda: len(there.received("new_message")) >= 6)
    assert [message["seq"] for message in there.received("new_message")] == [1, 2, 3, 4, 5, 6]


async def test_while_redis_is_away_who_is_disabled_or_removed_is_out_everywhere_within_ten_seconds(
    nodes: TwoNodes, private_valkey: ValkeyServer
) -> None:
    ana, bea, cem = [await nodes.chat.person(name) for name in ("Ana", "Bea", "Cem")]
    room_id = await nodes.chat.room(ana, bea, cem)
    disabled, removed = await nodes.connect(ana), await nodes.connect(bea, join=room_id)
    private_valkey.stop()
    await wait_for_readiness(nodes.chat, nodes.second.url, "degraded")
    changed_at = time.monotonic()
    await nodes.chat.save_room([ana, cem], id=room_id, type="group")
    await nodes.chat.provision(ana, disabled=True)
    assert (await removed.wait_for("user_left"))["userId"] == bea.id
    await disabled.wait_until_disconnected()
    assert time.monotonic() - changed_at < REVOCATION_SECONDS


async def test_a_process_that_hears_nothing_of_what_is_published_is_not_ready_until_it_does(
    start_chat: StartChat, private_valkey: ValkeyServer
) -> None:
    """Redis answers all that it asks, so that nothing else would show it."""
    async with (
        start_chat(HYRED_REDIS_URL=private_valkey.url) as chat,
        redis_proxy(private_valkey.port) as way,
        two_nodes(chat, HYRED_REDIS_URL=way.url) as nodes,
    ):
        va, company, room_id = await chat.pair()
        here, there = await va.connect(join=room_id), await nodes.connect(company, join=room_id)
        way.lose_answers_to(b"SUBSCRIBE")
        await wait_for_status(chat, f"{nodes.second.url}/api/health/ready", 503)
        way.cut()
        await wait_for_readiness(chat, nodes.second.url, "ready")
        await here.send(room_id, "Can you hear me?")
        await there.wait_for("new_message")


async def test_with_redis_no_process_listens_to_postgresql(nodes: TwoNodes) -> None:
    listening = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    assert await nodes.chat.database.fetchval(listening) == 0


async def test_after_redis_came_back_empty_everything_crosses_at_once_again(
    nodes: TwoNodes, private_valkey: ValkeyServer
) -> None:
    va, company, room_id = await nodes.chat.pair()
    here, there = await va.connect(join=room_id), await nodes.connect(company, join=room_id)
    private_valkey.stop()
    await wait_for_readiness(nodes.chat, nodes.chat.server.url, "degraded")
    await here.send(room_id, "Meanwhile")
    private_valkey.start()
    await wait_until_told_at_once(nodes)
    await there.wait_for("new_message")
    await here.ask("typing", {"chatRoomId": room_id, "isTyping": True})
    await there.wait_for("user_typing")  # which no sweep finds
    await here.send(room_id, "Afterwards")
    await there.wait_until(lambda: len(there.received("new_message")) >= 2)
    assert [message["content"] for message in there.received("new_message")] == ["Meanwhile", "Afterwards"]


async def test_presence_that_changed_while_redis_was_away_is_told_when_it_is_back(
    nodes: TwoNodes, private_valkey: ValkeyServer
) -> None:
    va, company, _ = await nodes.chat.pair()
    watching = await nodes.connect(company)
    gone = await va.connect()
    await wait_for_presence(watching, va, online=True)
    private_valkey.stop()
    await wait_for_readiness(nodes.chat, nodes.chat.server.url, "degraded")
    await gone.disconnect()
    other, _, _ = await nodes.chat.pair()
    await nodes.chat.room(other, company)
    await other.connect()
    private_valkey.start()
    expected = [{"userId": va.id, "online": False}, {"userId": other.id, "online": True}]
    await watching.wait_until(lambda: all(told in seen(watching) for told in expected))


async def test_what_a_process_claimed_that_was_killed_ends_with_its_lease(nodes: TwoNodes) -> None:
    va, company, _ = await nodes.chat.pair()
    watching = await company.connect()
    await nodes.connect(va)
    await wait_for_presence(watching, va, online=True)
    await nodes.second.kill()
    async with asyncio.timeout(15):  # a lease is longer than a client of the tests waits
        while {"userId": va.id, "online": False} not in seen(watching):
            await watching.catch_up()
    [presence] = (await company.get("/api/chat/presence", userIds=va.id)).data
    assert not presence["online"]


async def test_processes_that_start_while_redis_is_away_serve_and_use_it_when_it_is_there(
    start_chat: StartChat, private_valkey: ValkeyServer
) -> None:
    settings = {"HYRED_SWEEP_SECONDS": str(SWEEP_SECONDS), "HYRED_REDIS_URL": private_valkey.url}
    private_valkey.stop()
    async with start_chat(**settings) as chat, two_nodes(chat, **settings) as nodes:
        await wait_for_readiness(chat, nodes.second.url, "degraded")
        [warning] = [line for line in nodes.second.log if "HYRED_REDIS_URL" in line]
        assert "cannot be reached" in warning
        va, company, room_id = await chat.pair()
        here, there = await va.connect(join=room_id), await nodes.connect(company, join=room_id)
        await here.send(room_id, "Meanwhile")
        assert (await there.wait_for("new_message"))["content"] == "Meanwhile"
        private_valkey.start()
        await wait_until_told_at_once(nodes)
        await here.send(room_id, "With Redis")
        await there.wait_for("new_message", lambda message: message["content"] == "With Redis")
