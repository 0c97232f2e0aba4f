"""The issuer's keys: cached, rotated, and kept while the issuer is down."""

import asyncio
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from hyred_chat.accounts.keys import KeySet
from hyred_chat.errors import UnavailableError
from tests.unit.accounts.conftest import Clock
from tests.unit.accounts.issuer import Issuer, as_jwk, new_rsa_key


async def settle(key_set: KeySet) -> None:
    """Until the download under way has ended."""
    if key_set._download is not None:
        await key_set._download


async def test_the_keys_are_downloaded_once_for_many_tokens(issuer: Issuer, key_set: KeySet) -> None:
    for _ in range(5):
        assert await key_set.find_key("one") is not None
    assert issuer.requests == 1


async def test_callers_at_the_same_time_share_one_download(issuer: Issuer, key_set: KeySet) -> None:
    found = await asyncio.gather(*(key_set.find_key("one") for _ in range(50)))
    assert all(key is not None for key in found)
    assert issuer.requests == 1


async def test_a_caller_who_goes_away_takes_the_download_from_nobody(issuer: Issuer, key_set: KeySet) -> None:
    first = asyncio.create_task(key_set.find_key("one"))
    second = asyncio.create_task(key_set.find_key("one"))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is not None
    assert issuer.requests == 1


@pytest.mark.parametrize(
    ("cache_control", "fresh_seconds"),
    [
        ("public, max-age=600, must-revalidate", 600),
        ("max-age=999999", 3600),  # no longer than the setting
        ("", 3600),
        ("no-store", 30),  # not again for every token
        ("max-age=0", 30),
    ],
)
async def test_the_keys_are_kept_as_long_as_their_publisher_and_the_setting_allow(
    issuer: Issuer, key_set: KeySet, clock: Clock, cache_control: str, fresh_seconds: int
) -> None:
    issuer.headers = {"Cache-Control": cache_control}
    await key_set.find_key("one")
    clock.now += fresh_seconds - 1
    await key_set.find_key("one")
    assert issuer.requests == 1
    clock.now += 1
    await key_set.find_key("one")
    await settle(key_set)
    assert issuer.requests == 2


async def test_a_key_that_is_withdrawn_is_refused_once_the_keys_were_refreshed(
    issuer: Issuer, key_set: KeySet, clock: Clock, next_key: rsa.RSAPrivateKey
) -> None:
    await key_set.find_key("one")
    issuer.publish(as_jwk(next_key, "two"))
    clock.now += 3600
    assert await key_set.find_key("one") is not None, "nobody waits for the refresh that this starts"
    await settle(key_set)
    assert await key_set.find_key("one") is None
    assert await key_set.find_key("two") is not None


async def test_an_unknown_key_is_looked_for_once_and_not_again_for_thirty_seconds(
    issuer: Issuer, key_set: KeySet, clock: Clock
) -> None:
    await key_set.find_key("one")
    for number in range(100):
        assert await key_set.find_key(f"forged-{number}") is None
    assert issuer.requests == 2
    clock.now += 30
    await asyncio.gather(*(key_set.find_key(f"forged-{number}") for number in range(100)))
    assert issuer.requests == 3


async def test_a_rotated_key_is_found_at_once_by_all_who_ask(
    issuer: Issuer, key_set: KeySet, signing_key: rsa.RSAPrivateKey, next_key: rsa.RSAPrivateKey
) -> None:
    await key_set.find_key("one")
    issuer.publish(as_jwk(signing_key, "one"), as_jwk(next_key, "two"))
    found = await asyncio.gather(*(key_set.find_key("two") for _ in range(20)))
    assert all(key is not None and key.key_id == "two" for key in found)
    assert issuer.requests == 2


async def test_the_last_keys_go_on_for_a_day_while_the_issuer_is_down(
    issuer: Issuer, key_set: KeySet, clock: Clock
) -> None:
    await key_set.find_key("one")
    issuer.status = 500
    clock.now += 3600
    for _ in range(10):
        assert await key_set.find_key("one") is not None
        await settle(key_set)
    assert issuer.requests == 2, "while it is down it is asked every ten seconds, not for every token"
    clock.now += 10
    await key_set.find_key("one")
    await settle(key_set)
    assert issuer.requests == 3
    clock.now += 86_400 - 3600 - 10
    with pytest.raises(UnavailableError):
        await key_set.find_key("one")


async def test_nobody_can_tell_while_the_issuer_has_never_answered(
    issuer: Issuer, key_set: KeySet, clock: Clock
) -> None:
    issuer.status = 503
    with pytest.raises(UnavailableError):
        await key_set.find_key("one")
    issuer.status = 200
    clock.now += 10
    assert await key_set.find_key("one") is not None
    assert await key_set.find_key("two") is None, "it answers again, so there is no such key"


