"""Promise 7: everything has a bound, and a slow or hostile client hurts only itself."""

import asyncio
import itertools
import json
import socket as sockets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import psutil  # type: ignore[import-untyped]
import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from tests.acceptance.failures import (
    NO_LIMITS,
    PATIENCE_SECONDS,
    LosableClient,
    chat_on,
    check_live,
    check_stored,
    connect,
    flooding,
    p99,
    raw_ask,
    raw_socket,
)
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import Server, start_server
from tests.postgres import TemplateServer

BUFFER_BYTES = 65_536
# What a kernel holds for a connection that nobody reads, generously, comes on top of the server's buffer.
KERNEL_BYTES = 12_000_000
LONG_CHARS, LONG_BYTES = 1000, 3000
SMALL_SECONDS = 0.5
BURST = 60
FLOOD_EVENTS = 10_000
MAX_CONNECTIONS = 20
MAX_FRAME_BYTES = 100_000


@pytest.fixture(scope="module")
async def open_server(template_server: TemplateServer) -> AsyncIterator[Server]:
    """A server without rates, whose buffers are as small as they get."""
    url = await template_server.create()
    async with start_server(url, **NO_LIMITS, HYRED_MAX_BUFFERED_BYTES=str(BUFFER_BYTES)) as server:
        yield server
        assert not server.faults(), "\n".join(server.log)
    await template_server.drop(url)


def has_left(client: LosableClient, person: Person) -> bool:
    return any(left["userId"] == person.id for left in client.received("user_left"))


async def test_a_reader_that_never_reads_is_closed_and_nobody_else_waits(open_server: Server) -> None:
    async with chat_on(open_server) as chat, flooding() as flood:
        ana, ben, slow = [await chat.person(name) for name in ("Ana", "Ben", "Slow")]
        room_id = await chat.room(ana, ben, slow)
        watcher = await connect(chat, ben, join=[room_id])
        with sockets.socket() as narrow:
            narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
            narrow.connect(("127.0.0.1", int(open_server.port)))
            narrow.setblocking(False)
            async with raw_socket(open_server, slow, sock=narrow, max_queue=1) as reader:
                assert (await raw_ask(reader, 1, "join_chat", {"chatRoomId": room_id}))["success"]
                for _ in range(4):
                    flood.write(ana, await connect(chat, ana), room_id, chars=LONG_CHARS)
                await flood.wait_until(lambda: has_left(watcher, slow))
                taken_bytes = len(flood.acknowledged) * LONG_BYTES
                await flood.wait_for_acknowledgements(50)
                await flood.end()
                with pytest.raises(websockets.ConnectionClosed):
                    while True:
                        await asyncio.wait_for(reader.recv(), PATIENCE_SECONDS)
        assert BUFFER_BYTES < taken_bytes < BUFFER_BYTES + KERNEL_BYTES
        assert p99([send.waited_seconds for send in flood.sends]) < SMALL_SECONDS
        total = await check_stored(chat.database, [room_id], flood.sends)
        await check_live(watcher, {room_id: total})


@pytest.mark.parametrize("event", ["send_message", "mark_read", "typing", "no_such_event"])
async def test_ten_thousand_events_at_once_are_answered_within_the_rate_and_others_go_on(
    chat: Chat, event: str
) -> None:
    ana, ben, room_id = await chat.pair()
    hostile = await chat.person("Hostile")
    flooded = await chat.room(hostile, ben)
    payload = {"chatRoomId": flooded, "content": "Again!", "seq": 0, "isTyping": True}
    async with raw_socket(chat.server, hostile) as attacker, flooding() as flood:
        for person in (ana, ben):
            flood.write(person, await connect(chat, person), room_id, limit=BURST - 10)
        answers = await asyncio.create_task(attack(attacker, event, payload))
        await flood.wait_for_the_end()
    outcomes = Counter("success" if envelope["success"] else envelope["code"] for envelope in answers)
    assert outcomes.total() == FLOOD_EVENTS
    assert outcomes["rate_limited"] > FLOOD_EVENTS * 0.9
    assert all(envelope["details"]["retryAfterMs"] > 0 for envelope in answers if "details" in envelope)
    if event == "send_message":
        assert await chat.count_messages(flooded) == outcomes["success"] >= BURST
    assert flood.others == []
    assert p99([send.waited_seconds for send in flood.sends]) < SMALL_SECONDS


async def attack(attacker: ClientConnection, event: str, payload: object) -> list[dict[str, object]]:
    """Send it many times without waiting; the acknowledgements that come."""
    text = json.dumps([event, payload])

    async def send() -> None:
        for number in range(FLOOD_EVENTS):
            await attacker.send(f"42{number}{text}")

    sending = asyncio.create_task(send())
    answers: list[dict[str, object]] = []
    try:
        while len(answers) < FLOOD_EVENTS:
            packet = str(await asyncio.wait_for(attacker.recv(), PATIENCE_SECONDS))
            if packet.startswith("43"):
                answers += json.loads(packet[packet.index("[") :])
    finally:
        await sending
    return answers
