"""The stream of RESP3 on a node's way to Redis, cut into replies."""

import random

import pytest

from faults.resp import Mischief, Replies, is_message

MESSAGE = b">3\r\n$7\r\nmessage\r\n$3\r\none\r\n$6\r\na\r\nb\r\n\r\n"
REPLIES = [b"+OK\r\n", b":1\r\n", MESSAGE, b"$-1\r\n", b"%1\r\n+a\r\n*2\r\n:1\r\n$1\r\nx\r\n", b"_\r\n", b"*-1\r\n"]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_a_stream_is_cut_into_replies_however_it_arrives(size: int) -> None:
    replies, stream = Replies(), b"".join(REPLIES)
    found = [reply for at in range(0, len(stream), size) for reply in replies.feed(stream[at : at + size])]
    assert found == REPLIES
    assert [is_message(reply) for reply in found] == [reply is MESSAGE for reply in REPLIES]


def test_what_is_no_resp_is_refused() -> None:
    with pytest.raises(ValueError, match="begins no reply"):
        Replies().feed(b"HTTP/1.1 200 OK\r\n")


def test_messages_are_lost_doubled_and_delayed_as_often_as_it_is_said() -> None:
    mischief, chance = Mischief(lost=0.2, doubled=0.3, delayed=0.4), random.Random(1)  # noqa: S311
    copies = [mischief.copies(chance) for _ in range(10_000)]
    assert sum(not each for each in copies) == pytest.approx(2000, rel=0.1)
    assert sum(len(each) == 2 for each in copies) == pytest.approx(3000, rel=0.1)
    assert sum(len(each) == 1 and each[0] > 0 for each in copies) == pytest.approx(4000, rel=0.1)
