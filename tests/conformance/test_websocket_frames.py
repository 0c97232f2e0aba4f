"""WebSocket itself (RFC 6455), where a client may break it: the connection fails, and nothing of it is taken."""

import pytest

from tests.conformance.endpoints import Endpoint
from tests.conformance.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    TEXT,
    encode_frame,
    encode_length,
    encode_upgrade,
    open_frames,
    open_stream,
)

HELLO = encode_frame(b"4hello")


@pytest.mark.parametrize(
    "frames",
    [
        pytest.param(encode_frame(b"4hello", masked=False), id="5.1 not masked"),
        pytest.param(encode_frame(b"4hello", reserved=0b100), id="5.2 compressed without agreement"),
        pytest.param(encode_frame(b"4hello", reserved=0b001), id="5.2 reserved bit"),
        pytest.param(encode_frame(b"4hello", 0x3), id="5.2 reserved data opcode"),
        pytest.param(encode_frame(b"4hello", 0xB), id="5.2 reserved control opcode"),
        pytest.param(encode_frame(b"4hello", length=encode_length(1 << 63, 8)), id="5.2 the highest bit of the length"),
        pytest.param(encode_frame(b"4hello", CONTINUATION), id="5.4 continuation of nothing"),
        pytest.param(encode_frame(b"4he", final=False) + HELLO, id="5.4 a message within a message"),
        pytest.param(encode_frame(b"4", final=False) + encode_frame(b"", BINARY), id="5.4 binary within a text"),
        pytest.param(encode_frame(b"", PING, final=False), id="5.5 fragmented control frame"),
        pytest.param(encode_frame(b"x" * 126, PING), id="5.5 long control frame"),
        pytest.param(encode_frame(b"4\xff\xfe"), id="8.1 no UTF-8"),
        pytest.param(encode_frame(b"4\xed\xa0\x80"), id="8.1 a surrogate in UTF-8"),
        pytest.param(encode_frame(b"4\xe2\x82"), id="8.1 a cut character"),
        pytest.param(encode_frame(b"4\xe2", final=False) + encode_frame(b"(", CONTINUATION), id="8.1 in fragments"),
    ],
)
async def test_a_broken_frame_fails_the_connection(engine_echo: Endpoint, frames: bytes) -> None:
    """RFC 6455, section 7.1.7: fail the WebSocket connection; a close frame may say why."""
    async with open_frames(engine_echo) as stream:
        stream.writer.write(frames + HELLO)
        said = await stream.read_to_end()
        assert said[:1] in {b"", bytes([0x80 | CLOSE])}
        assert b"hello" not in said


async def test_a_character_may_be_cut_between_fragments(engine_echo: Endpoint) -> None:
    """RFC 6455, section 5.6: it is the whole message that must be UTF-8."""
    async with open_frames(engine_echo) as stream:
        stream.writer.write(encode_frame(b"4\xe2\x82", final=False) + encode_frame(b"\xac", CONTINUATION))
        assert await stream.read_message() == (TEXT, "4€".encode())


async def test_a_frame_may_arrive_byte_by_byte(engine_echo: Endpoint) -> None:
    """RFC 6455, section 5: TCP keeps no boundaries."""
    frames = HELLO + encode_frame(b"\x01\x02" * 100, BINARY)
    async with open_frames(engine_echo) as stream:
        for index in range(len(frames)):
            stream.writer.write(frames[index : index + 1])
            await stream.writer.drain()
        assert await stream.read_message() == (TEXT, b"4hello")
        assert await stream.read_message() == (BINARY, b"\x01\x02" * 100)


async def test_many_frames_may_arrive_at_once(engine_echo: Endpoint) -> None:
    """RFC 6455, section 5: TCP keeps no boundaries."""
    async with open_frames(engine_echo) as stream:
        stream.writer.write(b"".join(encode_frame(b"4%d" % index) for index in range(100)))
        assert [(await stream.read_message())[1] for _ in range(100)] == [b"4%d" % index for index in range(100)]


async def test_a_close_frame_is_answered_with_a_close_frame(engine_echo: Endpoint) -> None:
    """RFC 6455, section 5.5.1: the endpoint must send a close frame in response, then close TCP."""
    async with open_frames(engine_echo) as stream:
        stream.writer.write(encode_frame(b"\x03\xe8", CLOSE) + HELLO)
        opcode, payload = await stream.read_message()
        assert opcode == CLOSE
        assert payload in {b"", b"\x03\xe8"}
        assert await stream.read_to_end() == b""


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"sec_websocket_key": None}, id="no key"),
        pytest.param({"sec_websocket_version": "12"}, id="an old version"),
        pytest.param({"sec_websocket_version": None}, id="no version"),
    ],
)
async def test_a_handshake_that_is_not_websockets_is_refused(
    endpoint: Endpoint, headers: dict[str, str | None]
) -> None:
    """RFC 6455, sections 4.2.1 and 4.4: an error code such as 400, or 426 with the version that would do."""
    async with open_stream(endpoint) as stream:
        stream.writer.write(encode_upgrade(endpoint, **headers))
        status = (await stream.read_head()).split(b" ")[1]
        assert status in {b"400", b"426"}


async def test_a_handshake_may_be_as_long_as_cookies_make_it(endpoint: Endpoint) -> None:
    """RFC 6455, section 4.2.1: any header may come along; browsers send all cookies of the host."""
    async with open_stream(endpoint) as stream:
        stream.writer.write(encode_upgrade(endpoint, cookie=f"session={'x' * 8000}", authorization="y" * 4000))
        assert (await stream.read_head()).startswith(b"HTTP/1.1 101 ")
        assert (await stream.read_message())[1].startswith(b"0{")


async def test_the_words_of_a_handshake_may_be_written_in_any_case(endpoint: Endpoint) -> None:
    """RFC 6455, section 4.2.1: compared without regard to case, among other tokens."""
    async with open_stream(endpoint) as stream:
        stream.writer.write(encode_upgrade(endpoint, upgrade="WebSocket", connection="keep-alive, UPGRADE"))
        assert (await stream.read_head()).startswith(b"HTTP/1.1 101 ")
        assert (await stream.read_message())[1].startswith(b"0{")
