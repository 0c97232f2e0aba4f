"""What `hyred-chat doctor` says about Redis."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from hyred_chat.broker.address import Endpoint
from hyred_chat.broker.broker import Broker
from hyred_chat.broker.embedded import ValkeyServer
from hyred_chat.broker.inspection import BufferLimit, ServerReport
from hyred_chat.config import Settings
from hyred_chat.doctor import redis
from hyred_chat.doctor.redis import check_redis, judge_server
from hyred_chat.nodes.directory import Directory, read_cards
from tests.looking import look_until
from tests.valkey import free_port, start_valkey

MEBIBYTE = 1024 * 1024
PREFIX = "doctor"
PATIENCE_SECONDS = 10.0
WELL = ServerReport(
    endpoint=Endpoint("cache", 6379),
    facts={"redis_version": "7.0.15", "used_memory": "1000000", "maxmemory": "0"},
    subscriber_limit=BufferLimit(256 * MEBIBYTE, 64 * MEBIBYTE, 60),
    eviction_policy="noeviction",
    persists=False,
)


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    """A server that lets `nobody` in, who may use no channel."""
    user = ("--user", "nobody", "on", ">s3cret", "~*", "resetchannels", "+@all")
    server = start_valkey(on_port=True, options=user)
    yield server
    server.remove()


def findings(url: str | None) -> list[tuple[str, str]]:
    settings = Settings(redis_url=None if url is None else SecretStr(url), redis_prefix=PREFIX)
    return [(str(finding.level), finding.sentence) for finding in check_redis(settings)]


def levels(report: ServerReport) -> list[str]:
    return [str(finding.level) for finding in judge_server(report)]


def test_without_redis_there_is_nothing_to_check() -> None:
    ((level, sentence),) = findings(None)
    assert level == "ok"
    assert "HYRED_REDIS_URL" in sentence


def test_a_server_that_is_set_up_well_carries_what_is_published(valkey: ValkeyServer) -> None:
    about_server, about_trips = findings(valkey.url)
    assert about_server[0] == "ok"
    assert valkey.url.removeprefix("unix://") in about_server[1]
    assert "arrives after" in about_trips[1]


async def test_servers_that_cannot_be_reached_are_named(valkey: ValkeyServer) -> None:
    nowhere = free_port()
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as listener:
        here = listener.sockets[0].getsockname()[1]
        for port, expected in ((here, "are reached: 1."), (nowhere, f"at 127.0.0.1:{nowhere}")):
            broker = await Broker.connect(valkey.url, node_id=f"node-{port}", prefix=PREFIX)
            Directory(broker, "", ("127.0.0.1", port))
            running = asyncio.create_task(broker.run())

            async def cards(broker: Broker = broker) -> object:
                return read_cards(await broker.cards())

            await look_until(cards, seconds=PATIENCE_SECONDS)
            *_, (level, sentence) = await asyncio.to_thread(findings, valkey.url)
            assert (level, expected in sentence) == ("ok" if port == here else "warning", True)
            running.cancel()
            await asyncio.wait([running])
            await broker.execute("DEL", broker.names.name_in(0, "node", broker.incarnation))
            await broker.close()


def test_a_redis_that_cannot_be_reached_is_a_problem() -> None:
    ((level, sentence),) = findings(f"redis://:s3cret@127.0.0.1:{free_port()}")
    assert level == "problem"
    assert "cannot be reached" in sentence
    assert "s3cret" not in sentence


def test_a_user_who_may_use_no_channel_is_a_problem(server: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis, "CONNECT_TIMEOUT_SECONDS", 1)
    *_, (level, sentence) = findings(f"redis://nobody:s3cret@127.0.0.1:{server.port}")
    assert level == "problem"
    assert "ACL" in sentence
    assert "s3cret" not in sentence


def test_what_is_well_is_one_line() -> None:
    assert levels(WELL) == ["ok"]
    assert levels(replace(WELL, subscriber_limit=BufferLimit(0, 0, 0))) == ["ok"]
    assert levels(replace(WELL, subscriber_limit=None, eviction_policy=None, persists=None)) == ["ok"]


def test_limits_that_throw_out_a_slow_subscriber_are_a_warning() -> None:
    assert levels(replace(WELL, subscriber_limit=BufferLimit(32 * MEBIBYTE, 8 * MEBIBYTE, 60))) == ["warning"]
    assert levels(replace(WELL, subscriber_limit=BufferLimit(0, 8 * MEBIBYTE, 60))) == ["warning"]


def test_eviction_and_full_memory_are_warnings() -> None:
    assert levels(replace(WELL, eviction_policy="allkeys-lru")) == ["warning"]
    full = WELL.facts | {"maxmemory": "1000001"}
    assert levels(replace(WELL, facts=full)) == ["warning"]


def test_persistence_is_said_to_be_needless() -> None:
    (finding,) = judge_server(replace(WELL, persists=True))
    assert "does not need" in finding.sentence
