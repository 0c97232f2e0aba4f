"""Promise 7, at the door: whoever pours frames into the server waits for themselves; nobody else does."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.acceptance.client import PATIENCE_SECONDS, Client, ConnectError
from tests.acceptance.conftest import StartChat
from tests.acceptance.people import Chat, Person
from tests.acceptance.pouring import BINARY, CONTINUATION, PING, Flood, frame, open_poll, pouring

MESSAGES = 40
# For nine of ten, on a machine that may be busy with other things. Without the bounds it is many seconds.
BEARABLE_SECONDS = 1.0

BRACKETS = b"[" + b"[]," * 33_000 + b"[]]"
STRANGERS = {
    "unknown namespaces on one connection": Flood(frames=frame(b"40/x,"), connections=1),
    "unknown namespaces": Flood(frames=frame(b"40/x,")),
    "pongs": Flood(frames=frame(b"3")),
    "pings of the WebSocket protocol": Flood(frames=frame(b"x" * 100, PING)),
    "binary messages": Flood(frames=frame(b"x", BINARY)),
    "empty fragments": Flood(first=frame(b"4", is_last=False), frames=frame(b"", CONTINUATION, is_last=False)),
    "small fragments": Flood(first=frame(b"4", is_last=False), frames=frame(b"x", CONTINUATION, is_last=False)),
    "a large payload of brackets": Flood(frames=frame(b"40" + BRACKETS)),
    "unknown namespaces, and back again": Flood(frames=frame(b"40/x,"), comes_back=True),
    "bad tokens, and back again": Flood(frames=frame(b'40{"token":"bad"}'), comes_back=True),
}
MEMBERS = {
    "unknown events": Flood(frames=frame(b'42["no_such_event"]'), is_signed_in=True),
    "typing": Flood(frames=frame(b'42["typing",{"chatRoomId":"x","isTyping":true}]'), is_signed_in=True),
    "messages": Flood(frames=frame(b'421["send_message",{"chatRoomId":"x","content":"Hello"}]'), is_signed_in=True),
    "pongs": Flood(frames=frame(b"3"), is_signed_in=True),
    "pings of the WebSocket protocol": Flood(frames=frame(b"x" * 100, PING), is_signed_in=True),
    "empty fragments": Flood(
        first=frame(b"4", is_last=False), frames=frame(b"", CONTINUATION, is_last=False), is_signed_in=True
    ),
    "the largest events": Flood(frames=frame(b'42["sync",["' + b"x" * 99_000 + b'"]]'), is_signed_in=True),
    "many small values": Flood(frames=frame(b'42["sync",[' + b'"",' * 33_000 + b'""]]'), is_signed_in=True),
    "many brackets": Flood(frames=frame(b'42["sync",' + BRACKETS + b"]"), is_signed_in=True, comes_back=True),
    "namespaces left and joined": Flood(
        frames=frame(b"41") + frame(b'40{"token":"dev-token-admin"}'), is_signed_in=True, comes_back=True
    ),
}


@pytest.fixture(scope="module")
async def standing_chat(start_chat: StartChat) -> AsyncIterator[Chat]:
    """Everybody here has the same address: those who come back after each refusal would use up its handshakes."""
    async with start_chat(HYRED_MAX_HANDSHAKES_PER_SECOND="0") as chat:
        yield chat


async def talk(chat: Chat, writer: Client, reader: Client, room_id: str) -> list[float]:
    """Messages one after another: how long each took until its reader had it, and how long health checks took."""
    waited = []
    for number in range(MESSAGES):
        started_at = time.monotonic()
        await writer.send(room_id, str(number))
        await reader.wait_for("new_message", lambda message, text=str(number): message["content"] == text)  # type: ignore[misc]
        waited.append(time.monotonic() - started_at)
        if number % 10 == 0:
            started_at = time.monotonic()
            assert (await chat.http.get("/api/health/live")).status_code == 200
            waited.append(time.monotonic() - started_at)
    return waited


async def watch(chat: Chat, flood: Flood, attacker: Person) -> list[int]:
    """Two people talk while the flood is on; what was poured by those whom the server has closed."""
    va, company, room_id = await chat.pair()
    writer, reader = await va.connect(join=room_id), await company.connect(join=room_id)
    async with pouring(chat.server, attacker, flood) as attackers:
        waited = await talk(chat, writer, reader, room_id)
        if not flood.is_signed_in:
            await attackers.wait_until_closed(flood.connections)
    assert sorted(waited)[len(waited) * 9 // 10] < BEARABLE_SECONDS, sorted(waited)
    return attackers.poured


async def connect_when_allowed(person: Person) -> Client:
    """As clients do: whoever has used up their rate of connecting waits as long as they are told, and comes again."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await person.connect()
            except ConnectError as refused:
                if refused.payload["data"]["code"] != "rate_limited":
                    raise
                await asyncio.sleep(refused.payload["data"]["details"]["retryAfterMs"] / 1000)


@pytest.mark.parametrize("flood", STRANGERS.values(), ids=STRANGERS)
async def test_whoever_has_not_signed_in_is_closed_after_a_few_packets_and_holds_up_nobody(
    chat: Chat, flood: Flood
) -> None:
    poured = await watch(chat, flood, await chat.person("Mallory"))
    # What the kernels on both sides took before the connection was closed comes on top of what the server has read.
    assert max(poured) < 10_000_000


@pytest.mark.parametrize("flood", MEMBERS.values(), ids=MEMBERS)
async def test_whoever_has_signed_in_and_floods_waits_for_themselves(chat: Chat, flood: Flood) -> None:
    mallory = await chat.person("Mallory")
    await watch(chat, flood, mallory)
    client = await connect_when_allowed(mallory)
    assert (await client.call("no_such_event"))["code"] in {"not_found", "rate_limited"}


@pytest.mark.parametrize("packet", ["3", '42["no_such_event"]', '42["typing",{"chatRoomId":"x","isTyping":true}]'])
async def test_polls_that_bring_thousands_of_packets_hold_up_nobody(chat: Chat, packet: str) -> None:
    mallory = await chat.person("Mallory")
    va, company, room_id = await chat.pair()
    writer, reader = await va.connect(join=room_id), await company.connect(join=room_id)
    body = "\x1e".join([packet] * (90_000 // (len(packet) + 1)))

    async def post() -> None:
        path = await open_poll(chat, mallory.token)
        while (await chat.http.post(path, content=body)).status_code == 200:
            pass

    attackers = [asyncio.create_task(post()) for _ in range(8)]
    try:
        waited = await talk(chat, writer, reader, room_id)
    finally:
        for attacker in attackers:
            attacker.cancel()
        await asyncio.gather(*attackers, return_exceptions=True)
    assert sorted(waited)[len(waited) * 9 // 10] < BEARABLE_SECONDS, sorted(waited)


@pytest.mark.parametrize("packet", ["3", "40/x,", '40{"token":"bad"}'])
async def test_a_poll_of_somebody_who_has_not_signed_in_brings_a_few_packets_and_no_more(
    chat: Chat, packet: str
) -> None:
    path = await open_poll(chat, None)
    assert (await chat.http.post(path, content="\x1e".join([packet] * 5000))).status_code == 200
    answers = (await chat.http.get(path)).text.split("\x1e")
    assert len(answers) <= 17
    assert (await chat.http.get(path)).status_code == 400
