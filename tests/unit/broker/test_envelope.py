"""Envelopes arrive as they were sent, those of the next version too, and garbage is known as garbage."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.broker.envelope import MAX_ENVELOPE_BYTES, MAX_HEADER_BYTES, VERSION, Envelope, decode
from hyred_chat.broker.errors import EnvelopeError

BYTE = st.integers(min_value=0, max_value=255)
ENVELOPES = st.builds(
    Envelope,
    kind=BYTE,
    fields=st.dictionaries(BYTE, st.binary(max_size=100), max_size=10),
    body=st.binary(),
    is_truncated=st.just(value=False),
)


@given(ENVELOPES)
def test_an_envelope_arrives_as_it_was_sent(envelope: Envelope) -> None:
    assert decode(envelope.encode()) == envelope


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda rest: bytes([VERSION]) + rest))
def test_garbage_is_an_envelope_or_an_error_of_envelopes(data: bytes) -> None:
    with suppress(EnvelopeError):
        decode(data)


@given(ENVELOPES, st.data())
def test_an_envelope_that_was_cut_off_within_its_header_is_refused(envelope: Envelope, data: st.DataObject) -> None:
    encoded = envelope.encode()
    header = len(encoded) - len(envelope.body)
    with pytest.raises(EnvelopeError):
        decode(encoded[: data.draw(st.integers(min_value=0, max_value=header - 1))])


def test_a_body_that_is_too_large_is_left_out_and_that_is_said() -> None:
    arrived = decode(Envelope(3, {1: b"room", 2: b"17"}, bytes(MAX_ENVELOPE_BYTES)).encode())
    assert arrived == Envelope(3, {1: b"room", 2: b"17"}, b"", is_truncated=True)


def test_the_largest_body_that_fits_is_sent() -> None:
    envelope = Envelope(3, {1: b"room"})
    largest = envelope._replace(body=bytes(MAX_ENVELOPE_BYTES - len(envelope.encode())))
    assert len(largest.encode()) == MAX_ENVELOPE_BYTES
    assert decode(largest.encode()) == largest


@pytest.mark.parametrize(
    "envelope",
    [
        Envelope(256, {}),
        Envelope(0, {256: b""}),
        Envelope(0, {1: bytes(MAX_HEADER_BYTES)}),
        Envelope(0, {1: bytes(70_000)}),
        Envelope(0, dict.fromkeys(range(-1, 256), b"")),
    ],
)
def test_what_does_not_fit_into_a_header_is_refused_by_the_sender(envelope: Envelope) -> None:
    with pytest.raises(EnvelopeError):
        envelope.encode()


def test_flags_of_a_later_version_are_ignored() -> None:
    encoded = bytearray(Envelope(1, {}, b"body").encode())
    encoded[2] |= 0b1111_1110
    assert decode(bytes(encoded)) == Envelope(1, {}, b"body")


def test_another_version_is_refused() -> None:
    with pytest.raises(EnvelopeError, match="version 2"):
        decode(b"\x02" + Envelope(1, {}, b"body").encode()[1:])


def test_more_than_an_envelope_may_have_is_refused() -> None:
    with pytest.raises(EnvelopeError, match="large"):
        decode(Envelope(1, {}).encode() + bytes(MAX_ENVELOPE_BYTES))
