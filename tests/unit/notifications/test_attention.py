"""Where people's attention is, of those who have no socket."""

import pytest

from hyred_chat.notifications import attention
from hyred_chat.notifications.attention import Attention, SocketWatch
from hyred_chat.realtime.hub import Hub
from hyred_chat.socketio import ServerSettings, SocketServer


def watch() -> SocketWatch:
    """Ana reloads her page; Ben went home."""
    hub = Hub(SocketServer(ServerSettings()).namespace("/"))
    return SocketWatch(hub, lambda user_id: user_id == "ana")


def test_who_reloads_the_page_is_in_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "RECONNECT_SECONDS", 0.0)
    assert watch().attention_of("ana", "room", 1.0) is Attention.CHAT
    assert watch().attention_of("ben", "room", 1.0) is Attention.NOTHING


def test_after_a_start_nobody_knows_who_is_on_the_way_back() -> None:
    assert watch().attention_of("ben", "room", 1.0) is Attention.UNKNOWN
    assert watch().attention_of("ana", "room", 1.0) is Attention.CHAT
