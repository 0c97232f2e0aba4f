"""The packets of a poll's POST: taken apart, and worked off in turns."""

import asyncio
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.socketio import PacketError, reasons
from hyred_chat.socketio.posts import Post
from hyred_chat.socketio.turns import Allowance, Turns
from tests.unit.socketio.fakes import RecordingReceiver, RecordingTransport, new_session


async def deliver(body: bytes, allowance: Allowance | None = None) -> tuple[list[bytes], list[str]]:
    """What its session got, and why it was closed."""
    transport, receiver = RecordingTransport(), RecordingReceiver()
    session = new_session(transport)
    session.receiver, session.allowance = receiver, allowance
    await Post(session, body).deliver(Turns())
    return receiver.received, transport.closed


async def test_packets_are_delivered_in_their_order_and_binary_ones_decoded() -> None:
    assert await deliver(b"4a\x1ebAQI=\x1e3\x1e4b") == ([b"4a", b"\1\2", b"4b"], [])


@pytest.mark.parametrize("body", [b"", b"\x1e", b"4a\x1e", b"\x1e4a", b"4a\x1e\x1e4b", b"4a\x1eb@", b"4\xff"])
async def test_a_body_with_something_that_is_no_packet_is_refused(body: bytes) -> None:
    with pytest.raises(PacketError):
        await deliver(body)


@given(body=st.binary())
def test_any_body_is_delivered_or_refused(body: bytes) -> None:
    async def run() -> list[bytes]:
        received, closed = await deliver(body)
        return [] if closed else received

    with contextlib.suppress(PacketError):
        received = asyncio.run(run())
        texts = [packet for packet in body.split(b"\x1e") if packet.startswith(b"4")]
        assert [packet for packet in received if packet in texts] == texts or not received


async def test_what_follows_a_goodbye_is_not_looked_at() -> None:
    assert await deliver(b"4a\x1e1\x1e4b") == ([b"4a"], [reasons.TRANSPORT_CLOSE])


async def test_a_small_body_is_taken_at_once_and_a_large_one_in_turns() -> None:
    for count, is_at_once in ((16, True), (17, False)):
        receiver = RecordingReceiver()
        session = new_session()
        session.receiver = receiver
        request = Post(session, b"\x1e".join([b"4a"] * count)).deliver(Turns())
        task = asyncio.create_task(request)
        asyncio.get_running_loop().call_soon(lambda: seen.append(len(receiver.received)))  # noqa: B023
        seen: list[int] = []
        await task
        assert (seen[0] == count) == is_at_once
        assert len(receiver.received) == count


async def test_a_stranger_s_packets_are_counted() -> None:
    received, closed = await deliver(b"\x1e".join([b"4a"] * 1000), Allowance(5, 100, 0.0))
    assert (len(received), closed) == (5, [reasons.TOO_MANY_PACKETS])


async def test_a_request_that_is_given_up_delivers_no_more() -> None:
    first = asyncio.Event()

    class Receiver(RecordingReceiver):
        def text_received(self, packet: bytes) -> None:
            super().text_received(packet)
            first.set()

    receiver = Receiver()
    session = new_session()
    session.receiver = receiver
    request = asyncio.create_task(Post(session, b"\x1e".join([b"4a"] * 100_000)).deliver(Turns()))
    await first.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    received = len(receiver.received)
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(receiver.received) == received < 100_000
