"""Channels from settings: wrong ones end the start with a sentence that names the variable."""

import json
from pathlib import Path
from typing import Any

import pytest

from hyred_chat.config import ConfigurationError, Settings
from hyred_chat.push.setup import channels, vapid_key
from hyred_chat.push.vapid import VapidKey, new_private_key

KEY = new_private_key()
PRODUCTION = {"env": "production", "firebase_project_id": "hyred-12345"}
OWN_DATABASE = {"database_url": "postgresql://chat@db.example/chat"}


def settings(**fields: Any) -> Settings:
    return Settings.model_validate(fields)


def test_with_the_embedded_database_a_key_is_made_and_kept(tmp_path: Path) -> None:
    first, second = (vapid_key(settings(data_dir=tmp_path)) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.public_key == second.public_key


@pytest.mark.parametrize("fields", [PRODUCTION, OWN_DATABASE], ids=["production", "own database"])
def test_elsewhere_there_is_no_web_push_without_a_key(tmp_path: Path, fields: dict[str, Any]) -> None:
    assert vapid_key(settings(data_dir=tmp_path, **fields)) is None
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_given_is_used() -> None:
    key = vapid_key(settings(vapid_private_key=KEY, **OWN_DATABASE))
    assert key is not None
    assert key.public_key == VapidKey(KEY, "mailto:ops@mail.example").public_key


@pytest.mark.parametrize(
    ("fields", "variable"),
    [
        ({"vapid_private_key": "nonsense"}, "HYRED_VAPID_PRIVATE_KEY"),
        ({"vapid_private_key": KEY, **PRODUCTION}, "HYRED_VAPID_SUBJECT"),
    ],
    ids=["no key", "no subject"],
)
def test_a_key_that_cannot_be_used_ends_the_start(fields: dict[str, Any], variable: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        vapid_key(settings(**fields))
    assert raised.value.variable == variable


@pytest.mark.parametrize(
    "text", [None, "", "[]", "{}", json.dumps({"private_key": "x"})], ids=["missing", "empty", "list", "object", "key"]
)
def test_a_file_that_is_no_service_account_ends_the_start(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "account.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        channels(settings(fcm_service_account=path), None)
    assert raised.value.variable == "HYRED_FCM_SERVICE_ACCOUNT"


def test_without_settings_there_is_no_channel() -> None:
    ways = channels(settings(**OWN_DATABASE), None)
    assert (ways.fcm, ways.web_push) == (None, None)
