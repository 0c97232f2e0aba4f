"""Words that were mistyped by one letter: one left out, one too many, another one, or two in the wrong order."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b

from hyred_chat.text.folding import Kind, fold, kind_of
from hyred_chat.text.words import MAX_TERM_CHARS

# Of words that are known, so that mistyped ones may have been meant to be them.
MIN_WORD_CHARS = 4
_ASCII = "abcdefghijklmnopqrstuvwxyz"
# Letters of one script are mostly within so many code points.
_PAGE = 256


def hash_of(word: str) -> int:
    """A number of 64 bits with a sign. It does not tell the word."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big", signed=True)


def hash_all(words: Iterable[str]) -> set[int]:
    """The numbers of those that are long enough."""
    return {hash_of(word) for word in words if MIN_WORD_CHARS <= len(word) <= MAX_TERM_CHARS}


def list_neighbours(word: str) -> set[str]:
    """All that `word` may have been meant to be, whether there is such a word or not; without itself."""
    return set(_neighbours(word)) - {word}


def _neighbours(word: str) -> Iterator[str]:
    letters = _letters_of(word)
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def _letters_of(word: str) -> str:
    """The letters that may have been meant: of the scripts of the word."""
    pages = {ord(letter) // _PAGE for letter in word if not letter.isascii()}
    return _ASCII + "".join(_letters_on(page) for page in sorted(pages))


@lru_cache(maxsize=64)
def _letters_on(page: int) -> str:
    characters = map(chr, range(page * _PAGE, (page + 1) * _PAGE))
    return "".join(
        each for each in characters if each.isalpha() and kind_of(each) is Kind.LETTER and fold(each) == each
    )
