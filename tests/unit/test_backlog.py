"""Work on keys in batches: nothing is lost, nothing is done twice, and what fails is done again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from hyred_chat import backlog
from hyred_chat.backlog import Backlog
from hyred_chat.errors import UnavailableError

Batch = dict[str, list[int]]


class Work:
    """Remembers its batches, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.failures: list[Exception] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self._worked = asyncio.Condition()

    async def __call__(self, batch: Batch) -> None:
        self.batches.append(dict(batch))
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        async with self._worked:
            self._worked.notify_all()
        if self.failures:
            raise self.failures.pop()

    async def wait_for(self, count: int) -> list[Batch]:
        async with asyncio.timeout(5), self._worked:
            await self._worked.wait_for(lambda: len(self.batches) >= count)
        return self.batches


@asynccontextmanager
async def running(waiting: Backlog[str, list[int]]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(waiting.run())
        yield
        task.cancel()


def backlog_of(work: Work, *, batch_size: int = 10, limit: int | None = None) -> Backlog[str, list[int]]:
    return Backlog(
        work,
        complaint="Letters could not be read",
        batch_size=batch_size,
        merge=lambda before, later: before + later,
        limit=limit,
    )


def adding(waiting: Backlog[str, list[int]], letters: str) -> Callable[[], None]:
    def add() -> None:
        for letter in letters:
            waiting.add(letter, [2])

    return add


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    monkeypatch.setattr(backlog, "RETRY_SECONDS", 0.001)
    return Work()


async def test_keys_are_worked_on_once_in_their_order_and_in_batches(work: Work) -> None:
    waiting = backlog_of(work, batch_size=2)
    for number, letter in enumerate("abcb"):
        waiting.add(letter, [number])
    waiting.add_first("z", [9])
    assert len(waiting) == 4
    async with running(waiting):
        assert await work.wait_for(2) == [{"z": [9], "a": [0]}, {"b": [1, 3], "c": [2]}]
    assert len(waiting) == 0


async def test_what_comes_while_a_batch_is_worked_on_is_new_work(work: Work) -> None:
    waiting = backlog_of(work)
    waiting.add("a", [1])
    work.meanwhile = adding(waiting, "a")
    async with running(waiting):
        assert await work.wait_for(2) == [{"a": [1]}, {"a": [2]}]


async def test_a_batch_that_fails_is_done_again_with_what_came_meanwhile(
    work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = backlog_of(work)
    waiting.add("a", [1])
    work.failures = [UnavailableError()]
    work.meanwhile = adding(waiting, "ba")
    with caplog.at_level(logging.ERROR):
        async with running(waiting):
            assert await work.wait_for(2) == [{"a": [1]}, {"b": [2], "a": [1, 2]}]
    assert not caplog.records  # the database has complained itself


async def test_an_error_that_is_not_the_databases_is_logged_and_ends_nothing(
    work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = backlog_of(work)
    waiting.add("a", [1])
    work.failures = [ValueError("no such letter")]
    async with running(waiting):
        assert await work.wait_for(2) == [{"a": [1]}, {"a": [1]}]
    assert caplog.messages == ["Letters could not be read; trying again (1)"]


async def test_past_its_limit_the_oldest_are_forgotten_also_when_a_batch_comes_back(work: Work) -> None:
    waiting = backlog_of(work, batch_size=2, limit=2)
    for letter in "abc":
        waiting.add(letter, [1])
    work.failures = [UnavailableError()]
    work.meanwhile = adding(waiting, "de")
    async with running(waiting):
        assert await work.wait_for(2) == [{"b": [1], "c": [1]}, {"b": [1], "c": [1]}]


async def test_what_is_discarded_is_not_worked_on(work: Work) -> None:
    waiting = backlog_of(work)
    for letter in "abc":
        waiting.add(letter, [1])
    waiting.clear()
    waiting.add("d", [1])
    waiting.add("e", [1])
    waiting.discard("d")
    async with running(waiting):
        assert await work.wait_for(1) == [{"e": [1]}]
