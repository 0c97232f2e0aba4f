"""The hosts that a database's address names."""

import pytest

from hyred_chat.db.connecting import list_hosts

WRITES = "target_session_attrs=read-write"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@one:1/db", [f"postgresql://u:p@one:1/db?{WRITES}"]),
        ("postgresql://one/db", [f"postgresql://one/db?{WRITES}"]),
        (
            "postgresql://u:p%2C@one:1,two,[::1]:3/db?sslmode=require",
            [f"postgresql://u:p%2C@{host}/db?sslmode=require&{WRITES}" for host in ("one:1", "two", "[::1]:3")],
        ),
        (
            "postgresql://u@/db?host=/run/a,/run/b&port=5432",
            [f"postgresql://u@/db?host=%2Frun%2F{host}&port=5432&{WRITES}" for host in ("a", "b")],
        ),
        (
            "postgresql://u@/db?host=one,two&port=1,2",
            [f"postgresql://u@/db?host={host}&port={port}&{WRITES}" for host, port in (("one", 1), ("two", 2))],
        ),
        ("postgresql://one/db?target_session_attrs=any", ["postgresql://one/db?target_session_attrs=any"]),
    ],
)
def test_each_host_has_a_url_of_its_own_that_asks_for_one_that_takes_writes(url: str, expected: list[str]) -> None:
    assert list_hosts(url) == expected


def test_as_many_ports_as_hosts_are_needed() -> None:
    with pytest.raises(ValueError, match="zip"):
        list_hosts("postgresql://u@/db?host=one,two,three&port=1,2")
