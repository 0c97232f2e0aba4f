"""Servers and workers that are killed while they push, and workers of their own."""

import asyncio
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from hyred_chat.broker.embedded import ValkeyServer
from tests.acceptance.failures import chat_on
from tests.acceptance.metrics import read_metrics_of
from tests.acceptance.notifications.phones import BrowserOf, Phone, Providers
from tests.acceptance.people import Chat
from tests.acceptance.server import start_server
from tests.integration.commands import environment, taken_port
from tests.looking import look_until
from tests.postgres import TemplateServer
from tests.providers.answers import NOTHING

PATH = "/api/admin/notifications"
COUNT = 1000


async def make_crowd(chat: Chat, count: int) -> list[str]:
    """People with a phone each, past the server: their tokens are their ids."""
    await chat.database.execute(
        "INSERT INTO users (id, email, role) SELECT 'reader-' || n, 'reader-' || n || '@mail.example', 'va'"
        " FROM generate_series(1, $1::int) n",
        count,
    )
    await chat.database.execute(
        "INSERT INTO device_tokens (id, token, user_id, platform)"
        " SELECT 'device-' || n, 'reader-' || n || '-token', 'reader-' || n, 'android'"
        " FROM generate_series(1, $1::int) n",
        count,
    )
    return [f"reader-{number}" for number in range(1, count + 1)]


async def tell(chat: Chat, people: list[str], **fields: Any) -> str:
    body = {"userIds": people, "type": "job_match", "title": "A job", "body": "Look", **fields}
    notice_id: str = (await chat.admin("POST", PATH, json=body)).data["id"]
    return notice_id


async def wait_until_sent(chat: Chat, notice_id: str, count: int) -> None:
    async def are_sent() -> bool:
        return bool((await chat.admin("GET", f"{PATH}/{notice_id}")).data["states"] == {"sent": count})

    await look_until(are_sent, seconds=30)


def tokens(people: list[str]) -> set[str]:
    return {f"{person}-token" for person in people}