async def test_an_unknown_key_may_be_a_new_one_while_the_issuer_is_down(issuer: Issuer, key_set: KeySet) -> None:
    await key_set.find_key("one")
    issuer.status = 500
    with pytest.raises(UnavailableError):
        await key_set.find_key("two")
    assert await key_set.find_key("one") is not None


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>", b"", b"[" * 100_000, b"[]", b'{"keys": {}}', b'{"keys": []}',
        b'{"keys": [1, null, [], {"kid": "one"}, {"kid": "one", "kty": "RSA"}, {"kid": "one", "kty": 7}]}',
    ],
    ids=["html", "empty", "deep", "list", "no-list", "no-keys", "broken-keys"],
)  # fmt: skip
async def test_an_answer_that_is_no_key_set_leaves_the_last_keys(
    issuer: Issuer, key_set: KeySet, clock: Clock, answer: bytes
) -> None:
    await key_set.find_key("one")
    issuer.answer = answer
    clock.now += 3600
    assert await key_set.find_key("one") is not None
    await settle(key_set)
    assert issuer.requests == 2
    assert await key_set.find_key("one") is not None


async def test_an_answer_that_is_too_large_is_not_read(
    issuer: Issuer, key_set: KeySet, clock: Clock, next_key: rsa.RSAPrivateKey
) -> None:
    await key_set.find_key("one")
    issuer.answer = {"keys": [as_jwk(next_key, "two")], "padding": "x" * 300_000}
    clock.now += 3600
    assert await key_set.find_key("one") is not None
    with pytest.raises(UnavailableError):
        await key_set.find_key("two")


async def test_keys_that_are_not_for_our_signatures_are_left_out(
    issuer: Issuer, key_set: KeySet, signing_key: rsa.RSAPrivateKey
) -> None:
    unusable: list[dict[str, Any]] = [
        {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "kid": "secret", "alg": "HS256"},
        as_jwk(signing_key, "encryption", use="enc"),
        as_jwk(signing_key, "other-algorithm", alg="PS512"),
        as_jwk(new_rsa_key(1024), "short"),
    ]
    issuer.publish(*unusable, as_jwk(signing_key, "one"))
    assert await key_set.find_key("one") is not None
    for entry in unusable:
        assert await key_set.find_key(entry["kid"]) is None


async def test_a_token_without_a_key_id_means_the_only_key(
    issuer: Issuer, key_set: KeySet, clock: Clock, signing_key: rsa.RSAPrivateKey, next_key: rsa.RSAPrivateKey
) -> None:
    assert await key_set.find_key(None) is not None
    issuer.publish(as_jwk(signing_key, "one"), as_jwk(next_key, "two"))
    clock.now += 3600
    await key_set.find_key(None)
    await settle(key_set)
    assert await key_set.find_key(None) is None


HURRY_SECONDS = 1.0


@pytest.mark.parametrize("is_due", [False, True], ids=["within the hour", "when the hour has ended"])
async def test_an_issuer_that_hangs_lets_nobody_wait_whose_key_is_here(
    issuer: Issuer, key_set: KeySet, clock: Clock, is_due: bool
) -> None:
    await key_set.find_key("one")
    issuer.answers.clear()
    clock.now += 3600 if is_due else 60
    forged = [asyncio.create_task(key_set.find_key(f"forged-{number}")) for number in range(10)]
    async with asyncio.timeout(HURRY_SECONDS):
        for _ in range(100):
            clock.now += 1  # past every pause that anything may have set
            assert await key_set.find_key("one") is not None
            await asyncio.sleep(0)
    issuer.answers.set()
    await asyncio.gather(*forged, return_exceptions=True)


async def test_a_failed_search_for_an_unknown_key_moves_the_refresh_of_the_known_ones_nowhere(
    issuer: Issuer, key_set: KeySet, clock: Clock
) -> None:
    await key_set.find_key("one")
    issuer.status = 500
    with pytest.raises(UnavailableError):
        await key_set.find_key("forged")
    issuer.status = 200
    clock.now += 1000
    for _ in range(5):
        await key_set.find_key("one")
        await settle(key_set)
    assert issuer.requests == 2
    clock.now += 2600
    await key_set.find_key("one")
    await settle(key_set)
    assert issuer.requests == 3


async def test_keys_are_refreshed_also_when_nobody_asks(
    issuer: Issuer, key_set: KeySet, monkeypatch: pytest.MonkeyPatch, next_key: rsa.RSAPrivateKey
) -> None:
    """Else a key that was withdrawn would be good for one more token, however long ago that was."""
    monkeypatch.setattr("hyred_chat.accounts.keys._MIN_FRESH_SECONDS", 0.05)
    issuer.headers = {"Cache-Control": "max-age=0"}
    await key_set.find_key("one")
    issuer.publish(as_jwk(next_key, "two"))
    async with asyncio.timeout(10):
        await issuer.asked(3)
    assert await key_set.find_key("one") is None


async def test_a_fault_of_ours_while_keys_are_read_leaves_the_last_keys(
    key_set: KeySet, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await key_set.find_key("one")

    async def fail(*_: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("hyred_chat.accounts.keys.download_keys", fail)
    clock.now += 3600
    assert await key_set.find_key("one") is not None
    await settle(key_set)
    assert await key_set.find_key("one") is not None
    assert "on purpose" in caplog.text
