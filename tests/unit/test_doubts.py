"""What may have been done although it was refused."""

from hyred_chat.doubts import MAX_DOUBTS, Doubts


def test_a_doubt_is_settled_once() -> None:
    doubts = Doubts[str]()
    doubts.note("a")
    doubts.note("a")
    assert [doubts.settle(key) for key in ("b", "a", "a")] == [False, True, False]


def test_doubts_are_bounded_and_the_oldest_goes_first() -> None:
    doubts = Doubts[int]()
    for number in range(MAX_DOUBTS + 1):
        doubts.note(number)
    assert [doubts.settle(number) for number in (0, 1, MAX_DOUBTS)] == [False, True, True]
