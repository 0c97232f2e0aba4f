"""A Redis that cannot be used is one line at start, which says what to do and never the password."""

import asyncio
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hyred_chat.broker.address import Endpoint, parse_address
from hyred_chat.broker.broker import Broker
from hyred_chat.broker.embedded import ValkeyServer, ValkeyStartError, find_server_program
from hyred_chat.broker.errors import BrokerStartError, BrokerUnavailableError
from hyred_chat.broker.link import LinkState
from hyred_chat.broker.start_checks import check_server
from tests.certificates import make_certificate
from tests.faulty_proxy import redis_proxy
from tests.integration.broker.clusters import Member
from tests.integration.broker.nodes import running
from tests.valkey import free_port, start_valkey


@pytest.fixture(scope="module")
def guarded() -> Iterator[ValkeyServer]:
    """A server that asks for a password."""
    server = start_valkey(on_port=True, options=("--requirepass", "s3cret"))
    yield server
    server.remove()


async def refusal(url: str) -> str:
    with pytest.raises(BrokerStartError) as caught:
        await Broker.connect(url, node_id="a")
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert "s3cret" not in sentence
    assert "HYRED_REDIS_URL" in sentence
    return sentence


async def test_nobody_listens() -> None:
    port = free_port()
    assert f"cannot be reached (127.0.0.1:{port})" in await refusal(f"redis://:s3cret@127.0.0.1:{port}")


@pytest.mark.parametrize("where", ["redis://{}", "redis+sentinel://{}/primary", "redis+cluster://{}"])
async def test_a_redis_that_may_be_away_is_warned_of_in_one_line_and_waited_for(
    where: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = where.format(f"127.0.0.1:{free_port()}")
    broker = await Broker.connect(url, node_id="a", may_be_away=True)
    assert "HYRED_REDIS_URL" in caplog.messages[0]
    running = asyncio.create_task(broker.run())
    try:
        channel = broker.names.name("u", "1")
        broker.subscribe(channel)
        broker.publish(channel, b"kept until then")
        with pytest.raises(BrokerUnavailableError):
            await broker.live_nodes()
        assert broker.state is LinkState.UNREACHABLE
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.wait([running])
        await broker.close()


async def test_a_wrong_password_ends_the_start_though_redis_may_be_away(guarded: ValkeyServer) -> None:
    with pytest.raises(BrokerStartError):
        await Broker.connect(f"redis://:wrong@127.0.0.1:{guarded.port}", node_id="a", may_be_away=True)


async def test_no_socket_is_there() -> None:
    assert "cannot be reached (/nowhere.sock)" in await refusal("unix:///nowhere.sock")


async def test_the_password_is_wrong_or_missing(guarded: ValkeyServer) -> None:
    for account in ("", ":wrong@", "somebody:s3cret@"):
        assert "refuses the user or the password" in await refusal(f"redis://{account}127.0.0.1:{guarded.port}")


async def test_the_right_password_lets_us_in(guarded: ValkeyServer) -> None:
    async with running(f"redis://:s3cret@127.0.0.1:{guarded.port}") as node:
        await node.subscribe(node.broker.names.name("u", "1"))
        node.broker.publish(node.broker.names.name("u", "1"), b"in")
        await node.hear(b"in")


async def test_tls_carries_frames_and_a_certificate_of_nobody_is_refused(
    private_valkey: ValkeyServer, tmp_path: Path
) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    async with redis_proxy(private_valkey.port, context) as proxy:
        assert "cannot be reached" in await refusal(proxy.url)
        async with running(f"{proxy.url}?ssl_ca_certs={certificate}") as node:
            channel = node.broker.names.name("u", "1")
            await node.subscribe(channel)
            for number in range(200):
                node.broker.publish(channel, b"%d" % number + bytes(10_000))
            node.broker.publish(channel, b"last")
            await node.hear(b"last")
            assert len(node.frames) == 201
            proxy.cut()
            await node.wait_restored(2)
            node.broker.publish(channel, b"again")
            await node.hear(b"again")


async def test_the_server_is_a_replica() -> None:
    replica = start_valkey(on_port=True, options=("--replicaof", "127.0.0.1", str(free_port())))
    try:
        assert "read-only replica" in await refusal(replica.url)
    finally:
        replica.remove()


async def test_the_server_is_part_of_a_cluster_or_is_not() -> None:
    member = Member()
    try:
        member.start()
        assert "redis+cluster://" in await refusal(member.url)
        assert "--cluster check" in await refusal(member.url.replace("redis:", "redis+cluster:"))
    finally:
        member.remove()


async def test_a_single_server_is_no_cluster_and_no_sentinel(guarded: ValkeyServer) -> None:
    hosts = f":s3cret@127.0.0.1:{guarded.port}"
    assert "redis://" in await refusal(f"redis+cluster://{hosts}")
    assert "Sentinel" in await refusal(f"redis+sentinel://{hosts}/chat")


def test_the_server_is_too_old() -> None:
    facts = {"redis_version": "6.2.14", "role": "master", "redis_mode": "standalone"}
    with pytest.raises(BrokerStartError, match=r"6\.2\.14"):
        check_server(facts, Endpoint("cache", 6379), parse_address("redis://cache"))


def test_without_any_server_program_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ValkeyStartError, match="apt-get install"):
        find_server_program()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process together with its parent")
def test_the_server_ends_with_the_process_that_started_it_however_that_ends() -> None:
    source = "from tests.valkey import *; import time; print(start_valkey().process_id, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        server = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    server.wait(timeout=10)


def test_a_server_that_does_not_start_says_why() -> None:
    with pytest.raises(ValkeyStartError, match=r"did not start: .*nonsense"):
        start_valkey(options=("--nonsense", "yes"))
