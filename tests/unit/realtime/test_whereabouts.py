"""Who is only here, and who must be told of elsewhere."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from hyred_chat.realtime.whereabouts import ANSWER_SECONDS, Whereabouts


class FakeLoop:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], None]) -> Any:
        self.calls.append((when, callback))
        return self

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.calls.append((self.now, callback))

    def cancel(self) -> None:
        self.calls.clear()

    def pass_seconds(self, seconds: float) -> None:
        self.now += seconds
        while due := [call for call in self.calls if call[0] <= self.now]:
            for call in due:
                self.calls.remove(call)
                call[1]()


@pytest.fixture
def loop() -> FakeLoop:
    return FakeLoop()


@pytest.fixture
def announced() -> list[str]:
    return []


@pytest.fixture
def whereabouts(loop: FakeLoop, announced: list[str]) -> Whereabouts:
    return Whereabouts(announced.append, clock=lambda: cast("Any", loop))


def test_who_has_come_is_announced_and_only_here_once_nobody_has_answered(
    whereabouts: Whereabouts, loop: FakeLoop, announced: list[str]
) -> None:
    whereabouts.arrive("ana")
    assert announced == ["ana"]
    assert not whereabouts.is_only_here("ana")
    loop.pass_seconds(ANSWER_SECONDS)
    assert whereabouts.is_only_here("ana")


def test_who_another_node_has_is_never_only_here(whereabouts: Whereabouts, loop: FakeLoop) -> None:
    whereabouts.arrive("ana")
    whereabouts.hear_here("ana", "b")
    loop.pass_seconds(ANSWER_SECONDS)
    assert not whereabouts.is_only_here("ana")
    whereabouts.arrive("ben")
    loop.pass_seconds(ANSWER_SECONDS)
    whereabouts.hear_here("ben", "b")
    assert not whereabouts.is_only_here("ben")


def test_who_has_gone_from_the_last_other_node_is_only_here_after_a_while(
    whereabouts: Whereabouts, loop: FakeLoop
) -> None:
    whereabouts.arrive("ana")
    for node in ("b", "c"):
        whereabouts.hear_here("ana", node)
    whereabouts.hear_gone("ana", "b")
    loop.pass_seconds(ANSWER_SECONDS)
    assert not whereabouts.is_only_here("ana")
    whereabouts.hear_gone("ana", "c")
    assert not whereabouts.is_only_here("ana")
    loop.pass_seconds(ANSWER_SECONDS)
    assert whereabouts.is_only_here("ana")


def test_a_doubt_lasts_its_time_though_there_was_one_before(whereabouts: Whereabouts, loop: FakeLoop) -> None:
    whereabouts.arrive("ana")
    loop.pass_seconds(ANSWER_SECONDS - 1)
    whereabouts.forget()
    loop.pass_seconds(0)
    loop.pass_seconds(ANSWER_SECONDS - 1)
    assert not whereabouts.is_only_here("ana")
    loop.pass_seconds(1)
    assert whereabouts.is_only_here("ana")


def test_when_something_may_have_been_missed_everybody_is_announced_anew_in_slices(
    whereabouts: Whereabouts, loop: FakeLoop, announced: list[str]
) -> None:
    people = [f"person-{number}" for number in range(450)]
    for person in people:
        whereabouts.arrive(person)
    loop.pass_seconds(ANSWER_SECONDS)
    announced.clear()
    whereabouts.forget()
    assert not announced
    assert not any(whereabouts.is_only_here(person) for person in people)
    loop.pass_seconds(0)
    assert sorted(announced) == sorted(people)


def test_nothing_is_kept_of_who_is_gone(whereabouts: Whereabouts, loop: FakeLoop) -> None:
    whereabouts.arrive("ana")
    whereabouts.hear_here("ana", "b")
    whereabouts.depart("ana")
    whereabouts.hear_here("ana", "b")
    loop.pass_seconds(ANSWER_SECONDS)
    assert not whereabouts.is_only_here("ana")
    assert not whereabouts.is_elsewhere("ana")
