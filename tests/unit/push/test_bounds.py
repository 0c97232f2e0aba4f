"""A provider has so many pushes under way at most, and when it hangs nobody waits for it."""

import asyncio
import time

import pytest

from hyred_chat.push import bounds
from hyred_chat.push.bounds import BoundedChannel
from hyred_chat.push.channels import Accepted, DeviceAddress, Outcome, Postponed, Push, Rejected

DEVICE = DeviceAddress("phone", "phone-token", "android", None, None)
PUSH = Push("0" * 32, "Ana", "Hello", {}, badge=1, is_urgent=True, withdraws=False, ttl_seconds=60)


class Provider:
    """Answers each push when it is told to."""

    name = "provider"

    def __init__(self) -> None:
        self.under_way: list[asyncio.Future[Outcome]] = []
        self.most = 0

    async def send(self, _device: DeviceAddress, _push: Push) -> Outcome:
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.under_way.append(answer)
        self.most = max(self.most, len(self.under_way))
        return await answer

    async def close(self) -> None:
        """Nothing is open."""

    def answer_one(self, outcome: Outcome) -> None:
        self.under_way.pop(0).set_result(outcome)


async def until(provider: Provider, count: int) -> None:
    """Wait until so many are under way."""
    async with asyncio.timeout(5):
        while len(provider.under_way) != count:  # noqa: ASYNC110  # it takes a few turns of the loop
            await asyncio.sleep(0)


async def test_the_others_wait_for_those_that_are_under_way() -> None:
    provider = Provider()
    channel = BoundedChannel(provider, concurrency=2)
    sends = [asyncio.create_task(channel.send(DEVICE, PUSH)) for _ in range(6)]
    for left in (6, 5, 4, 3, 2, 1):
        await until(provider, min(2, left))
        provider.answer_one(Accepted())
    assert await asyncio.gather(*sends) == [Accepted()] * 6
    assert provider.most == 2


async def test_when_none_ends_the_others_are_put_off_and_later_ones_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "STALL_SECONDS", 0.05)
    provider = Provider()
    channel = BoundedChannel(provider, concurrency=1)
    hanging = asyncio.create_task(channel.send(DEVICE, PUSH))
    await until(provider, 1)
    assert await channel.send(DEVICE, PUSH) == Postponed("busy")
    started = time.monotonic()
    assert await channel.send(DEVICE, PUSH) == Postponed("busy")
    assert time.monotonic() - started < 0.05
    provider.answer_one(Postponed("timeout"))
    assert await hanging == Postponed("timeout")
    again = asyncio.create_task(channel.send(DEVICE, PUSH))
    await until(provider, 1)
    provider.answer_one(Accepted())
    assert await again == Accepted()


async def test_a_provider_that_goes_on_failing_is_in_the_log_every_five_minutes_and_never_with_each_push(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = Provider()
    channel = BoundedChannel(provider, concurrency=1)

    async def fail(*outcomes: Outcome) -> None:
        for outcome in outcomes:
            send = asyncio.create_task(channel.send(DEVICE, PUSH))
            await until(provider, 1)
            provider.answer_one(outcome)
            await send

    refused, failed = Rejected("http_403"), Postponed("permission_denied")
    both: list[Outcome] = [failed, refused]
    await fail(*[refused] * 20)
    monkeypatch.setattr(bounds, "FLAP_SECONDS", 0.0)
    await fail(failed, *both * 20)
    monkeypatch.setattr(bounds, "LOG_SECONDS", 0.0)
    await fail(failed)
    assert [record.getMessage() for record in caplog.records] == [
        "Pushes by provider are refused (http_403); they are not tried again",
        "Pushes by provider fail (permission_denied), 20 of them since the last such line; they are tried again",
        "Pushes by provider fail (permission_denied), 41 of them since the last such line; they are tried again",
    ]


async def test_a_failure_is_logged_once_and_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    provider = Provider()
    channel = BoundedChannel(provider, concurrency=1)
    with caplog.at_level("INFO", "hyred_chat.push.bounds"):
        for outcome in (Accepted(), Postponed("http_503"), Postponed("http_503"), Accepted()):
            send = asyncio.create_task(channel.send(DEVICE, PUSH))
            await until(provider, 1)
            provider.answer_one(outcome)
            await send
    assert [record.getMessage() for record in caplog.records] == [
        "Pushes by provider fail (http_503); they are tried again",
        "Pushes by provider are taken again",
    ]
