"""What the broker costs: processor time of a frame, its delay, and the time to subscribe to many channels again.

All in this process, beside a Valkey of its own: no server of the chat takes part.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bench.figures import percentile
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target
from hyred_chat.broker.broker import Broker
from hyred_chat.broker.embedded import ValkeyServer

FRAME_BYTES = 420
CHANNELS = 2_000
RATE = 4_000
TURNS = (8, 64)
MANY_CHANNELS = 20_000
MOST_MICROSECONDS = 6.0
MOST_DELAY_MS = 3.0
PATIENCE_SECONDS = 30.0

Publish = Callable[[str, bytes], None]


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """Publishes to itself through Redis."""
    progress("broker")
    async with _connected() as broker:
        channels = [broker.names.name("u", str(number)) for number in range(CHANNELS)]
        await _subscribe(broker, channels)
        costs = {frames: await _cost(broker, channels, frames, settings) for frames in TURNS}
        delays = await _delays(broker, channels, settings)
        others = [broker.names.name("r", str(number)) for number in range(MANY_CHANNELS - CHANNELS)]
        first_seconds = await _subscribe(broker, others)
        again_seconds = await _subscribe_again(broker)
    middle = percentile(delays, 50) * 1000
    rows: list[tuple[str, float]] = [
        *((f"us of processor time to publish and receive, {frames} a turn", cost) for frames, cost in costs.items()),
        ("delay at 500/s, p50 ms", middle),
        ("delay at 500/s, p99 ms", percentile(delays, 99) * 1000),
        (f"subscribing to {MANY_CHANNELS - CHANNELS:,} channels, ms", first_seconds * 1000),
        (f"subscribing again to {MANY_CHANNELS:,} after a break, ms", again_seconds * 1000),
    ]
    targets = [
        Target("us for two publishes and two receives, at 64 a turn", 2 * costs[64], at_most=MOST_MICROSECONDS),
        Target("ms of delay at 500/s, p50", middle, below=MOST_DELAY_MS),
    ]
    notes = [f"Frames of {FRAME_BYTES} bytes, {CHANNELS:,} channels, {RATE:,} frames/s, Valkey on a Unix socket."]
    return [Section("Broker", ("what", "measured"), list(rows), targets, notes)]


@asynccontextmanager
async def _connected() -> AsyncIterator[Broker]:
    server = ValkeyServer()
    try:
        server.start()
        broker = await Broker.connect(server.url, node_id="bench")
        running = asyncio.create_task(broker.run())
        try:
            await broker.wait_connected(timeout_seconds=PATIENCE_SECONDS)
            yield broker
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await broker.close()
    finally:
        server.remove()


async def _subscribe(broker: Broker, channels: list[str]) -> float:
    """In seconds."""
    began = time.perf_counter()
    for channel in channels:
        broker.subscribe(channel)
    for channel in channels:
        await broker.wait_subscribed(channel, timeout_seconds=PATIENCE_SECONDS)
    return time.perf_counter() - began


async def _subscribe_again(broker: Broker) -> float:
    """In seconds, from the break until everything that is published arrives."""
    restored = asyncio.Event()
    broker.on_restored.append(lambda _reason: restored.set())
    began = time.perf_counter()
    await broker.execute("CLIENT", "KILL", "TYPE", "pubsub")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await restored.wait()
    return time.perf_counter() - began


async def _cost(broker: Broker, channels: list[str], frames: int, settings: Settings) -> float:
    """Microseconds of processor time of a frame, without those of the loop that publishes it."""
    count = int(RATE * settings.window_seconds)
    bare = await _drive(broker, lambda _channel, _frame: None, channels, frames, count)
    return (await _drive(broker, broker.publish, channels, frames, count) - bare) / count * 1e6


async def _drive(broker: Broker, publish: Publish, channels: list[str], frames: int, count: int) -> float:
    """Seconds of processor time."""
    frame = bytes(FRAME_BYTES)
    began, used = time.perf_counter(), time.process_time()
    for number in range(0, count, frames):
        for offset in range(frames):
            publish(channels[(number + offset) % CHANNELS], frame)
        await asyncio.sleep(max(0.0, began + (number + frames) / RATE - time.perf_counter()))
    await broker.drain(timeout_seconds=PATIENCE_SECONDS)
    return time.process_time() - used


async def _delays(broker: Broker, channels: list[str], settings: Settings) -> list[float]:
    """Seconds from publishing to receiving, of messages of two frames each."""
    delays: list[float] = []
    broker.on_frame = lambda _channel, frame: delays.append(time.perf_counter() - float(frame))
    count = int(settings.offered_per_second * settings.offered_seconds)
    began = time.perf_counter()
    for number in range(count):
        for offset in (0, 7):
            channel = channels[(number + offset) % CHANNELS]
            broker.publish(channel, repr(time.perf_counter()).encode().ljust(FRAME_BYTES))
        await asyncio.sleep(max(0.0, began + (number + 1) / settings.offered_per_second - time.perf_counter()))
    await broker.drain(timeout_seconds=PATIENCE_SECONDS)
    return sorted(delays)
