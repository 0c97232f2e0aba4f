"""Access tokens: whatever Google's answer holds, a token is one, and is used for a bounded time."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from hyred_chat.push import google_tokens
from hyred_chat.push.channels import Postponed
from hyred_chat.push.google_tokens import AccessTokens, load_service_account
from hyred_chat.push.provider_http import NoAnswerError, ProviderHttp
from tests.providers.answers import Answer
from tests.providers.fcm import FakeFcm, running_fcm


@pytest.fixture
async def fcm() -> AsyncIterator[FakeFcm]:
    async with running_fcm() as fcm:
        yield fcm


@pytest.fixture
async def tokens(fcm: FakeFcm, tmp_path: Path) -> AsyncIterator[AccessTokens]:
    http = ProviderHttp(timeout_seconds=5, connections=1)
    yield AccessTokens(load_service_account(fcm.write_service_account(tmp_path / "account.json")), http)
    await http.close()


def move_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Of this module alone: the event loop goes on as it is."""
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + seconds, time=time.time)
    monkeypatch.setattr(google_tokens, "time", clock)


@pytest.mark.parametrize(
    "fields",
    [
        None,
        [],
        "token",
        {"expires_in": 3599},
        {"access_token": "", "expires_in": 3599},
        {"access_token": "a\nb", "expires_in": 3599},
        {"access_token": "a\0b", "expires_in": 3599},
        {"access_token": "é", "expires_in": 3599},
        {"access_token": "x" * 5000, "expires_in": 3599},
        {"access_token": ["x"], "expires_in": 3599},
        {"access_token": "x"},
        {"access_token": "x", "expires_in": "soon"},
        {"access_token": "x", "expires_in": [1]},
    ],
    ids=lambda fields: ascii(fields)[:50],
)
async def test_an_answer_without_a_token_that_can_be_used_is_none(
    fcm: FakeFcm, tokens: AccessTokens, fields: object
) -> None:
    fcm.login_answer = Answer(200, orjson.dumps(fields))
    with pytest.raises(NoAnswerError):
        await tokens.get()


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Answer(503, headers={"Retry-After": "30"}), 30.0),
        (Answer(429), 60.0),
        (Answer(503), None),
        (Answer(400, b'{"error": "invalid_grant"}'), None),
    ],
    ids=["503", "429", "503 without", "400"],
)
async def test_google_is_not_asked_for_a_token_again_before_it_wants_to_be(
    fcm: FakeFcm, tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch, answer: Answer, seconds: float | None
) -> None:
    monkeypatch.setattr(google_tokens, "FAILURE_SECONDS", 20.0)  # longer than this test takes on any machine
    fcm.login_answer = answer
    for _ in range(3):
        with pytest.raises(NoAnswerError) as raised:
            await tokens.get()
        assert raised.value.postponed == Postponed("no_access_token", seconds)
    fcm.login_answer = None
    with pytest.raises(NoAnswerError):
        await tokens.get()
    move_clock(monkeypatch, (seconds or google_tokens.FAILURE_SECONDS) + 1)
    await tokens.get()
    assert fcm.logins == 1


@pytest.mark.parametrize("seconds", [0, -1, -(10**15), 1, "0", "nan", "-inf"])
async def test_a_token_that_ends_at_once_is_not_asked_for_with_every_push(
    fcm: FakeFcm, tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch, seconds: float | str
) -> None:
    fcm.login_answer = Answer(200, orjson.dumps({"access_token": "first", "expires_in": seconds}))
    assert await tokens.get() == "first"
    fcm.login_answer = Answer(200, orjson.dumps({"access_token": "second", "expires_in": 3599}))
    assert await tokens.get() == "first"
    move_clock(monkeypatch, google_tokens.MIN_GOOD_SECONDS + 1)
    assert await tokens.get() == "second"


@pytest.mark.parametrize("seconds", [10**15, 1e308, "1e400", "inf"])
async def test_a_token_is_replaced_after_a_day_whatever_it_promises(
    fcm: FakeFcm, tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch, seconds: float | str
) -> None:
    fcm.login_answer = Answer(200, orjson.dumps({"access_token": "first", "expires_in": seconds}))
    assert await tokens.get() == "first"
    fcm.login_answer = Answer(200, orjson.dumps({"access_token": "second", "expires_in": 3599}))
    move_clock(monkeypatch, google_tokens.MAX_GOOD_SECONDS + 1)
    assert await tokens.get() == "second"
