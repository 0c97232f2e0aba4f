"""Names that a development server answers to."""

import pytest

from hyred_chat.config import Settings
from hyred_chat.http.hosts import Hosts

HOSTS = Hosts(["chat.example", "mybox"])


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "LOCALHOST:3000",
        "localhost.",
        "app.localhost:3000",
        "127.0.0.1",
        "127.0.0.1:3000",
        "192.168.1.20:3000",
        "[::1]:3000",
        "[2001:db8::1]",
        "chat.example",
        "Chat.Example:8443",
        "mybox:3000",
    ],
)
def test_names_that_nobody_can_point_elsewhere_and_those_of_the_operator_are_answered(host: str) -> None:
    assert HOSTS.answer_to(host)


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        "attacker.example:3000",
        "localhost.attacker.example",
        "127.0.0.1.attacker.example",
        "notlocalhost",
        "chat.example.attacker.example",
        "evil-chat.example",
        "mybox.attacker.example",
        "localhost@attacker.example",
        "[::1].attacker.example",
        "127.0.0.1:80:attacker.example",
        "2130706433",
    ],
)
def test_every_other_name_is_somebody_else_s(host: str) -> None:
    assert not HOSTS.answer_to(host)
    assert Hosts(None).answer_to(host)


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, {"127.0.0.1"}),
        ({"HOST": "MyBox"}, {"mybox"}),
        (
            {"HOST": "0.0.0.0", "HYRED_ALLOWED_ORIGINS": "https://app.example:8443,http://dev.example"},
            {"0.0.0.0", "app.example", "dev.example"},
        ),
        ({"HYRED_ALLOWED_ORIGINS": "*"}, None),
        ({"HYRED_ENV": "production", "HYRED_FIREBASE_PROJECT_ID": "hyred-12345"}, None),
    ],
)
def test_the_names_are_those_of_the_settings_in_development(
    settings: dict[str, str], names: set[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert Settings().host_names == names
