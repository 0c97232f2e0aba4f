"""Sending to all devices of a person: each by itself, within the lease, for as long as it is worth it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from hyred_chat.push.bounds import BoundedChannel
from hyred_chat.push.channels import Accepted, Channels, DeviceAddress, Outcome, Push
from hyred_chat.push.decisions import Patience, Send
from hyred_chat.push.facts import Due, Pause
from hyred_chat.push.repository import Reach, Settlement
from hyred_chat.push.sending import Sending
from tests.unit.push.facts import NOTICE, NOW, due, room

if TYPE_CHECKING:
    from hyred_chat.db.pool import Database

TTL_SECONDS = 3600
PHONE = DeviceAddress("phone", "phone-token", "android", None, None)
BROWSER = DeviceAddress("browser", "https://push.example/browser-token", "web", "p", "a")


class Provider:
    """Takes all pushes, unless it is told to do something else."""

    def __init__(self, name: str, *, hangs: bool = False, error: Exception | None = None) -> None:
        self.name = name
        self.pushes: list[Push] = []
        self._hangs = hangs
        self._error = error

    async def send(self, _device: DeviceAddress, push: Push) -> Outcome:
        self.pushes.append(push)
        if self._error is not None:
            raise self._error
        if self._hangs:
            await asyncio.Event().wait()
        return Accepted()

    async def close(self) -> None:
        """Nothing is open."""


async def send(subject: Due, phones: Provider, browsers: Provider, *, lease_seconds: float = 30.0) -> Settlement:
    channels = Channels(fcm=BoundedChannel(phones, concurrency=2), web_push=BoundedChannel(browsers, concurrency=2))
    nothing = cast("Database", None)  # no device is forgotten here
    sending = Sending(nothing, channels, Patience(5.0, TTL_SECONDS), lease_seconds=lease_seconds)
    return await sending.send(subject, Send(is_new=True), Reach((PHONE, BROWSER), unread=1))


async def test_what_a_provider_that_hangs_is_given_ends_before_the_lease_and_the_others_are_written_down() -> None:
    async with asyncio.timeout(5):
        settlement = await send(due(), Provider("fcm", hangs=True), Provider("web_push"), lease_seconds=0.1)
    assert (settlement.state, settlement.pushed_to) == ("sent", ("browser",))
    assert settlement.pauses["phone"].owes
    assert [event.reason for event in settlement.events if event.device_id == "phone"] == ["timeout"]


@pytest.mark.parametrize(
    "error", [OverflowError("date"), RuntimeError("phone-token"), KeyError("x"), UnicodeError("phone-token")]
)
async def test_whatever_goes_wrong_with_one_device_is_its_own_matter_and_its_token_in_no_log(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    settlement = await send(due(), Provider("fcm", error=error), Provider("web_push"))
    assert (settlement.state, settlement.pushed_to, settlement.wait_seconds) == ("sent", ("browser",), None)
    assert [event.reason for event in settlement.events if event.device_id == "phone"] == ["internal"]
    assert type(error).__name__ in caplog.text
    assert "phone-token" not in caplog.text


@pytest.mark.parametrize(
    ("subject", "seconds"),
    [
        (due(), TTL_SECONDS - 1),
        (due(room(message_at=NOW - timedelta(seconds=3000))), 600),
        (due(replace(NOTICE, send_at=NOW - timedelta(seconds=3599.5))), 1),
        (due(replace(NOTICE, send_at=NOW + timedelta(seconds=5))), TTL_SECONDS),
    ],
    ids=["new", "old", "late", "early"],
)
async def test_a_provider_keeps_a_push_for_as_long_as_it_is_still_worth_sending(subject: Due, seconds: int) -> None:
    phones = Provider("fcm")
    await send(subject, phones, Provider("web_push"))
    assert [push.ttl_seconds for push in phones.pushes] == [seconds]


async def test_a_device_that_pauses_is_sent_nothing() -> None:
    phones, browsers = Provider("fcm"), Provider("web_push")
    pauses = {"phone": Pause(NOW + timedelta(seconds=60), tries=1, owes=True)}
    settlement = await send(due(pauses=pauses), phones, browsers)
    assert (len(phones.pushes), len(browsers.pushes)) == (0, 1)
    assert settlement.wait_seconds == pytest.approx(60, abs=1)
