"""Requests of a session that polls which come once more, because their answers were lost on the way.

Browsers, HTTP libraries and proxies repeat a request by themselves when its connection ends without an answer. That is
meant for GET (RFC 9110, section 9.2.2), but some repeat a POST, too. Clients mark each request by a `t` of its own.
"""

from typing import Final

# A longer mark is none: a session keeps three.
MAX_MARK_CHARACTERS: Final = 64


class Repeats:
    """Tells a request that is repeated from a new one.

    The marks of some clients are the time, from a clock that stands still between two requests. So marks say nothing,
    for the rest of the session, from the moment at which different requests are seen to bear the same: a poll and a
    POST, two different POSTs, the handshake and another request. A poll is answered again once. If it comes a third
    time, then that is such a clock, too. A POST is taken for a repeated one only if earlier ones bore other marks:
    all pongs look the same, and a client whose POSTs all bear one mark would not be heard any more.

    Args:
        handshake_mark: the `t` of the handshake's query, if there was one.
    """

    __slots__ = ("_answer", "_are_posts_marked", "_handshake_mark", "_is_trusted", "_poll_mark", "_post", "_post_mark")

    def __init__(self, handshake_mark: str | None) -> None:
        self._handshake_mark = _checked(handshake_mark)
        self._is_trusted = True
        self._poll_mark: str | None = None
        self._answer: bytes | None = None  # to the poll of that mark, until it was given again or another poll comes
        self._post_mark: str | None = None
        self._post = 0  # the hash of its body
        self._are_posts_marked = False  # whether two bore different marks

    def answer_again(self, mark: str | None) -> bytes | None:
        """A poll came: the answer to the last one, if this is that poll once more; else None."""
        mark = _checked(mark)
        answer, self._answer = self._answer, None
        is_same = mark is not None and mark == self._poll_mark
        self._poll_mark = mark
        if (is_same and answer is None) or self._is_of_another(mark, self._post_mark):
            self._is_trusted = False
        return answer if is_same and self._is_trusted else None

    def poll_answered(self, payload: bytes) -> None:
        """Keep the answer to the poll that came last."""
        if self._is_trusted and self._poll_mark is not None:
            self._answer = payload

    def is_posted_again(self, mark: str | None, body: bytes) -> bool:
        """A POST came, with all of its body: whether it is the last one once more."""
        mark, post = _checked(mark), hash(body)
        is_same = mark is not None and mark == self._post_mark
        is_repeated = is_same and post == self._post
        if mark is not None and self._post_mark is not None and not is_same:
            self._are_posts_marked = True
        self._post_mark, self._post = mark, post
        if is_same != is_repeated or self._is_of_another(mark, self._poll_mark):
            self._is_trusted = False
            self._answer = None
        return is_repeated and self._are_posts_marked and self._is_trusted

    def _is_of_another(self, mark: str | None, other: str | None) -> bool:
        return mark is not None and mark in (self._handshake_mark, other)


def _checked(mark: str | None) -> str | None:
    return mark if mark is not None and len(mark) <= MAX_MARK_CHARACTERS else None