async def test_a_thousand_due_pushes_survive_a_kill_in_their_midst(
    template_server: TemplateServer, providers: Providers
) -> None:
    url = await template_server.create()
    fcm = providers.fcm
    fcm.answers.delay_seconds = 0.05
    async with start_server(url, **providers.settings) as server, chat_on(server) as chat:
        people = await make_crowd(chat, COUNT)
        notice_id = await tell(chat, people)
        theirs = tokens(people)
        await fcm.pushes.wait_for(lambda push: push.token in theirs, count=COUNT // 4)
        await server.kill()
        assert len(fcm.pushes.matching(lambda push: push.token in theirs)) < COUNT
        async with start_server(url, PORT=server.port, **providers.settings) as successor, chat_on(successor) as after:
            await wait_until_sent(after, notice_id, COUNT)
    fcm.answers.delay_seconds = 0.0
    pushes = fcm.pushes.matching(lambda push: push.token in theirs)
    assert {push.token for push in pushes} == theirs
    keys = {(push.token, push.collapse_key) for push in pushes}
    assert len(keys) == COUNT
    # Twice at most what was under way when the server was killed.
    assert len(pushes) <= COUNT + 100
    await template_server.drop(url)


async def test_messages_make_pushes_though_the_server_is_killed_before_their_time(
    template_server: TemplateServer, providers: Providers
) -> None:
    url = await template_server.create()
    phone = Phone(providers.fcm)
    async with start_server(url, **providers.settings) as server, chat_on(server) as chat:
        va, company, room_id = await chat.pair()
        await phone.sign_in(company)
        await va.post_message(room_id, "Hello")
        await server.kill()
        assert phone.pushes == []
        async with start_server(url, PORT=server.port, **providers.settings):
            assert (await phone.wait_for()).body == "Hello"
    await template_server.drop(url)


async def test_a_thousand_due_pushes_leave_within_five_seconds(
    template_server: TemplateServer, providers: Providers
) -> None:
    url = await template_server.create()
    providers.fcm.answers.delay_seconds = 0.05
    async with start_server(url, **providers.settings) as server, chat_on(server) as chat:
        people = await make_crowd(chat, COUNT)
        await chat.database.execute("UPDATE device_tokens SET token = 'quick-' || token")
        theirs = {f"quick-{token}" for token in tokens(people)}
        started = time.monotonic()
        await tell(chat, people)
        await providers.fcm.pushes.wait_for(lambda push: push.token in theirs, count=COUNT)
        seconds = time.monotonic() - started
        assert seconds < 5, seconds
    providers.fcm.answers.delay_seconds = 0.0
    await template_server.drop(url)


async def test_a_provider_that_hangs_holds_up_nobody_who_is_pushed_by_another(
    template_server: TemplateServer, providers: Providers
) -> None:
    url = await template_server.create()
    settings = providers.settings | {"HYRED_PUSH_CONCURRENCY": "2", "HYRED_PUSH_LEASE_SECONDS": "60"}
    async with start_server(url, **settings) as server, chat_on(server) as chat:
        people = await make_crowd(chat, 20)
        browser = BrowserOf(providers.push_service, providers.web_key)
        reader = await chat.person()
        await browser.sign_in(reader)
        providers.fcm.answers.always = NOTHING
        await tell(chat, people)
        await providers.fcm.pushes.wait_for(lambda push: push.token in tokens(people), count=2)
        started = time.monotonic()
        await tell(chat, [reader.id])
        await browser.wait_for()
        assert time.monotonic() - started < 4  # a request to the other one takes 10 s to be given up
        providers.fcm.answers.always = None
    await template_server.drop(url)


async def test_workers_of_their_own_share_the_pushes_of_a_server_without_one(
    template_server: TemplateServer, providers: Providers
) -> None:
    url = await template_server.create()
    settings = providers.settings | {"HYRED_PUSH_GRACE_SECONDS": "0"}
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(start_server(url, HYRED_PUSH_WORKER="false", **settings))
        chat = await stack.enter_async_context(chat_on(server))
        people = await make_crowd(chat, 200)
        await chat.database.execute("UPDATE device_tokens SET token = 'shared-' || token")
        va, company, room_id = await chat.pair()
        phone = Phone(providers.fcm)
        await phone.sign_in(company)
        desk = await va.connect()
        notice_id = await tell(chat, [*people, va.id])
        workers = [await start_worker(stack, url, settings) for _ in range(2)]
        await wait_until_sent(chat, notice_id, 201)
        await desk.wait_for("notification")
        await va.post_message(room_id, "Hello")
        await phone.wait_for()
        for worker in workers:
            worker.terminate()
            assert await worker.wait() == 0
    sent = Counter(push.token for push in providers.fcm.pushes.all if push.token.startswith("shared-"))
    assert sent == Counter({f"shared-{token}": 1 for token in tokens(people)})
    await template_server.drop(url)


async def test_what_is_scheduled_leaves_a_worker_of_its_own_within_a_second_of_its_time(
    template_server: TemplateServer, providers: Providers
) -> None:
    url = await template_server.create()
    settings = providers.settings | {"HYRED_PUSH_GRACE_SECONDS": "60"}
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(start_server(url, HYRED_PUSH_WORKER="false", **settings))
        chat = await stack.enter_async_context(chat_on(server))
        person, phone = await chat.person(), Phone(providers.fcm)
        await phone.sign_in(person)
        await start_worker(stack, url, settings)
        await tell(chat, [person.id])
        await phone.wait_for()  # the worker is there
        send_at = datetime.now(UTC) + timedelta(seconds=1)
        await tell(chat, [person.id], sendAt=send_at.isoformat())
        await phone.wait_for(2)
        assert 0 <= (datetime.now(UTC) - send_at).total_seconds() < 1
    await template_server.drop(url)


async def test_a_worker_of_its_own_has_metrics_of_its_own(
    template_server: TemplateServer, providers: Providers, valkey: ValkeyServer
) -> None:
    url = await template_server.create()
    with taken_port() as port:
        address = f"127.0.0.1:{port}"  # free again at the end of the block
    settings = {"HYRED_METRICS_ADDRESS": address, "HYRED_REDIS_URL": valkey.url, "HYRED_REDIS_PREFIX": "worker"}
    async with AsyncExitStack() as stack:
        await start_worker(stack, url, providers.settings | settings)
        reading = await read_metrics_of(f"http://{address}/metrics", patience_seconds=20.0)
    assert reading.value("hyred_pushes_total", channel="fcm", outcome="accepted") == 0
    assert reading.value("hyred_database_connections_max") == 8
    assert "hyred_redis_state" in reading.types
    assert "hyred_event_loop_lag_seconds" in reading.types
    assert "hyred_sockets" not in reading.types
    await template_server.drop(url)


async def start_worker(stack: AsyncExitStack, url: str, settings: dict[str, str]) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hyred_chat", "worker"), env=environment(HYRED_DATABASE_URL=url, **settings)
    )

    def end() -> None:
        if process.returncode is None:
            process.kill()

    stack.callback(end)
    return process
