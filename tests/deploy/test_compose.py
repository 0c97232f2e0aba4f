"""deploy/compose.yml by the real Compose, and by what the server itself expects."""

import re
from pathlib import Path
from typing import Any

import pytest

from hyred_chat.config import load_settings, unknown_variables
from hyred_chat.healthcheck import READY_PATH
from tests.deploy.compose import compose_config, example

# Of a server that was told to stop, after its delay.
STOP_SECONDS = 10
OURS = ("chat", "worker", "migrate")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return compose_config(tmp_path_factory.mktemp("compose"))


def seconds(duration: str) -> int:
    parts = re.findall(r"(\d+)([ms])", duration)
    return sum(int(number) * {"m": 60, "s": 1}[unit] for number, unit in parts)


def test_a_deployment_without_a_domain_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"CHAT_DOMAIN is missing in \.env"):
        compose_config(tmp_path, CHAT_DOMAIN=None)


def test_dokploy_s_network_is_used_and_not_made(tmp_path: Path) -> None:
    config = compose_config(tmp_path, EDGE_NETWORK="dokploy-network", EDGE_NETWORK_EXISTS="true")
    assert config["networks"]["edge"] == {"name": "dokploy-network", "external": True, "ipam": {}}
    assert config["services"]["chat"]["labels"]["traefik.docker.network"] == "dokploy-network"


def test_a_database_elsewhere_takes_the_place_of_the_one_here(tmp_path: Path) -> None:
    url = "postgresql://chat:secret@db.example.com/chat"
    config = compose_config(tmp_path, HYRED_DATABASE_URL=url)
    assert {config["services"][name]["environment"]["HYRED_DATABASE_URL"] for name in OURS} == {url}


@pytest.mark.parametrize("url", ["", "redis://elsewhere.example.com/0"])
def test_a_redis_elsewhere_or_none_takes_the_place_of_the_one_here(tmp_path: Path, url: str) -> None:
    config = compose_config(tmp_path, HYRED_REDIS_URL=url)
    assert {config["services"][name]["environment"]["HYRED_REDIS_URL"] for name in OURS} == {url}


@pytest.mark.parametrize("service", OURS)
def test_the_settings_of_each_process_are_such_as_the_server_takes(
    config: dict[str, Any], service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**config["services"][service]["environment"], "HYRED_ENV": "production"}.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert unknown_variables() == []
    assert settings.database_url == "postgresql://hyred:a-password@postgres:5432/hyred"
    assert settings.redis_url is not None
    assert settings.redis_url.get_secret_value() == "redis://:another-password@valkey:6379/0"
    assert settings.push_worker == (service != "chat")


def test_every_setting_that_the_example_names_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    names = re.findall(r"^#? ?(HYRED_[A-Z_]+)=", "\n".join(example()), re.MULTILINE)
    assert len(names) > 5
    for name in names:
        monkeypatch.setenv(name, "")
    assert unknown_variables() == []


def test_a_server_has_the_time_to_drain(config: dict[str, Any]) -> None:
    chat = config["services"]["chat"]
    delay = int(chat["environment"]["HYRED_DRAIN_DELAY_SECONDS"])
    assert seconds(chat["stop_grace_period"]) >= delay + STOP_SECONDS
    asked_every = chat["labels"]["traefik.http.services.hyred-chat.loadbalancer.healthcheck.interval"]
    assert delay >= 2 * seconds(asked_every)


def test_traefik_asks_the_readiness_route(config: dict[str, Any]) -> None:
    labels = config["services"]["chat"]["labels"]
    assert labels["traefik.http.services.hyred-chat.loadbalancer.healthcheck.path"] == READY_PATH


def test_nothing_but_the_proxy_is_published_and_databases_are_shut_in(config: dict[str, Any]) -> None:
    services = config["services"]
    assert [
        name
        for name, service in services.items()
        for port in service.get("ports", [])
        if port.get("host_ip") != "127.0.0.1" and name != "traefik"
    ] == []
    assert config["networks"]["data"]["internal"] is True
    assert {tuple(services[name]["networks"]) for name in ("postgres", "valkey")} == {("data",)}


def test_every_service_that_stays_has_bounds_and_comes_back(config: dict[str, Any]) -> None:
    for name, service in config["services"].items():
        assert service["logging"]["options"]["max-size"], name
        if name == "migrate":
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["deploy"]["resources"]["limits"].keys() >= {"cpus", "memory"}, name
        # The image of the chat brings its own; the worker has nobody to ask.
        assert "healthcheck" in service or name == "chat", name


@pytest.mark.parametrize("service", OURS)
def test_our_processes_may_do_as_little_as_possible(config: dict[str, Any], service: str) -> None:
    described = config["services"][service]
    assert described["read_only"] is True
    assert described["cap_drop"] == ["ALL"]
    assert described["security_opt"] == ["no-new-privileges:true"]
