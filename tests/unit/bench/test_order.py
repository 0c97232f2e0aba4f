"""The bench's proof that nothing was lost, doubled or reordered."""

from typing import Any

import pytest

from bench.order import BrokenPromiseError, check_order, check_same, message_of


def message(**changes: Any) -> dict[str, Any]:
    return {"seq": 7, "clientMessageId": "a-1", "content": "Hello", "isOwn": True, "status": "sent", **changes}


def test_a_room_that_both_received_in_order_is_whole_whoever_was_acknowledged_first() -> None:
    check_order(5, [6, 5, 7], [[5, 6, 7], [5, 6, 7]])


def test_a_room_in_which_nothing_was_said_is_whole() -> None:
    check_order(1, [], [[], []])


@pytest.mark.parametrize(
    ("acknowledged", "fault"),
    [([5, 7], "7 after 5"), ([5, 5, 6], "5 after 5"), ([6, 7], "6 after 4")],
    ids=["a gap", "one seq twice", "a late start"],
)
def test_acknowledged_seqs_that_are_not_each_once_and_without_a_gap_break_the_promise(
    acknowledged: list[int], fault: str
) -> None:
    with pytest.raises(BrokenPromiseError, match=f"^acknowledged .*{fault}"):
        check_order(5, acknowledged, [list(range(5, 5 + len(acknowledged)))])


@pytest.mark.parametrize(
    ("received", "fault"),
    [([5, 7], "7 after 5"), ([5, 7, 6], "7 after 5"), ([5, 6, 6, 7], "6 after 6"), ([5, 6], "2 messages")],
    ids=["lost", "reordered", "twice", "never came"],
)
def test_a_socket_that_received_anything_else_breaks_the_promise(received: list[int], fault: str) -> None:
    with pytest.raises(BrokenPromiseError, match=f"socket 1 received .*{fault}"):
        check_order(5, [5, 6, 7], [[5, 6, 7], received])


def test_copies_may_differ_in_what_depends_on_who_looks_and_when() -> None:
    check_same([message(), message(isOwn=False, status="delivered")], {"a-1": "Hello"})


def test_copies_that_differ_in_anything_else_break_the_promise() -> None:
    with pytest.raises(BrokenPromiseError, match="two copies"):
        check_same([message(senderId="me"), message(senderId="you")], {"a-1": "Hello"})


def test_a_message_that_does_not_say_what_was_sent_breaks_the_promise() -> None:
    with pytest.raises(BrokenPromiseError, match="does not say what was sent"):
        check_same([message(content="Hullo")], {"a-1": "Hello"})


def test_a_message_that_nobody_sent_breaks_the_promise() -> None:
    with pytest.raises(BrokenPromiseError, match="does not say what was sent"):
        check_same([message(clientMessageId="b-1")], {"a-1": "Hello"})


def test_a_message_is_found_in_an_acknowledgement_and_in_an_event() -> None:
    assert message_of(b'4312[{"success":true,"data":{"seq":3}}]') == {"seq": 3}
    assert message_of(b'42["new_message",{"seq":3}]') == {"seq": 3}
