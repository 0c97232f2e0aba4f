"""A worker of its own ends with an error when a part of it has ended: its supervisor starts another."""

import asyncio

import pytest

from hyred_chat.errors import UnavailableError
from hyred_chat.worker import _check_running


async def fail() -> None:
    raise ValueError("a part that fails")


async def test_a_part_that_ended_by_itself_is_logged_and_ends_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    going_on = asyncio.create_task(asyncio.Event().wait())
    ended = asyncio.create_task(fail())
    _check_running([going_on])
    await asyncio.wait([ended])
    with pytest.raises(UnavailableError):
        _check_running([going_on, ended])
    assert "a part that fails" in caplog.text
    going_on.cancel()
    await asyncio.gather(going_on, return_exceptions=True)
