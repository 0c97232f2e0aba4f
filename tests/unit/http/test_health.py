"""Readiness: one check for all who ask."""

import asyncio

import pytest

from hyred_chat.errors import UnavailableError
from hyred_chat.http import health
from hyred_chat.http.health import SharedCheck


class Database:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_down = False

    async def check(self) -> None:
        self.asked += 1
        await asyncio.sleep(0)
        if self.is_down:
            raise UnavailableError


async def test_a_thousand_who_ask_at_once_share_one_check() -> None:
    database = Database()
    check = SharedCheck(database.check)
    await asyncio.gather(*(check.ask() for _ in range(1000)))
    assert database.asked == 1


async def test_all_learn_that_the_database_is_down_and_that_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database()
    check = SharedCheck(database.check)
    database.is_down = True
    outcomes = await asyncio.gather(*(check.ask() for _ in range(10)), return_exceptions=True)
    assert all(isinstance(outcome, UnavailableError) for outcome in outcomes)
    database.is_down = False
    with pytest.raises(UnavailableError):
        await check.ask()
    monkeypatch.setattr(health, "CHECK_SECONDS", 0)
    await check.ask()
    assert database.asked == 2


async def test_whoever_gives_up_waiting_does_not_take_the_check_from_the_others() -> None:
    database = Database()
    check = SharedCheck(database.check)
    first, second = asyncio.create_task(check.ask()), asyncio.create_task(check.ask())
    await asyncio.sleep(0)
    first.cancel()
    await second
    with pytest.raises(asyncio.CancelledError):
        await first
