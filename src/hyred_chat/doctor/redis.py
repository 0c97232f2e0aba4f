"""Whether Redis carries what servers tell one another, soon, and is set up so that it keeps doing so."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.broker_address import connected_broker
from hyred_chat.config import ConfigurationError, Settings
from hyred_chat.doctor.findings import Finding, ok, problem, warning
from hyred_chat.nodes.directory import read_cards

if TYPE_CHECKING:  # it needs a library that is only there where there is a broker
    from hyred_chat.broker.broker import Broker
    from hyred_chat.broker.inspection import ServerReport

SUBJECT = "redis"
CONNECT_TIMEOUT_SECONDS = 8.0
TRIPS = 21
TRIP_TIMEOUT_SECONDS = 2.0
SLOW_SECONDS = 0.005
MEBIBYTE = 1024 * 1024
# A server that is busy for a moment has this much waiting for it, and should not be thrown out for that.
LEAST_BUFFER_BYTES = 64 * MEBIBYTE
BUFFER_ADVICE = "Set client-output-buffer-limit to `pubsub 256mb 64mb 60`."
FULL_SHARE = 0.9
NODE_TIMEOUT_SECONDS = 2.0
MAX_CONNECTING = 32


def check_redis(settings: Settings) -> Iterator[Finding]:
    """Connect as a server does, send frames around, and look at the servers' settings."""
    if settings.redis_url is None:
        yield ok(SUBJECT, "Not needed: one server is alone on its database. Several need HYRED_REDIS_URL.")
        return
    try:
        yield from asyncio.run(_examine(settings))
    except ConfigurationError as error:
        yield problem(SUBJECT, str(error))
    except BrokerUnavailableError as error:
        yield problem(SUBJECT, f"{error}. Check HYRED_REDIS_URL, and that the server runs.")


async def _examine(settings: Settings) -> list[Finding]:
    strict = settings.model_copy(update={"redis_required": True})
    async with connected_broker(strict) as broker:
        if broker is None:
            return []
        running = asyncio.create_task(broker.run())
        try:
            findings = [finding for report in await broker.inspect() for finding in judge_server(report)]
            return [*findings, await _send_around(broker), *await _reach_nodes(broker)]
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def judge_server(report: "ServerReport") -> Iterator[Finding]:
    """What a server's settings mean for servers of ours."""
    limit, server = report.subscriber_limit, f"{report.product} at {report.endpoint}"
    sound = True
    if limit is not None and any(0 < size < LEAST_BUFFER_BYTES for size in (limit.hard_bytes, limit.soft_bytes)):
        sound = False
        yield warning(
            SUBJECT,
            f"{server} throws a subscriber out when {_mebibytes(limit.hard_bytes)} wait for it, or "
            f"{_mebibytes(limit.soft_bytes)} for {limit.soft_seconds} s: a server that is slow once misses what is "
            f"published until it is back. {BUFFER_ADVICE}",
        )
    if report.eviction_policy not in {None, "noeviction"}:
        sound = False
        yield warning(
            SUBJECT,
            f"{server} evicts by {report.eviction_policy} when its memory is full, so servers and people may seem to "
            "be gone. Set maxmemory-policy to noeviction.",
        )
    used, most = (int(report.facts.get(name, "0")) for name in ("used_memory", "maxmemory"))
    if most and used > FULL_SHARE * most:
        sound = False
        yield warning(
            SUBJECT,
            f"{server} uses {_mebibytes(used)} of {_mebibytes(most)}: soon nobody can be noted as present. Raise "
            "maxmemory, and see what else is kept there.",
        )
    if sound:
        persistence = " It writes to disk, which the chat does not need." if report.persists else ""
        yield ok(SUBJECT, f"{server}.{persistence}")


async def _send_around(broker: "Broker") -> Finding:
    """Publish to ourselves, as every server does all the time to find out whether it is deaf."""
    try:
        await broker.wait_connected(timeout_seconds=CONNECT_TIMEOUT_SECONDS)
        channel = broker.names.name("n", broker.node_id)
        broker.subscribe(channel)
        await broker.wait_subscribed(channel)
        await broker.live_nodes()
        trip_seconds = [await _measure_trip(broker, channel) for _ in range(TRIPS)]
    except (BrokerUnavailableError, TimeoutError) as error:
        why = "; ".join(broker.complaints) or str(error) or "nothing comes back"
        return problem(
            SUBJECT,
            f"What is published does not arrive ({why}). Check the ACL of the user: it needs the channels and keys "
            "that begin with HYRED_REDIS_PREFIX; and what is between us and Redis.",
        )
    seconds = statistics.median(trip_seconds)
    sentence = f"What is published arrives after {seconds * 1000:.2f} ms."
    if seconds > SLOW_SECONDS:
        return warning(SUBJECT, f"{sentence} Run Redis nearer, or see what else keeps it busy (SLOWLOG).")
    return ok(SUBJECT, sentence)


async def _reach_nodes(broker: "Broker") -> list[Finding]:
    """Connect to the servers that run, as they do to one another."""
    try:
        peers = read_cards(await broker.cards()).values()
    except BrokerUnavailableError:  # which has been said
        return []
    addresses = sorted({(peer.host, peer.port) for peer in peers})
    most = asyncio.Semaphore(MAX_CONNECTING)
    reached = await asyncio.gather(*[_can_connect(address, most) for address in addresses])
    lost = [f"{host}:{port}" for (host, port), is_reached in zip(addresses, reached, strict=True) if not is_reached]
    if lost:
        return [
            warning(
                SUBJECT,
                f"No connection to the server at {', '.join(lost)}: long-polling needs a load balancer's cookie where "
                "servers cannot reach one another. Check HYRED_NODE_ADDRESS there, and what is between us.",
            )
        ]
    return [ok(SUBJECT, f"Servers that run are reached: {len(addresses)}.")] if addresses else []


async def _can_connect(address: tuple[str, int], most: asyncio.Semaphore) -> bool:
    try:
        async with most, asyncio.timeout(NODE_TIMEOUT_SECONDS):
            _, writer = await asyncio.open_connection(*address)
    except (OSError, UnicodeError):
        return False
    writer.close()
    return True


async def _measure_trip(broker: "Broker", channel: str) -> float:
    arrived = asyncio.Event()
    broker.on_frame = lambda _channel, _frame: arrived.set()
    began = time.perf_counter()
    broker.publish(channel, b"")
    async with asyncio.timeout(TRIP_TIMEOUT_SECONDS):
        await arrived.wait()
    return time.perf_counter() - began


def _mebibytes(size: int) -> str:
    return f"{size // MEBIBYTE} MB" if size else "no limit"
