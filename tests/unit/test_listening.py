"""How many connections there may be, by the file descriptors of the process, and where they come to."""

import resource
import socket

import pytest
from pydantic import SecretStr

from hyred_chat.config import ConfigurationError, Settings, load_settings
from hyred_chat.listening import check_metrics_address, raise_descriptor_limit, room_for_connections, take_port
from tests.integration.commands import taken_port


@pytest.mark.parametrize("descriptors", [64, 256, 300, 1024, 20_000, 1_048_576])
def test_connections_and_reserve_stay_below_the_descriptors(descriptors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (descriptors, descriptors))
    room = room_for_connections(Settings())
    assert room.connections >= descriptors // 4
    assert room.reserve > 0
    assert room.connections + room.reserve < descriptors
    assert room.forwarded == 0
    among_several = room_for_connections(Settings(redis_url=SecretStr("redis://127.0.0.1")))
    assert 0 < among_several.forwarded < among_several.connections
    assert among_several.connections + among_several.reserve + among_several.forwarded < descriptors


def test_no_limit_is_taken_for_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    infinite = resource.RLIM_INFINITY
    asked = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, infinite))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    raise_descriptor_limit()
    assert asked == [(1_048_576, infinite)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: (infinite, infinite))
    raise_descriptor_limit()
    assert len(asked) == 1
    assert room_for_connections(Settings()).connections < 1_048_576


def test_the_soft_limit_is_raised_to_the_hard_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    raise_descriptor_limit()
    assert asked == [(4096, 4096)]


@pytest.mark.parametrize("value", ["10.0.0.1/8", "proxy.example", "10.0.0.0/33", "10.0.0.1;10.0.0.2"])
def test_proxies_that_are_no_networks_are_refused_at_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYRED_TRUSTED_PROXIES", value)
    with pytest.raises(ConfigurationError, match=r"HYRED_TRUSTED_PROXIES: must be addresses or networks"):
        load_settings()


def test_a_taken_address_of_the_metrics_is_named_by_its_setting() -> None:
    with taken_port() as port:
        with pytest.raises(ConfigurationError) as raised:
            check_metrics_address(Settings(metrics_address=("127.0.0.1", port)))
        assert raised.value.variable == "HYRED_METRICS_ADDRESS"
        assert f"{port} is in use on 127.0.0.1." in raised.value.sentence
    check_metrics_address(Settings())


def test_an_address_of_another_machine_is_refused_by_the_setting_that_names_it() -> None:
    with pytest.raises(ConfigurationError, match=r"^HYRED_METRICS_ADDRESS: must be an address of this machine"):
        check_metrics_address(Settings(metrics_address=("192.0.2.1", 9464)))


def test_a_port_that_is_taken_refuses_connections_until_its_server_listens() -> None:
    with take_port("127.0.0.1", 0) as listener:
        address = listener.getsockname()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, 5)
        listener.listen()
        socket.create_connection(address, 5).close()


def test_a_port_at_which_somebody_listens_cannot_be_taken() -> None:
    with taken_port() as port, pytest.raises(OSError, match="in use"):
        take_port("127.0.0.1", port)
