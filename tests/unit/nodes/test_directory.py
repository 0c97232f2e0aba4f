"""The table of nodes: who is in it, for how long, and what looking for strangers costs."""

import asyncio
import socket
from typing import TYPE_CHECKING, cast

import pytest

from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.nodes import directory
from hyred_chat.nodes.address import _own_host
from hyred_chat.nodes.directory import NAME_CHARS, Directory

if TYPE_CHECKING:
    from hyred_chat.broker.broker import Broker


# Of a push worker, and of whatever a later version may write.
STRANGE = (
    b"a-push-worker.1.abcd",
    b"[]",
    b'{"name": "A"}',
    b'{"name": 1, "host": 2, "port": 3, "key": "a2V5"}',
    b'{"name": "AAAAAAAAAAAA", "host": "10.0.0.3", "port": 70000, "key": "a2V5"}',
    b'{"name": "AAAAAAAAAAAA", "host": "10.0.0.3", "port": "3000", "key": "a2V5"}',
)


class Cards:
    """What Directory needs of a broker.

    Attributes:
        shown: by the nodes that are alive; None: Redis is away.
        looks: how often they were read.
    """

    def __init__(self) -> None:
        self.shown: list[bytes] | None = list(STRANGE)
        self.looks = 0

    def show_card(self, card: bytes) -> None:
        assert self.shown is not None
        self.shown.append(card)

    async def cards(self) -> list[bytes]:
        self.looks += 1
        if self.shown is None:
            raise BrokerUnavailableError("away")
        return list(self.shown)


def of(cards: Cards, owner: str = "", host: str = "10.0.0.1") -> Directory:
    return Directory(cast("Broker", cards), owner, (host, 3000))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "LEAST_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(directory, "KEEP_SECONDS", 0.1)


async def test_nodes_find_one_another_by_the_ids_of_sessions() -> None:
    cards = Cards()
    first, second = of(cards), of(cards, owner="00ab", host="10.0.0.2")
    assert second.name.startswith("00ab")
    assert {len(first.name), len(second.name)} == {NAME_CHARS}
    sid = second.name + "A" * 20
    assert first.is_elsewhere(sid)
    assert not second.is_elsewhere(sid)
    assert not first.is_elsewhere("of no node")
    assert not first.is_node_at("10.0.0.2")
    assert await first.find(sid) == ("10.0.0.2", 3000, second.key)
    assert first.is_node_at("10.0.0.2")
    assert not first.is_node_at("10.0.0.1")
    assert await first.find("A" * 32) is None


async def test_on_loopback_anybody_may_be() -> None:
    cards = Cards()
    first, second = of(cards), of(cards, host="127.0.0.1")
    assert await first.find(second.name + "A") is not None
    assert not first.is_node_at("127.0.0.1")


async def test_a_node_without_an_address_is_not_in_the_table() -> None:
    cards = Cards()
    alone = Directory(cast("Broker", cards), "", None)
    assert await of(cards).find(alone.name + "A") is None


async def test_looking_for_strangers_reads_the_table_now_and_then() -> None:
    cards = Cards()
    first = of(cards)
    found = await asyncio.gather(*[first.find(f"{number:032}") for number in range(1000)])
    assert set(found) == {None}
    assert cards.looks == 1
    before = asyncio.get_running_loop().time()
    newcomer = of(cards, host="10.0.0.9")
    assert await first.find(newcomer.name + "A") is not None  # it is waited for, and not overlooked
    assert asyncio.get_running_loop().time() - before < 1
    assert cards.looks == 2


async def test_a_node_stays_while_redis_is_away_or_empty_and_goes_when_it_has_not_been_seen_for_long() -> None:
    cards = Cards()
    first, second = of(cards), of(cards, host="10.0.0.2")
    sid = second.name + "A"
    assert await first.find(sid) is not None
    kept, cards.shown = cards.shown, None
    await asyncio.sleep(directory.KEEP_SECONDS)
    await first.look()
    assert await first.find(sid) is not None
    cards.shown = kept
    await first.look()
    cards.shown = []
    await first.look()
    assert await first.find(sid) is not None
    await asyncio.sleep(directory.KEEP_SECONDS)
    await first.look()
    assert await first.find(sid) is None
    assert not first.is_node_at("10.0.0.2")


@pytest.mark.parametrize(
    ("listens_on", "redis", "own"),
    [
        ("10.0.0.5", ("127.0.0.1", 6379), "10.0.0.5"),
        ("0.0.0.0", ("127.0.0.1", 6379), "127.0.0.1"),
        ("::", ("127.0.0.1", 6379), "127.0.0.1"),
        ("0.0.0.0", ("/run/valkey.sock", 0), "127.0.0.1"),
        ("0.0.0.0", ("::1", 6379), "10.0.0.7"),  # as good as a name without an address
    ],
)
def test_a_node_s_own_address_is_the_one_from_which_it_reaches_redis(
    listens_on: str, redis: tuple[str, int], own: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostbyname", lambda _: "10.0.0.7")
    assert _own_host(listens_on, *redis) == own


def test_a_machine_whose_name_is_loopback_has_no_address_while_redis_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostbyname", lambda _: "127.0.1.1")
    assert _own_host("0.0.0.0", "::1", 6379) is None
