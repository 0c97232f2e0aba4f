"""A server that is told to stop beside another one: its clients are there within seconds, and nobody seems to leave."""

import asyncio
import time

import pytest

from tests.acceptance.failures import NO_LIMITS, chat_on, connect, move
from tests.acceptance.official_clients import official_clients, require_official_client
from tests.acceptance.server import start_server
from tests.faulty_proxy import balancer

DELAY_SECONDS = 0.5
BACK_SECONDS = 5.0
WAYS = {
    "Wes": ["websocket"],
    "Pol": ["polling"],
    "Upi": ["polling", "websocket"],
}


@pytest.fixture(autouse=True, scope="module")
def official_client() -> None:
    require_official_client()


async def test_official_clients_are_back_within_seconds_and_nobody_was_seen_to_leave(database_url: str) -> None:
    settings = NO_LIMITS | {"HYRED_DRAIN_DELAY_SECONDS": str(DELAY_SECONDS), "HYRED_TRUSTED_PROXIES": "127.0.0.1"}
    async with (
        start_server(database_url, **settings) as old,
        start_server(database_url, **settings) as new,
        balancer(old.url, new.url) as way,
        chat_on(old) as chat,
        chat_on(new) as chat_after,
    ):
        people = {await chat.person(name): transports for name, transports in WAYS.items()}
        viewer = await chat.person("Vic")
        room_id = await chat.room(viewer, *people)
        async with official_clients(way.url, people) as officials:
            await officials.wait_until(lambda: all(officials.of(name, "connected") for name in WAYS))
            await officials.wait_until(lambda: bool(officials.of("Upi", "upgraded")))
            watching = await connect(chat, viewer, join=[room_id])

            told_at = time.monotonic()
            stopping = asyncio.create_task(old.stop())
            while (await chat.http.get("/api/health/ready")).status_code != 503:
                assert time.monotonic() < told_at + DELAY_SECONDS
            # Balancers that have not noticed yet send clients here still.
            late = await connect(chat, await chat.person("Lat"))
            assert await stopping == 0
            assert time.monotonic() - told_at < 10.0 + DELAY_SECONDS
            await late.wait_until_disconnected()
            assert not old.faults()
            assert not watching.received("user_left")
            assert all(each["online"] for each in watching.received("presence_changed"))

            move([viewer], chat_after)
            after = await connect(chat_after, viewer)
            user_ids = ",".join(person.id for person in people)
            presences = (await viewer.get("/api/chat/presence", userIds=user_ids)).data
            assert [presence["online"] for presence in presences] == [True] * len(people)
            await officials.wait_until(lambda: all(len(officials.of(name, "connected")) == 2 for name in WAYS))
            for name in WAYS:
                [ended] = officials.of(name, "disconnected")
                assert ended["reason"] in {"transport close", "transport error"}
                assert officials.of(name, "connected")[1]["at"] - ended["at"] < BACK_SECONDS
                assert not officials.of(name, "refused", "user_left")
            shown = [each["payload"] for name in WAYS for each in officials.of(name, "presence_changed")]
            shown += after.received("presence_changed")
            assert all(each["online"] for each in shown)
            await after.disconnect()
