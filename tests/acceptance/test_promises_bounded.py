"""Promise 7: everything has a bound, and a slow or hostile client hurts only itself."""

import asyncio
import json
import socket as sockets
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import psutil
import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from tests.acceptance.failures import (
    NO_LIMITS,
    PATIENCE_SECONDS,
    LosableClient,
    chat_on,
    connect,
    raw_ask,
    raw_socket,
    read_until_closed,
    wait_for_status,
)
from tests.acceptance.floods import check_live, check_stored, flooding, p99
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import Server, start_server
from tests.postgres import TemplateServer

BUFFER_BYTES = 65_536
# What a kernel holds for a connection that nobody reads, generously, comes on top of the server's buffer.
KERNEL_BYTES = 12_000_000
LONG_CHARS, LONG_BYTES = 1000, 3000
SMALL_SECONDS = 1.0
BURST, EVENTS_BURST = 60, 240  # the default limits
FLOOD_EVENTS = 10_000
MAX_CONNECTIONS = 20
POLL = "/socket.io/?EIO=4&transport=polling"
MAX_FRAME_BYTES = 100_000
# A leak of a kilobyte for each visit fills what the process has free in the first half, and shows in the second.
VISITORS, CYCLES = 10, 1500
# That would be 3 MB here.
GROWTH_BYTES = 400_000


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
                await read_until_closed(reader)
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
    payload = {"chatRoomId": flooded, "content": "Again! " * 10, "seq": 0, "isTyping": True}
    async with raw_socket(chat.server, hostile) as attacker, flooding() as flood:
        for person in (ana, ben):
            flood.write(person, await connect(chat, person), room_id, limit=BURST - 10)
        started = time.monotonic()
        answers = await attack(attacker, event, payload)
        took_seconds = time.monotonic() - started
        await flood.wait_for_the_end()
    outcomes = Counter("success" if envelope["success"] else envelope["code"] for envelope in answers)
    assert outcomes.total() == FLOOD_EVENTS
    burst, per_second = (BURST, 10) if event == "send_message" else (EVENTS_BURST, 50)
    assert FLOOD_EVENTS - outcomes["rate_limited"] <= burst + per_second * took_seconds + 1
    assert all(envelope["details"]["retryAfterMs"] > 0 for envelope in answers if "details" in envelope)
    if event == "send_message":
        assert await chat.count_messages(flooded) == outcomes["success"] >= BURST
    assert flood.others == []
    assert p99([send.waited_seconds for send in flood.sends]) < SMALL_SECONDS


async def attack(attacker: ClientConnection, event: str, payload: object) -> list[dict[str, Any]]:
    """Send it many times in one write; the acknowledgements that come."""
    text = json.dumps([event, payload])
    attacker.transport.write(b"".join(encode_unmasked(f"42{number}{text}") for number in range(FLOOD_EVENTS)))
    answers: list[dict[str, Any]] = []
    while len(answers) < FLOOD_EVENTS:
        packet = str(await asyncio.wait_for(attacker.recv(), PATIENCE_SECONDS))
        if packet.startswith("43"):
            answers += json.loads(packet[packet.index("[") :])
    return answers


def encode_unmasked(text: str) -> bytes:
    """A client's frame whose mask is zero, which is quick to make."""
    payload = text.encode()
    assert len(payload) > 125
    return b"\x81\xfe" + len(payload).to_bytes(2, "big") + bytes(4) + payload


async def test_a_frame_over_the_bound_costs_its_socket_and_nobody_else(chat: Chat) -> None:
    ana, ben, room_id = await chat.pair()
    watcher, sender = await ben.connect(join=room_id), await ana.connect()
    async with raw_socket(chat.server, ana) as attacker:
        await attacker.send(
            "42" + json.dumps(["send_message", {"chatRoomId": room_id, "content": "x" * MAX_FRAME_BYTES}])
        )
        await read_until_closed(attacker)
    message = await sender.send(room_id, "still here")
    assert (await watcher.wait_for("new_message"))["id"] == message["id"]
    assert message["seq"] == 1


async def test_an_address_has_no_more_connections_than_it_may(database_url: str) -> None:
    settings = {"HYRED_MAX_CONNECTIONS_PER_ADDRESS": str(MAX_CONNECTIONS)}
    async with start_server(database_url, **settings) as server, chat_on(server) as chat, AsyncExitStack() as stack:
        ana, ben, room_id = await chat.pair()
        watcher = await ben.connect(join=room_id)
        polling = await connect(chat, ben, transport="polling")
        await chat.hang_up()
        held: list[ClientConnection] = []

        async def hold_as_many_as_there_may_be() -> None:
            while len(held) < MAX_CONNECTIONS:
                held.append(await stack.enter_async_context(raw_socket(server, ana)))

        with pytest.raises(websockets.InvalidStatus) as refusal:
            await hold_as_many_as_there_may_be()
        assert refusal.value.response.status_code == 403
        # The socket and one or two connections of the polling client are the others.
        assert MAX_CONNECTIONS - 4 <= len(held) < MAX_CONNECTIONS - 1
        last = held[-1]
        assert (await chat.http.get(POLL)).status_code == 403
        assert (await raw_ask(last, 1, "send_message", {"chatRoomId": room_id, "content": "in"}))["success"]
        await watcher.wait_for("new_message")
        await polling.disconnect()
        await wait_for_status(chat, POLL, 200)


async def come_and_go(server: Server, person: Person, room_id: str, count: int) -> None:
    for _ in range(count):
        async with raw_socket(server, person) as socket:
            assert (await raw_ask(socket, 1, "join_chat", {"chatRoomId": room_id}))["success"]
            assert (await raw_ask(socket, 2, "leave_chat", {"chatRoomId": room_id}))["success"]


async def test_memory_does_not_grow_with_sockets_that_come_and_go(open_server: Server) -> None:
    process = psutil.Process(open_server.process.pid)
    async with chat_on(open_server) as chat:
        people = [await chat.person() for _ in range(VISITORS)]
        room_id = await chat.room(*people)
        sizes = []
        for _ in range(4):
            await asyncio.gather(*(come_and_go(open_server, person, room_id, CYCLES // VISITORS) for person in people))
            sizes.append(process.memory_info().rss)
    assert sizes[3] - sizes[1] < GROWTH_BYTES, sizes
