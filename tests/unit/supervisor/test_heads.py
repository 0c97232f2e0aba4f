"""Whose a connection is, by its first bytes; the same answer as that of the process which parses the whole request."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.supervisor.heads import OWNER_CHARS, PEEK_BYTES, is_enough, owner_of

SID = "0a1bN8hyd6wAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    "line",
    [
        f"GET /socket.io/?EIO=4&transport=polling&sid={SID} HTTP/1.1\r\nHost: chat\r\n\r\n",
        f"POST /socket.io/?sid={SID}&EIO=4 HTTP/1.1\r\n",
        f"GET http://chat/socket.io/?sid={SID} HTTP/1.1\r\n",
        f"GET /?sid=other&sid={SID} HTTP/1.1\r\n",
    ],
)
def test_a_session_s_id_begins_with_its_owner(line: str) -> None:
    assert owner_of(line.encode()) == "0a1b"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"GET / HTTP/1.1\r\n",
        b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n",
        b"GET /?xsid=0a1b HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nReferer: /?sid=0a1b\r\n",
        b"GET /?sid=" + b"x" * 100 + b" HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_what_continues_no_session_has_no_owner(line: bytes) -> None:
    assert owner_of(line) is None


def test_a_line_is_enough_and_so_is_a_long_beginning() -> None:
    assert is_enough(b"GET / HTTP/1.1\r\n")
    assert not is_enough(b"GET / HTTP/1.1")
    assert is_enough(b"x" * PEEK_BYTES)


WORD = st.text("abcsidEIO0123456789-_", min_size=1, max_size=6)


@given(st.lists(st.tuples(st.one_of(st.just("sid"), WORD), WORD), max_size=5))
def test_the_owner_is_that_of_the_last_of_repeated_fields(fields: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={value}" for name, value in fields)
    sid = dict(parse_qsl(query)).get("sid")
    owner = owner_of(f"GET /socket.io/?{query} HTTP/1.1\r\n".encode())
    assert owner == (None if sid is None else sid[:OWNER_CHARS])


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at(head: bytes) -> None:
    owner_of(head)
