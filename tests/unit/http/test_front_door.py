"""What the door decides by the head of a request alone."""

import pytest

from hyred_chat.front_door import is_transfer
from hyred_chat.http.head import Head


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (b"/api/chat/files/f1/upload", True),
        (b"/api/chat/files/f1/content?user=ana", True),
        (b"/api/admin/reports/r1/files/f1/content?user=sam", True),
        (b"/api/admin/reports/r1/files/f1", False),
        (b"/api/admin/reports/r1", False),
        (b"/api/chat/rooms/r/files", False),
        (b"/other/api/chat/files/f1/content", False),
    ],
)
def test_the_bytes_of_files_may_take_long_and_nothing_else(target: bytes, *, expected: bool) -> None:
    assert is_transfer(Head(b"GET", target, ())) is expected
