"""Engine.IO v4 over HTTP long-polling: sections "Sending and receiving data" and "Packet encoding"."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.conformance.endpoints import MAX_PAYLOAD_BYTES, PATIENCE_SECONDS, Endpoint
from tests.conformance.polling import SEPARATOR, PollingSession, Reply, decode_open_packet, request


async def test_a_text_message_goes_and_comes(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Sending data: success is HTTP 200 with the string `ok`."""
    session = await PollingSession.open(http, engine_echo)
    reply = await session.post("4hello")
    assert (reply.status, reply.text) == (200, "ok")
    reply = await session.poll()
    assert (reply.status, reply.text) == (200, "4hello")
    assert reply.headers["Content-Type"].lower() == "text/plain; charset=utf-8"


async def test_several_packets_share_a_payload(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Packet encoding: packets are separated by U+001E."""
    session = await PollingSession.open(http, engine_echo)
    await session.send("4test1", "4test2", "4test3")
    assert (await session.poll()).text == "4test1\x1e4test2\x1e4test3"


async def test_binary_messages_are_base64_with_a_prefix(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Packet encoding: binary payloads MUST be base64-encoded and prefixed with `b`."""
    session = await PollingSession.open(http, engine_echo)
    await session.send("4hello", "bAQIDBA==")
    assert (await session.poll()).text == "4hello\x1ebAQIDBA=="


@pytest.mark.parametrize("length", [0, 1, 2, 3, 256, 100_000])
async def test_binary_messages_of_any_length_come_back_whole(
    engine_echo: Endpoint, http: aiohttp.ClientSession, length: int
) -> None:
    """Packet encoding: base64, padding and all."""
    session = await PollingSession.open(http, engine_echo)
    packet = "b" + base64.b64encode(bytes(index % 256 for index in range(length))).decode()
    await session.send(packet)
    assert (await session.poll()).text == packet


async def test_text_is_utf8_both_ways(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Packet encoding: the character encoding is UTF-8."""
    session = await PollingSession.open(http, engine_echo)
    packets = ["4€", "4日本語 \U0001f680", "4", "4é\u2028\x00\x7f"]
    await session.send(*packets)
    assert (await session.poll()).text.split(SEPARATOR) == packets


async def test_a_poll_waits_for_a_message(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Receiving data: the server may not respond right away if there are no packets buffered."""
    session = await PollingSession.open(http, engine_echo)
    pending = await session.start_poll()
    await session.send("4late")
    assert (await pending).text == "4late"


async def test_messages_keep_their_order_over_many_requests(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Sending data: one active POST at a time ensures packet ordering."""
    session = await PollingSession.open(http, engine_echo)
    sent = [f"4{index}" for index in range(100)]
    received: list[str] = []

    async def receive_all() -> None:
        while sent[-1] not in received:
            received.extend((await session.poll()).text.split(SEPARATOR))

    async with asyncio.timeout(PATIENCE_SECONDS):
        receiving = asyncio.create_task(receive_all())
        pongs = 0
        for start in range(0, len(sent), 4):
            owed = received.count("2") - pongs
            pongs += owed
            await session.send(*sent[start : start + 4], *["3"] * owed)
        await receiving
    assert [packet for packet in received if packet != "2"] == sent


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("abc", id="unknown type"),
        pytest.param("", id="nothing"),
        pytest.param("7", id="type 7"),
        pytest.param("4a\x1eabc\x1e4b", id="in the middle"),
        pytest.param("4a\x1e\x1e4b", id="an empty packet in the middle"),
        pytest.param("4a\x1e", id="an empty packet at the end"),
        pytest.param("b!!!!", id="no base64"),
        pytest.param(b"4\xff\xfe", id="no UTF-8"),
        pytest.param(b"4\xed\xa0\x80", id="a surrogate in UTF-8"),
    ],
)
async def test_a_malformed_payload_closes_the_session(
    engine_echo: Endpoint, http: aiohttp.ClientSession, body: str | bytes
) -> None:
    """Packet encoding: what is no packet ends the session."""
    session = await PollingSession.open(http, engine_echo)
    assert (await session.post(body)).status == 400
    assert (await session.poll()).status == 400
    assert (await session.post("4hello")).status == 400


async def test_two_polls_at_once_close_the_session(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Receiving data: more than one active GET, HTTP 400 and the session closes; the first is told so."""
    session = await PollingSession.open(http, endpoint)
    replies = await asyncio.gather(session.poll(), session.poll())
    assert sorted((reply.status, reply.text if reply.status == 200 else "") for reply in replies) == [
        (200, "1"),
        (400, ""),
    ]
    assert (await session.poll()).status == 400


async def test_two_posts_at_once_close_the_session(endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
    """Sending data: more than one active POST, HTTP 400 and the session closes."""
    session = await PollingSession.open(http, endpoint)
    reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
    # This one stays active: its body is announced and does not come.
    head = f"POST {session.target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n"
    writer.write(f"{head}Expect: 100-continue\r\n\r\n".encode())
    async with asyncio.timeout(PATIENCE_SECONDS):
        # The server asks for the body as soon as it reads it: from here on the request is under way.
        assert b"100" in await reader.readline()
    assert (await session.post("4second")).status == 400
    assert (await session.poll()).status == 400
    writer.close()
    await writer.wait_closed()


async def test_a_poll_that_the_client_gives_up_closes_the_session(
    engine_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """Receiving data: a cancelled poll may have taken packets with it, so the session cannot go on."""
    session = await PollingSession.open(http, engine_echo)
    reader, writer = await asyncio.open_connection("127.0.0.1", engine_echo.port)
    poll = f"GET {session.target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    async with asyncio.timeout(PATIENCE_SECONDS):
        # One poll that is answered, so that the server has this connection; then one that is given up.
        writer.write(poll)
        await session.send("4hello")
        await reader.readuntil(b"4hello")
        writer.write(poll)
        writer.close()
        await writer.wait_closed()
    assert (await session.poll()).status == 400


async def test_a_poll_that_is_asked_again_is_answered_again(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """RFC 9110, section 9.2.2: what carries HTTP repeats a GET by itself when its answer was lost on the way."""
    session = await PollingSession.open(http, engine_echo)
    first, second = (f"{session.address}&t={mark}" for mark in ("first", "second"))
    await session.send("4a", "4b")
    assert (await request(http, "GET", first)).text == "4a\x1e4b"
    await session.send("4c")
    assert (await request(http, "GET", first)).text == "4a\x1e4b"
    assert (await request(http, "GET", second)).text == "4c"
    assert (await request(http, "GET", second)).text == "4c"
    await session.send("4d")
    assert await session.receive() == ["4d"]


@pytest.mark.parametrize("mark", ["", "&t=always"])
async def test_a_client_whose_polls_are_not_marked_gets_each_packet_once(
    engine_echo: Endpoint, http: aiohttp.ClientSession, mark: str
) -> None:
    """HTTP long-polling: `t` is the client's own, and one that is the same in each request says nothing."""
    opened = await request(http, "GET", engine_echo.polling() + mark)
    session = PollingSession(http, engine_echo, decode_open_packet(opened.text)["sid"])
    for packet in ("4a", "4b", "4c"):
        await session.send(packet)
        assert (await request(http, "GET", session.address + mark)).text == packet


async def test_a_client_whose_marks_are_the_time_gets_each_packet_once(
    engine_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """HTTP long-polling: a `t` is enough against caches if it changes now and then, as the seconds do."""
    session = await PollingSession.open(http, engine_echo)
    for number in range(8):
        address = f"{session.address}&t={number // 4}"
        assert (await request(http, "POST", address, body=f"4{number}")).text == "ok"
        assert (await request(http, "GET", address)).text == f"4{number}"


async def test_a_client_that_marks_its_polls_only_by_the_time_gets_one_answer_twice_at_most(
    engine_echo: Endpoint, http: aiohttp.ClientSession
) -> None:
    """A second poll with the same `t` cannot be told from a repeated one, and a third can."""
    session = await PollingSession.open(http, engine_echo)
    received: list[str] = []
    for number in range(8):
        await session.send(f"4{number}")
        received += (await request(http, "GET", f"{session.address}&t={number // 4}")).text.split(SEPARATOR)
    assert received == ["40", "40", *(f"4{number}" for number in range(1, 8))]


async def test_a_post_that_comes_once_more_is_taken_once(engine_echo: Endpoint, http: aiohttp.ClientSession) -> None:
    """Browsers and proxies repeat a POST, too, when its answer was lost on the way."""
    session = await PollingSession.open(http, engine_echo)
    for mark, body in (("first", "4a"), ("second", "4a"), ("second", "4a"), ("third", "4b"), ("third", "4b")):
        reply = await request(http, "POST", f"{session.address}&t={mark}", body=body)
        assert (reply.status, reply.text) == (200, "ok")
    assert await session.receive() == ["4a", "4a", "4b"]


@pytest.mark.parametrize(("marks", "bodies"), [("12233", "abcde"), ("11111", "aaaaa")])
async def test_posts_are_all_taken_where_marks_do_not_tell_them_apart(
    engine_echo: Endpoint, http: aiohttp.ClientSession, marks: str, bodies: str
) -> None:
    """Sending data: a `t` says nothing of what is sent."""
    session = await PollingSession.open(http, engine_echo)
    for mark, body in zip(marks, bodies, strict=True):
        assert (await request(http, "POST", f"{session.address}&t={mark}", body=f"4{body}")).text == "ok"
    assert await session.receive() == [f"4{body}" for body in bodies]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
async def test_other_methods_are_refused_and_the_session_lives(
    engine_echo: Endpoint, http: aiohttp.ClientSession, method: str
) -> None:
    """HTTP long-polling: GET requests receive, POST requests send."""
    session = await PollingSession.open(http, engine_echo)
    assert (await request(http, method, session.address, body="4hello")).status in {400, 405}
    await session.send("4hello")
    assert await session.receive() == ["4hello"]


async def chunks_of(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


async def post_sized(session: PollingSession, length: int, *, chunked: bool) -> Reply:
    body = b"4" + b"x" * (length - 1)
    return await session.post(chunks_of(body) if chunked else io.BytesIO(body))


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_payload_of_the_greatest_size_is_taken(
    engine_echo: Endpoint, http: aiohttp.ClientSession, chunked: bool
) -> None:
    """Handshake: `maxPayload` is the maximum number of bytes per chunk."""
    session = await PollingSession.open(http, engine_echo)
    reply = await post_sized(session, MAX_PAYLOAD_BYTES, chunked=chunked)
    assert (reply.status, reply.text) == (200, "ok")
    assert await session.receive() == ["4" + "x" * (MAX_PAYLOAD_BYTES - 1)]


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("length", [MAX_PAYLOAD_BYTES + 1, 3 * MAX_PAYLOAD_BYTES])
async def test_a_greater_payload_is_refused_as_too_large(
    engine_echo: Endpoint, http: aiohttp.ClientSession, length: int, chunked: bool
) -> None:
    """Handshake: `maxPayload`; RFC 9110, section 15.5.14: 413."""
    session = await PollingSession.open(http, engine_echo)
    assert (await post_sized(session, length, chunked=chunked)).status == 413
