"""Names are spread evenly, and the same subject always has the same partition."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.broker.partitions import (
    PARTITION_SLOTS,
    PARTITIONS,
    SLOTS,
    TAGS,
    Names,
    partition_of,
    partition_of_name,
    slot_of,
)


def test_slots_are_those_of_the_cluster_specification() -> None:
    assert slot_of(b"123456789") == 0x31C3


def test_every_partition_has_a_slot_in_its_own_share_of_all() -> None:
    share = SLOTS // PARTITIONS
    assert [slot // share for slot in PARTITION_SLOTS] == list(range(PARTITIONS))


def test_three_servers_have_almost_equally_many_partitions() -> None:
    servers = Counter(slot * 3 // SLOTS for slot in PARTITION_SLOTS)
    assert max(servers.values()) - min(servers.values()) <= 1


def test_partitions_never_change() -> None:
    """Nodes of different versions run together: a change would part them."""
    assert TAGS[:4] == ("460", "14", "278", "10")
    assert Names("hyred").name("u", "42") == "hyred:{265}:u:42"


@given(st.text(), st.sampled_from(["u", "r", "on"]))
def test_the_partition_of_a_subject_stands_in_its_names(subject: str, kind: str) -> None:
    assert partition_of_name(Names("a:b").name(kind, subject).encode()) == partition_of(subject)


@pytest.mark.parametrize("prefix", ["", "a{b}", "a b", "x" * 65])
def test_a_prefix_that_would_change_the_meaning_of_names_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        Names(prefix)


@pytest.mark.parametrize("name", [b"hyred:u:42", b"hyred:{}:u:42", b"hyred:{x}:u:42"])
def test_a_name_without_a_partition_is_refused(name: bytes) -> None:
    with pytest.raises(ValueError, match=r"partition|section"):
        partition_of_name(name)
