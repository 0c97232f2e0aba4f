"""What somebody looks for: parsed, asked of the index, and found in a text.

The index answers with every message that may match. What decides is the text itself, as it is now: `Query.find`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from hyred_chat.text.folding import straighten
from hyred_chat.text.words import MAX_TERM_CHARS, Part, Words

# What is asked of the index; the text decides about the rest. A query of this many words is narrow enough.
MAX_INDEXED = 8
MAX_HIGHLIGHTS = 100
# Shorter than three letters.
MIN_NARROWNESS = -3
# Words that may have been mistyped have so many letters.
MIN_MISTYPED_CHARS = 5

_CHUNKS = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """Letters and digits: the beginning of a term, or parts that follow one another.

    Attributes:
        parts: what was typed without a space.
        variants: words that are taken for it as well, each as a whole.
    """

    parts: tuple[str, ...]
    variants: frozenset[str] = frozenset()

    @property
    def joined(self) -> str:
        """All parts as one."""
        return "".join(self.parts)

    def spans(self, words: Words) -> Iterator[Span]:
        """Where it is in the folded text."""
        joined = self.joined
        for place, part in enumerate(words.parts):
            if part.is_run:
                continue
            end = None
            if words.folded[part.start] == joined[0]:
                end = self._end_of_beginning(words, place, joined) or self._end_of_parts(words, place)
            if end is None and self.variants:
                end = self._end_of_variant(words, place)
            if end is not None:
                yield part.start, end

    @staticmethod
    def _end_of_beginning(words: Words, place: int, joined: str) -> int | None:
        is_there = words.chain_from(place, len(joined)).startswith(joined)
        return words.end_in_chain(place, len(joined)) if is_there else None

    def _end_of_parts(self, words: Words, place: int) -> int | None:
        following = words.parts[place : place + len(self.parts)]
        if len(self.parts) == 1 or len(following) < len(self.parts):
            return None
        texts = [words.text_of(part) for part in following]
        if any(part.is_run or part.text != following[0].text for part in following):
            return None
        if tuple(texts[:-1]) != self.parts[:-1]:
            return None
        return following[-1].start + len(self.parts[-1]) if texts[-1].startswith(self.parts[-1]) else None

    def _end_of_variant(self, words: Words, place: int) -> int | None:
        for text in (words.chain_from(place, MAX_TERM_CHARS), words.text_of(words.parts[place])):
            if text in self.variants:
                return words.end_in_chain(place, len(text))
        return None

    def is_whole(self, words: Words) -> bool:
        """Whether a text has it as a whole word, and not only as the beginning of one."""
        return any(words.is_word(place, self.joined) for place, part in enumerate(words.parts) if not part.is_run)

    def needles(self) -> tuple[str, ...]:
        """What the terms of every match hold."""
        return () if self.variants else (f"\n{self.parts[0][:MAX_TERM_CHARS]}",)

    def tsquery(self, key: str) -> str:
        """What to ask of the index."""
        asked = _prefix(key, self.joined)
        if len(self.parts) > 1:
            asked = f"({asked} | ({_all_of(key, self.parts)}))"
        if self.variants:
            asked = f"({asked} | {' | '.join(_prefix(key, variant) for variant in sorted(self.variants))})"
        return asked


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of a script without spaces: a part of such a run, from the beginning of a unit on.

    Attributes:
        terms: the terms that the text has then.
    """

    text: str
    terms: tuple[str, ...]

    def spans(self, words: Words) -> Iterator[Span]:
        """Where it is in the folded text."""
        for part in words.parts:
            if part.is_run and self.text in words.text_of(part):
                for start in words.units(part)[:-1]:
                    if words.folded.startswith(self.text, start, part.end):
                        yield start, start + len(self.text)

    def is_whole(self, words: Words) -> bool:
        """Such scripts have no whole words."""
        return any(True for _ in self.spans(words))

    def needles(self) -> tuple[str, ...]:
        """What the terms of every match hold."""
        return tuple(f"\n{term}" for term in self.terms)

    def tsquery(self, key: str) -> str:
        """What to ask of the index."""
        return _all_of(key, self.terms)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Whole words, one after the other. What stands between them makes no difference.

    Attributes:
        pieces: each is `is_run`, and the folded text: of a run a part, of letters and digits all parts as one.
    """

    pieces: tuple[tuple[bool, str], ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that the text has then, or that begin so in runs."""
        runs = [term for is_run, text in self.pieces if is_run for term in _terms_of_run(text)]
        return tuple(dict.fromkeys([*(text for is_run, text in self.pieces if not is_run), *runs]))

    def may_be_in(self, content: str) -> bool:
        """Whether its characters are in an ASCII text one after the other, with anything but letters between them."""
        return _pattern_of("".join(text for _, text in self.pieces)).search(content) is not None

    def spans(self, words: Words) -> Iterator[Span]:
        """Where it is in the folded text."""
        for place, part in enumerate(words.parts):
            starts = words.units(part)[:-1] if part.is_run and self.pieces[0][0] else [part.start]
            for start in starts:
                if (end := self._end_from(words, place, start)) is not None:
                    yield start, end

    def _end_from(self, words: Words, place: int, start: int) -> int | None:
        end: int | None = start
        first = words.parts[place]
        for number, (is_run, text) in enumerate(self.pieces):
            if end is None or place >= len(words.parts):
                return None
            if words.parts[place].is_run != is_run or words.parts[place].text != first.text:
                return None
            if number:
                start = words.parts[place].start
            if is_run:
                is_last = number == len(self.pieces) - 1
                end = _end_of_run(words, words.parts[place], start, text, is_last=is_last)
                place += 1
            elif words.is_word(place, text):
                end, place = words.end_in_chain(place, len(text)), place + words.parts_of_word(place, text)
            else:
                return None
        return end

    def is_whole(self, words: Words) -> bool:
        """A phrase is of whole words."""
        return any(True for _ in self.spans(words))

    def needles(self) -> tuple[str, ...]:
        """What the terms of every match hold."""
        return tuple(
            f"\n{term[:MAX_TERM_CHARS]}" + ("" if is_run or len(term) > MAX_TERM_CHARS else "\n")
            for is_run, text in self.pieces
            for term in (_terms_of_run(text) if is_run else [text])
        )

    def tsquery(self, key: str) -> str:
        """What to ask of the index."""
        words = dict.fromkeys(text for is_run, text in self.pieces if not is_run)
        runs = dict.fromkeys(term for is_run, text in self.pieces if is_run for term in _terms_of_run(text))
        asked = [_quote(key, word[:MAX_TERM_CHARS]) for word in sorted(words, key=len, reverse=True)]
        return " & ".join([*asked, *(_prefix(key, term) for term in runs)][:MAX_INDEXED])


