"""What `hyred-chat doctor` says is open to strangers."""

import resource

import pytest

from hyred_chat.config import Settings
from hyred_chat.doctor.exposure import check_exposure

PRODUCTION = {
    "HYRED_ENV": "production",
    "HYRED_FIREBASE_PROJECT_ID": "hyred-12345",
    "HYRED_TRUSTED_PROXIES": "10.0.0.1",
    "HYRED_ADMIN_API_KEYS": "k" * 32,
}
# Every setting that may be no limit.
LIMITS = [
    f"HYRED_{name.upper()}"
    for name, field in Settings.model_fields.items()
    if "0: no limit" in (field.description or "")
]


def findings(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> dict[str, str]:
    """Sentences with their levels."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return {finding.sentence: str(finding.level) for finding in check_exposure(Settings())}


@pytest.fixture(autouse=True)
def many_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (65_536, 65_536))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)


def test_a_server_for_development_and_one_behind_its_proxy_are_well(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(findings(monkeypatch, {}).values()) == ["ok"]
    assert list(findings(monkeypatch, PRODUCTION).values()) == ["ok"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"HYRED_TRUSTED_PROXIES": ""}, "does not speak TLS"),
        ({"HYRED_TRUSTED_PROXIES": "0.0.0.0/0"}, "believes everybody"),
        ({"HYRED_TRUSTED_PROXIES": "10.0.0.1,::/0"}, "believes everybody"),
        ({"HYRED_API_DOCS": "true"}, "HYRED_API_DOCS"),
        ({"HYRED_ADMIN_API_KEYS": f"{'k' * 40},{'s' * 31}"}, "fewer than 32"),
        *(({limit: "0"}, f"{limit} is 0") for limit in LIMITS),
        ({"HYRED_RATE_LIMIT_EVENTS_PER_MINUTE": "0", "HYRED_RATE_LIMIT_REQUESTS_PER_MINUTE": "0"}, "are 0"),
    ],
)
def test_each_thing_that_is_open_is_warned_of_in_a_line_of_its_own(
    changed: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((sentence, level),) = findings(monkeypatch, PRODUCTION | changed).items()
    assert level == "warning"
    assert words in sentence


def test_too_few_descriptors_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 1024))
    ((sentence, level),) = findings(monkeypatch, PRODUCTION).items()
    assert level == "warning"
    assert "room for 819 connections" in sentence
