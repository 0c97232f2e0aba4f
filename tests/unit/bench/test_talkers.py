"""What the bench's talkers say and what they write down."""

import json

import pytest

from bench.talkers import CONTENT_CHARS, content, packet, seqs


def test_a_packet_carries_the_number_as_acknowledgement_id_and_in_both_texts() -> None:
    filled = packet("room", "run") % (12, 12, 12)
    assert filled.startswith(b"4212[")
    event, body = json.loads(filled[4:])
    assert event == "send_message"
    assert body == {"chatRoomId": "room", "content": content(12), "clientMessageId": "run-0000000012"}


def test_what_a_talker_says_is_64_characters_long_whatever_its_number() -> None:
    assert {len(content(number)) for number in (1, 99, 1_234_567_890)} == {CONTENT_CHARS}


def test_a_per_cent_sign_in_an_id_stays_what_it_is() -> None:
    assert json.loads((packet("50%d", "run") % (1, 1, 1))[3:])[1]["chatRoomId"] == "50%d"


def test_a_seq_is_read_whatever_follows_it() -> None:
    assert seqs([b'"seq":7,"clientMessageId":', b'"seq":123456789,', b'"seq":8}]']) == [7, 123456789, 8]


def test_a_cutting_without_a_seq_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        seqs([b'42["new_message",{"id":"x'])