@lru_cache(maxsize=64)
def _pattern_of(text: str) -> re.Pattern[str]:
    return re.compile(r"[\W_]*".join(map(re.escape, text)), re.IGNORECASE | re.ASCII)


def _end_of_run(words: Words, run: Part, start: int, text: str, *, is_last: bool) -> int | None:
    """Where `text` ends that begins at `start`. If anything follows in the phrase, that is where the run ends."""
    end = start + len(text)
    return end if words.folded.startswith(text, start, run.end) and (is_last or end == run.end) else None


Piece = Word | Run | Phrase


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: all of `wanted`, and nothing of which all pieces are there in `unwanted`."""

    wanted: tuple[Piece, ...]
    unwanted: tuple[tuple[Piece, ...], ...] = ()

    def may_match(self, content: str, metadata: str | None) -> bool:
        """Whether it is worth taking a message apart: quick, and never wrong when it says no."""
        if metadata is not None or not content.isascii():
            return True
        return all(piece.may_be_in(content) for piece in self.wanted if isinstance(piece, Phrase))

    def find(self, words: Words) -> list[Span] | None:
        """Where in a text everything is, in its order, [start, end) in code points; None when it does not match."""
        found: list[Span] = []
        for piece in self.wanted:
            spans = [words.span(*span) for span in piece.spans(words)]
            if not spans:
                return None
            found += spans
        if any(all(any(True for _ in piece.spans(words)) for piece in pieces) for pieces in self.unwanted):
            return None
        return _merge(found)

    def score(self, words: Words) -> int:
        """How well a text matches that does: more for whole words."""
        return sum(2 if piece.is_whole(words) else 1 for piece in self.wanted)

    def tsquery(self, key: str, *, also: Iterable[str] = ()) -> str:
        """What to ask of the index about the block `key`: a `tsquery` as text, which every match fulfils.

        Args:
            also: terms that the message has to have besides.
        """
        narrowest = sorted(self.wanted, key=_narrowness)[:MAX_INDEXED]
        # What many terms begin with costs more than it tells, where there is anything better to ask for.
        worth_asking = [piece for piece in narrowest if _narrowness(piece) <= MIN_NARROWNESS]
        asked = [piece.tsquery(key) for piece in worth_asking or narrowest]
        asked += [_quote(key, term) for term in also]
        asked += [f"!{pieces[0].tsquery(key)}" for pieces in self.unwanted[:MAX_INDEXED] if _is_exact(pieces)]
        return " & ".join(asked)

    def list_needles(self, *, also: Iterable[str] = ()) -> list[str]:
        """What the terms of every match hold, each behind and before a line break: quick to look for."""
        needles = [needle for piece in self.wanted for needle in piece.needles()]
        return [*needles[:MAX_INDEXED], *(f"\n{term}\n" for term in also)]

    def list_mistyped(self) -> list[str]:
        """The words that are long enough to have been mistyped."""
        words = (piece.joined for piece in self.wanted if isinstance(piece, Word) and len(piece.parts) == 1)
        return [word for word in words if MIN_MISTYPED_CHARS <= len(word) <= MAX_TERM_CHARS and word.isalpha()]

    def with_variants(self, variants: Mapping[str, frozenset[str]]) -> "Query":
        """The same, with other words that may have been meant."""
        wanted = tuple(
            Word(piece.parts, variants.get(piece.joined, frozenset())) if isinstance(piece, Word) else piece
            for piece in self.wanted
        )
        return Query(wanted, self.unwanted)


@dataclass(slots=True)
class _Parsed:
    wanted: dict[Piece, None] = field(default_factory=dict)
    unwanted: dict[tuple[Piece, ...], None] = field(default_factory=dict)


def parse_query(text: str) -> Query | None:
    """Take a query apart: words, `"a phrase"`, `-without`. None when there is nothing in it to look for."""
    parsed = _Parsed()
    for match in _CHUNKS.finditer(straighten(text)):
        minus, quoted, bare = match.groups()
        pieces = _pieces_of(bare) if quoted is None else _phrase_of(quoted)
        if pieces and minus:
            parsed.unwanted[pieces] = None
        else:
            parsed.wanted.update(dict.fromkeys(pieces))
    return Query(tuple(parsed.wanted), tuple(parsed.unwanted)) if parsed.wanted else None


def _pieces_of(chunk: str) -> tuple[Piece, ...]:
    words = Words(chunk)
    pieces: dict[Piece, None] = {}
    chains: dict[int, list[str]] = {}
    for part in words.parts:
        if part.is_run:
            pieces[_run_of(words.text_of(part))] = None
        else:
            chains.setdefault(part.chain, []).append(words.text_of(part))
    pieces.update(dict.fromkeys(Word(tuple(parts)) for parts in chains.values()))
    return tuple(pieces)


def _run_of(text: str) -> Run:
    return Run(text, _terms_of_run(text))


def _terms_of_run(text: str) -> tuple[str, ...]:
    terms = Words(text).list_terms()
    # The last unit alone says nothing that the term before it does not.
    return tuple(terms if len(terms) == 1 else [term for term in terms if term != terms[-1]] or terms)


def _phrase_of(quoted: str) -> tuple[Piece, ...]:
    words = Words(quoted)
    if not words.parts:
        return ()
    pieces: list[tuple[bool, str]] = []
    chain = None
    for part in words.parts:
        text = words.text_of(part)
        if not part.is_run and part.chain == chain:
            pieces[-1] = (False, pieces[-1][1] + text)
        else:
            pieces.append((part.is_run, text))
        chain = part.chain
    return (Phrase(tuple(pieces)),)


def _narrowness(piece: Piece) -> int:
    """Long words first: they are in fewer messages."""
    return -len(piece.joined) if isinstance(piece, Word) else -2 * max(map(len, piece.terms))


def _is_exact(pieces: tuple[Piece, ...]) -> bool:
    """Whether the index finds the same as the text, so that it may leave out what it finds."""
    return (
        len(pieces) == 1
        and isinstance(pieces[0], Word)
        and len(pieces[0].parts) == 1
        and (len(pieces[0].joined) <= MAX_TERM_CHARS)
    )


def _all_of(key: str, terms: Iterable[str]) -> str:
    longest = sorted(terms, key=len, reverse=True)[:MAX_INDEXED]
    return " & ".join(_prefix(key, term) for term in longest)


def _prefix(key: str, term: str) -> str:
    return f"{_quote(key, term[:MAX_TERM_CHARS])}:*"


def _quote(key: str, term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{key} {escaped}'"


def _merge(spans: list[Span]) -> list[Span]:
    """In their order, those that touch as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged[:MAX_HIGHLIGHTS]
