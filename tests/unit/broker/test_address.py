"""URLs of Redis, and what is wrong with some. A password is never repeated."""

import pytest

from hyred_chat.broker.address import Endpoint, parse_address


@pytest.mark.parametrize(
    ("url", "kind", "endpoints", "text"),
    [
        ("redis://localhost", "", [("localhost", 6379)], "localhost:6379"),
        ("redis://me:s%40cret@cache:7000/2", "", [("cache", 7000)], "cache:7000"),
        ("rediss://me:s%40cret@[::1]:7000", "", [("::1", 7000)], "[::1]:7000"),
        ("unix:///run/valkey.sock?db=1", "", [("/run/valkey.sock", 0)], "/run/valkey.sock"),
        ("unix://me:s%40cret@/run/valkey.sock", "", [("/run/valkey.sock", 0)], "/run/valkey.sock"),
        (
            "redis+sentinel://me:s%40cret@one,two:5000/chat?sentinel_password=s%40cret",
            "sentinel",
            [("one", 26379), ("two", 5000)],
            "chat at the Sentinels one:26379, two:5000",
        ),
        (
            "rediss+cluster://me:s%40cret@one:1,two",
            "cluster",
            [("one", 1), ("two", 6379)],
            "the cluster at one:1, two:6379",
        ),
    ],
)
def test_a_url_is_taken_apart_and_its_text_has_no_password(
    url: str, kind: str, endpoints: list[tuple[str, int]], text: str
) -> None:
    address = parse_address(url)
    assert (address.kind, list(address.endpoints)) == (kind, [Endpoint(*endpoint) for endpoint in endpoints])
    assert str(address) == text
    assert "s@cret" not in repr(address)
    if "cret" in url:
        assert address.options["password"] == "s@cret"


def test_sentinels_have_credentials_of_their_own() -> None:
    address = parse_address(
        "rediss+sentinel://me:a@one/chat?sentinel_username=you&sentinel_password=b&ssl_ca_certs=/ca"
    )
    assert {**address.sentinel_options, "connection_class": None} == {
        "username": "you",
        "password": "b",
        "ssl_ca_certs": "/ca",
        "connection_class": None,
    }


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("", "must look like"),
        ("localhost:6379", "must look like"),
        ("http://secret@localhost", "must look like"),
        ("redis+nonsense://secret@localhost", "must look like"),
        ("unix+cluster://secret@localhost", "must look like"),
        ("redis://secret@localhost:port", "must look like"),
        ("redis://secret@localhost:99999", "must look like"),
        ("unix://secret@", "path of a socket"),
        ("redis+sentinel://secret@localhost", "name the primary"),
        ("redis://secret@localhost?timeout=3", "timeout"),
        ("redis://secret@localhost/?sentinel_password=secret", "sentinel_password"),
        ("redis+cluster://secret@localhost?db=3", "only one"),
        ("redis://secret@localhost/x", "number of a database"),
    ],
)
def test_what_is_wrong_with_a_url_is_said_without_repeating_it(url: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as caught:
        parse_address(url)
    assert "secret" not in str(caught.value)
