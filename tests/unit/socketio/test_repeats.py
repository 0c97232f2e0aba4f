"""Which requests of a session that polls are repeated ones."""

import pytest

from hyred_chat.socketio.repeats import MAX_MARK_CHARACTERS, Repeats


def ask(repeats: Repeats, mark: str | None, payload: bytes) -> bytes:
    """The answer to a poll, which is `payload` if it is a new one."""
    answer = repeats.answer_again(mark)
    if answer is not None:
        return answer
    repeats.poll_answered(payload)
    return payload


def test_a_poll_is_answered_again_until_another_comes() -> None:
    repeats = Repeats("opened")
    assert ask(repeats, "1", b"a") == b"a"
    assert ask(repeats, "1", b"b") == b"a"
    assert ask(repeats, "2", b"b") == b"b"
    assert ask(repeats, "1", b"c") == b"c"
    assert ask(repeats, "1", b"d") == b"c"


def test_a_poll_that_comes_a_third_time_is_a_new_one_and_so_are_all_from_then_on() -> None:
    repeats = Repeats(None)
    assert [ask(repeats, "1", b"%d" % number) for number in range(4)] == [b"0", b"0", b"2", b"3"]
    assert ask(repeats, "2", b"e") == b"e"
    assert ask(repeats, "2", b"f") == b"f"


@pytest.mark.parametrize("mark", [None, "x" * (MAX_MARK_CHARACTERS + 1)])
def test_requests_without_a_mark_of_some_length_are_never_repeated_ones(mark: str | None) -> None:
    repeats = Repeats(mark)
    assert [ask(repeats, mark, b"%d" % number) for number in range(3)] == [b"0", b"1", b"2"]
    assert not any(repeats.is_posted_again(mark, b"4a") for _ in range(3))


def test_the_longest_mark_is_one() -> None:
    mark = "x" * MAX_MARK_CHARACTERS
    repeats = Repeats(None)
    assert [ask(repeats, mark, payload) for payload in (b"a", b"b")] == [b"a", b"a"]


def test_a_post_is_repeated_when_mark_and_body_are_the_same() -> None:
    repeats = Repeats("opened")
    posts = [("1", b"4a"), ("2", b"4a"), ("2", b"4a"), ("2", b"4a"), ("1", b"4a"), ("1", b"4a")]
    assert [repeats.is_posted_again(*post) for post in posts] == [False, False, True, True, False, True]


def test_posts_that_all_bear_the_same_mark_are_not_repeated_ones() -> None:
    repeats = Repeats("opened")
    for number in range(3):
        ask(repeats, f"{number}", b"2")
        assert not repeats.is_posted_again("always", b"3")


def handshake_and_poll(repeats: Repeats) -> None:
    ask(repeats, "opened", b"a")


def handshake_and_post(repeats: Repeats) -> None:
    repeats.is_posted_again("opened", b"4a")


def poll_and_post(repeats: Repeats) -> None:
    ask(repeats, "1", b"a")
    repeats.is_posted_again("1", b"4a")


def post_and_poll(repeats: Repeats) -> None:
    repeats.is_posted_again("1", b"4a")
    ask(repeats, "1", b"a")


def two_posts(repeats: Repeats) -> None:
    repeats.is_posted_again("1", b"4a")
    repeats.is_posted_again("1", b"4b")


@pytest.mark.parametrize(
    "share_a_mark", [handshake_and_poll, handshake_and_post, poll_and_post, post_and_poll, two_posts]
)
def test_marks_say_nothing_once_different_requests_bore_the_same(share_a_mark: object) -> None:
    repeats = Repeats("opened")
    assert callable(share_a_mark)
    share_a_mark(repeats)
    assert [ask(repeats, mark, payload) for mark, payload in (("1", b"b"), ("5", b"c"), ("5", b"d"))] == [
        b"b",
        b"c",
        b"d",
    ]
    assert not any(repeats.is_posted_again(mark, b"4c") for mark in ("6", "7", "7"))
