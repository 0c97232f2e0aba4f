"""What a text is found by: its words, folded, and where each stands in it.

Scripts with spaces give *parts*: runs of letters or of digits, also within what is written without a space
(`jane.doe@mail.example`, `getUserName`, `invoice-2024.pdf`). Parts between two spaces are a *chain*. Words are the
parts, and the chain from each of its parts on: `janedoemailexample`, `doemailexample`, `mailexample`. So something is
found by its beginning, by its parts, and with or without what stands between them. Scripts without spaces, symbols and
emoji give *runs* of units, of which each two that follow one another are a term.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hyred_chat.text.folding import Kind, fold, kind_of, repeat_ideographs

# Between what a message says and the names of its files: nothing that is looked for goes on over it.
APART = "\n\x1c"
# Of a term: what is longer is told apart by reading the text.
MAX_TERM_CHARS = 32
# Of one text. No message that is not many thousand characters long has more.
MAX_TERMS = 20_000
MAX_TERMS_CHARS = 200_000
# Of characters that are remembered: more than any language has.
_MAX_REMEMBERED = 50_000

# What a folded character is, in one letter: the end of a text, white space, another separator, a capital, a small
# letter (or one of a script without capitals), a digit, a character that a word may begin at, and a mark or the rest of
# a syllable.
_END, _SPACE, _SEPARATOR, _CAPITAL, _SMALL, _DIGIT, _SOLID, _REST = "EWSULDXR"
# Signs that runs are indexed without, as earlier versions folded them away: what those have indexed is found. The text
# decides.
_NOT_INDEXED = {0x0E4D: None, 0x0ECD: None}
# An emoji is found whatever the colour of its skin.
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_PARTS = re.compile("(?:XR*)+|D[DR]*|U+(?=UL)|U?[LR]+|U+")
_UNITS = re.compile("XR*")


def _shape_of(folded: str, original: str) -> str:
    kind = kind_of(folded)
    if folded == APART[-1]:
        return _END
    if kind is Kind.SEPARATOR:
        return _SPACE if folded.isspace() else _SEPARATOR
    if kind is Kind.SOLID:
        return _SOLID
    if kind is Kind.REST:
        return _REST
    if folded.isnumeric():
        return _DIGIT
    return _CAPITAL if original.isupper() or original.istitle() else _SMALL


class _Characters(dict[str, tuple[str, str]]):
    """Each character folded, and the shape of that."""

    def __missing__(self, character: str) -> tuple[str, str]:
        if len(self) >= _MAX_REMEMBERED:
            self.clear()
        folded = "" if character in _SKIN_TONES else fold(character)
        found = self[character] = folded, "".join(_shape_of(each, character) for each in folded)
        return found


_characters = _Characters()
_ASCII_SHAPES = {code: _characters[chr(code)][1] for code in range(128)}


@dataclass(frozen=True, slots=True)
class Part:
    """Letters, digits or a run of units.

    Attributes:
        start, end: where it is in the folded text.
        chain: the same number for parts between which there is no space.
        text: how many ends of texts (`APART`) are before it.
        is_run: whether it is of a script without spaces.
    """

    start: int
    end: int
    chain: int
    text: int
    is_run: bool


class Words:
    """A text taken apart.

    Attributes:
        folded: the text, folded.
        parts: in their order.
    """

    __slots__ = ("_length", "_origins", "_shape", "folded", "parts")

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._origins: list[int] | None = None
        if text.isascii():
            self.folded, self._shape = fold(text), text.translate(_ASCII_SHAPES)
        else:
            characters = [_characters[character] for character in text]
            self.folded = repeat_ideographs("".join([folded for folded, _ in characters]))
            self._shape = "".join([shape for _, shape in characters])
            self._origins = [place for place, (folded, _) in enumerate(characters) for _ in folded]
        self.parts = list(self._take_apart())

    def text_of(self, part: Part) -> str:
        """A part, folded."""
        return self.folded[part.start : part.end]

    def chain_from(self, place: int, length: int) -> str:
        """The chain that begins at the part `place`, without what stands between, up to so many characters or more."""
        chain, text = self.parts[place].chain, ""
        while place < len(self.parts) and self.parts[place].chain == chain and len(text) < length:
            text += self.text_of(self.parts[place])
            place += 1
        return text

    def is_word(self, place: int, text: str) -> bool:
        """Whether `text` is the part `place`, or the chain from it on."""
        return self.text_of(self.parts[place]) == text or self.chain_from(place, len(text) + 1) == text

    def parts_of_word(self, place: int, text: str) -> int:
        """How many parts the word `text` has that begins at the part `place`."""
        length, count = 0, 0
        while length < len(text):
            part = self.parts[place + count]
            length, count = length + part.end - part.start, count + 1
        return count

    def end_in_chain(self, place: int, length: int) -> int:
        """Where so many characters of the chain end that begins at the part `place`."""
        while length > (size := self.parts[place].end - self.parts[place].start):
            length -= size
            place += 1
        return self.parts[place].start + length

    def units(self, part: Part) -> list[int]:
        """Where the units of a run begin, and where the last one ends."""
        return [*(unit.start() for unit in _UNITS.finditer(self._shape, part.start, part.end)), part.end]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text the folded characters from `start` to `end` (not empty) came from: [start, end)."""
        if self._origins is None:
            return start, end
        following = self._origins[end] if end < len(self._origins) else self._length
        return self._origins[start], max(self._origins[end - 1] + 1, following)

    def list_terms(self) -> list[str]:
        """What the text is indexed by, each once, within the bounds above."""
        terms: dict[str, None] = {}
        left = MAX_TERMS_CHARS
        for term in self._terms():
            if term not in terms:
                left -= len(term)
                if left < 0 or len(terms) == MAX_TERMS:
                    break
                terms[term] = None
        return list(terms)

    def list_words(self) -> set[str]:
        """Its words of letters, for finding what was mistyped: parts, and chains from each part to their ends."""
        words = set()
        for place, part in enumerate(self.parts):
            if not part.is_run:
                words |= {self.text_of(part), self.chain_from(place, MAX_TERM_CHARS)}
        return {word for word in words if len(word) <= MAX_TERM_CHARS and word.isalpha()}

    def _terms(self) -> Iterator[str]:
        left_out = _NOT_INDEXED if any(chr(sign) in self.folded for sign in _NOT_INDEXED) else None
        for place, part in enumerate(self.parts):
            if not part.is_run:
                yield self.chain_from(place, MAX_TERM_CHARS)[:MAX_TERM_CHARS]
                yield self.text_of(part)[:MAX_TERM_CHARS]
                continue
            units = self.units(part)
            for start, end in zip(units, [*units[2:], part.end], strict=False):
                term = self.folded[start:end]
                yield (term.translate(left_out) if left_out else term)[:MAX_TERM_CHARS]

    def _take_apart(self) -> Iterator[Part]:
        shape, before, chain, text, was_run = self._shape, 0, 0, 0, False
        for match in _PARTS.finditer(shape):
            start, end = match.span()
            is_run = shape[start] == _SOLID
            between = shape[before:start]
            if is_run or was_run or _SPACE in between or _END in between:
                chain += 1
                text += between.count(_END)
            yield Part(start, end, chain, text, is_run)
            before, was_run = end, is_run
