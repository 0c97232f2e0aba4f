"""What answers of providers mean."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import orjson
import pytest
from aiohttp import web

from hyred_chat.push.channels import Postponed
from hyred_chat.push.fcm import error_code
from hyred_chat.push.provider_http import MAX_ANSWER_BYTES, HttpAnswer, NoAnswerError, ProviderHttp, word_of


def seconds_of(retry_after: str | None) -> float | None:
    return HttpAnswer(429, retry_after, b"").postponed().after_seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("999999", 3600),
        ("9" * 60, 3600),
        # What is no such header counts as none.
        *((header, 60) for header in (None, "-5", "1.5", "1e3", "nan", "inf", "soon", "", "\0", "9" * 5000, "²")),
        ("Fri, 31 Dec 99999999999 23:59:59 GMT", 60),
        ("Fri, 31 Dec 10000 23:59:59 GMT", 60),
        ("Fri, 99 Dec 2026 23:59:59 GMT", 60),
        ("Fri, 31 Dec 2026 23:59:59 +99999999999999", 60),
        ("Fri, 31 Dec -1 23:59:59 GMT", 60),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 3600),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_provider_says_how_many_seconds_to_wait(header: str | None, seconds: float) -> None:
    assert seconds_of(header) == seconds


def test_a_provider_that_is_asked_too_much_gets_a_minute_and_one_that_fails_is_backed_off_from() -> None:
    assert HttpAnswer(429, None, b"").postponed() == Postponed("http_429", 60.0)
    assert HttpAnswer(503, None, b"").postponed() == Postponed("http_503", None)


def test_a_provider_says_until_when_to_wait() -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert seconds_of(format_datetime(later, usegmt=True)) == pytest.approx(90, abs=2)
    assert seconds_of(format_datetime(later - timedelta(hours=1), usegmt=True)) == 0


@pytest.mark.parametrize(
    ("status", "again"),
    [
        *((status, False) for status in (200, 400, 403, 404, 410, 413)),
        *((status, True) for status in (301, 302, 307, 408, 425, 429, 500, 503, 599, 999)),
    ],
)
def test_what_may_succeed_later_is_tried_again(status: int, again: bool) -> None:
    assert HttpAnswer(status, None, b"").should_retry is again


def test_an_answer_that_is_no_json_says_nothing() -> None:
    assert HttpAnswer(200, None, b"<html>").json() is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("INVALID_ARGUMENT", "invalid_argument"),
        ("http-404.x", "http-404.x"),
        ("A\0B\nC D", "abcd"),
        ("x" * 50_000, "x" * 64),
        ("\ud800\u202eİK", "ik"),
        ("", ""),
        (None, ""),
        (12, ""),
        (["UNREGISTERED"], ""),
        ({"a": 1}, ""),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_what_a_provider_calls_something_is_cleaned_and_bounded(said: object, kept: str) -> None:
    assert word_of(said) == kept


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"error": {"status": "NOT_FOUND", "details": [{"errorCode": "UNREGISTERED"}]}}, "unregistered"),
        ({"error": {"status": "NOT_FOUND", "details": [None, 3, {"@type": "x"}, {"errorCode": "QUOTA"}]}}, "quota"),
        ({"error": {"status": "INTERNAL", "details": {"errorCode": "A"}}}, "internal"),
        ({"error": {"status": "INTERNAL", "details": "x"}}, "internal"),
        ({"error": {"details": [{"errorCode": {"a": 1}}], "status": 5}}, ""),
        ({"error": {"details": [{"errorCode": "UN\0REGISTERED" + "X" * 50_000}]}}, ("unregistered" + "x" * 64)[:64]),
        ({"error": "no"}, ""),
        ({"error": None}, ""),
        ([{"error": {}}], ""),
        (None, ""),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_fcm_s_code_is_found_in_whatever_it_answers(fields: object, code: str) -> None:
    assert error_code(fields) == code


class Provider:
    """Answers every request as it is told to."""

    def __init__(self) -> None:
        self.status = 200
        self.pieces: list[bytes] = []
        self.headers: dict[str, str] = {}
        self.requests = 0
        self.is_stuck = False
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        response = web.StreamResponse(status=self.status, headers=self.headers)
        await response.prepare(request)
        for piece in self.pieces:
            await response.write(piece)
        if self.is_stuck:
            await asyncio.Event().wait()
        if "Content-Length" in self.headers and request.transport is not None:
            request.transport.abort()
        return response


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider()
    app = web.Application()
    app.router.add_post("/", provider.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield provider
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[ProviderHttp]:
    http = ProviderHttp(timeout_seconds=10, connections=1)
    yield http
    await http.close()


async def test_an_answer_in_pieces_is_read_as_a_whole(provider: Provider, http: ProviderHttp) -> None:
    whole = orjson.dumps({"name": "x" * 20_000})
    provider.pieces = [whole[at : at + 1000] for at in range(0, len(whole), 1000)]
    assert (await http.post(provider.url, b"", {})).json() == {"name": "x" * 20_000}


@pytest.mark.parametrize("is_stuck", [True, False], ids=["stuck", "cut off"])
async def test_an_answer_whose_body_does_not_come_is_still_an_answer(provider: Provider, is_stuck: bool) -> None:
    provider.pieces, provider.headers = [b'{"na'], {"Content-Length": "1000"}
    provider.is_stuck = is_stuck
    http = ProviderHttp(timeout_seconds=0.5, connections=1)
    answer = await http.post(provider.url, b"", {})
    assert (answer.status, answer.json()) == (200, None)
    await http.close()


async def test_no_more_of_an_answer_is_read_than_a_bound(provider: Provider, http: ProviderHttp) -> None:
    provider.pieces = [b"x" * 10_000] * 100
    assert len((await http.post(provider.url, b"", {})).body) == MAX_ANSWER_BYTES


async def test_an_answer_that_is_compressed_is_not_blown_up(provider: Provider, http: ProviderHttp) -> None:
    provider.pieces = [gzip.compress(b"0" * 50_000_000)]
    provider.headers = {"Content-Encoding": "gzip"}
    assert len((await http.post(provider.url, b"", {})).body) <= MAX_ANSWER_BYTES


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_answer_and_leads_nowhere(provider: Provider, http: ProviderHttp, status: int) -> None:
    provider.status = status
    provider.headers = {"Location": provider.url}
    answer = await http.post(provider.url, b"", {})
    assert (answer.status, provider.requests) == (status, 1)


@pytest.mark.parametrize("value", ["a\nb", "a\0b", "\ud800", "y" * 9000], ids=["line", "null", "half", "large"])
async def test_a_request_that_cannot_be_sent_is_no_fault(provider: Provider, http: ProviderHttp, value: str) -> None:
    with suppress(NoAnswerError):
        await http.post(provider.url, b"", {"Authorization": value})
