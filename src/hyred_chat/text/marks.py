"""The marks in a message: characters that say how others are drawn, which previews leave out.

`content` is stored and sent as it was written. The web app draws what the marks say by the same rules
(`web/src/lib/text/marks.ts`); `tests/tables/marks.json` is tried with both, and `tests/tables/README.md` has the rules.

Time is linear in the length of the text: of each mark, at most one is open at a time.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import regex

# What marks are written with, wherever it stands: one quick look by the faster module, with which most messages end.
_SUSPECT = re.compile(r"[-*_~`\[•>]")
# No message without one of these has marks.
_MARKS = regex.compile(r"[*_~`\[•]|^>|^[ \t]*-", regex.MULTILINE)
_INLINE_MARKS = regex.compile(r"[*_~`\[]")

_FENCE_OPENS = regex.compile(r"```[A-Za-z0-9_+#.-]{0,20}[ \t]*")
_FENCE_CLOSES = regex.compile(r"```[ \t]*")
# A quote's mark, and an item's. What has nothing but marks behind it is a rule between parts.
_PREFIX = regex.compile(
    r"(>(?: (?=.*\S)|$))?(?:([ \t]*)([-*•]|[0-9]{1,3}[.)])[ \t]+(?![ \t])(?=.*[^-*_•\s]))?",
)

# Scripts that write no spaces between words, or write endings right behind them: there a mark may stand within.
_UNSPACED = r"\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
_OUTSIDE_WORDS = rf"[{_UNSPACED}]|(?![\p{{L}}\p{{N}}\p{{M}}])[^\x00-\x7f]"
_BEGINS = r"[-+]?[\p{L}\p{N}]|[$#@&%\x60]|(?!\s)[^\x00-\x7f]"
# What stands around marks that begin something, and around those that end it, with a star in the place of the marks.
_OPENS = regex.compile(rf"""(?:\s|{_OUTSIDE_WORDS})\*(?:{_BEGINS}|["'(\[{{<])|[(\[{{"']\*(?:{_BEGINS})""")
_CLOSES = regex.compile(rf"""[^\s(\[{{\\]\*(?:\Z|[\s.,:;!?)\]}}"'-]|{_OUTSIDE_WORDS})""")
_CODE_OPENS = regex.compile(rf"(?:{_OUTSIDE_WORDS}|[^\p{{L}}\p{{N}}])\*\S")
_CODE_CLOSES = regex.compile(rf"\S\*(?:\Z|{_OUTSIDE_WORDS}|[^\p{{L}}\p{{N}}])")

# What may be code, a link with a text, or an address, whose characters are no marks.
_ATOM = regex.compile(r"`+|\[|https?://|www\.", regex.IGNORECASE)
_LINK = regex.compile(
    r"\[(?=\S)([^\[\]`\n]{1,500})\]"
    r"\((?:https?://[^\s()<>]{1,2000}(?:\([^\s()<>]*\)[^\s()<>]*)*|mailto:[^\s()<>@]+@[^\s()<>@]+)\)",
    regex.IGNORECASE,
)
# The text of a link must not pass for an address itself.
_FALSE_ADDRESS = regex.compile(r"://|www\.", regex.IGNORECASE)
_ADDRESS = regex.compile(r"""(?:https?://|www\.)[^\s<>"`]*[^\s<>"`*_~.,:;!?)\]}'…»”’]""", regex.IGNORECASE)
_RUN = regex.compile(r"(.)\1*")
_CLUSTER = regex.compile(r"[*_~]+")
_TICKS = regex.compile("`+")

_EMPHASIS = frozenset({"*", "**", "***", "_", "~~"})
_MAX_TICKS = 3


class _Range(NamedTuple):
    """From where to where, within a line."""

    start: int
    end: int


def without_marks(text: str) -> str:
    """`text` as a preview shows it: items of lists with a bullet or their number, of links the text, no other marks."""
    if not _SUSPECT.search(text) or not _MARKS.search(text):
        return text
    plain = "\n".join(_plain_lines(text.split("\n")))
    return plain if plain.strip() else text


def _plain_lines(lines: list[str]) -> Iterator[str]:
    last_close = max((index for index, line in enumerate(lines) if _FENCE_CLOSES.fullmatch(line)), default=-1)
    index, was_quoted = 0, False
    while index < len(lines):
        # A block of code has at least one line, and an end.
        if index < last_close - 1 and _FENCE_OPENS.fullmatch(lines[index]):
            index, was_quoted = index + 1, False
            while not _FENCE_CLOSES.fullmatch(lines[index]):
                yield lines[index]
                index += 1
        else:
            plain, was_quoted = _plain_line(lines[index], was_quoted=was_quoted)
            yield plain
        index += 1


def _plain_line(line: str, *, was_quoted: bool) -> tuple[str, bool]:
    """The line as it is read, and whether it is part of a quote. A lone mark continues a quote, and begins none."""
    match = _PREFIX.match(line)
    if match is None:  # never: all of it is optional
        return line, False
    quote, item = match[1], match[3]
    is_quoted = quote == "> " or (quote == ">" and was_quoted)
    label = "" if item is None else line[match.start(3) : match.end()] if item[0].isdigit() else "• "
    rest = line[match.end() :] if is_quoted or quote is None else line
    return label + _plain_inline(rest), is_quoted


def _plain_inline(text: str) -> str:
    if not _INLINE_MARKS.search(text):
        return text
    marks: list[_Range] = []
    _find_emphasis(text, _find_atoms(text, marks), marks)
    marks.sort()
    starts = [0, *(mark.end for mark in marks)]
    ends = [*(mark.start for mark in marks), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _find_atoms(text: str, marks: list[_Range]) -> list[_Range]:
    """From where to where no mark of emphasis is looked for, ascending. Adds the marks of code and of links."""
    closers = _closers_of_code(text)
    solid: list[_Range] = []
    end = 0
    for match in _ATOM.finditer(text):
        start, found = match.start(), match[0]
        if start < end:
            continue
        if found[0] == "`":
            close = _next_closer(closers, text, match.end(), start)
            end = match.end() if close is None else close + len(found)
            if close is not None:
                marks += (_Range(start, match.end()), _Range(close, end))
                solid.append(_Range(start, end))
        elif found == "[":
            end = _find_link(text, start, marks, solid)
        else:
            address = _ADDRESS.match(text, start)
            end = match.end() if address is None else address.end()
            solid.append(_Range(start, end))
    return solid


def _find_link(text: str, start: int, marks: list[_Range], solid: list[_Range]) -> int:
    """Where the link ends whose text begins at `start`; the next place, when there is none."""
    link = _LINK.match(text, start)
    if link is None or _FALSE_ADDRESS.search(link[1]):
        return start + 1
    ends = (_Range(start, link.start(1)), _Range(link.end(1), link.end()))
    marks += ends
    solid += ends
    return link.end()


def _closers_of_code(text: str) -> dict[int, list[int]]:
    """The places of the back-ticks that end code, by their number; descending."""
    places: dict[int, list[int]] = {}
    for match in _TICKS.finditer(text):
        if len(match[0]) <= _MAX_TICKS and _CODE_CLOSES.match(_around(text, match.start(), match.end())):
            places.setdefault(len(match[0]), []).append(match.start())
    for found in places.values():
        found.reverse()
    return places


def _next_closer(closers: dict[int, list[int]], text: str, opener_end: int, start: int) -> int | None:
    """Of the code that begins at `start`. Asked for ever later places, so what was passed is taken away."""
    places = closers.get(opener_end - start)
    while places and places[-1] <= start:
        places.pop()
    return places[-1] if places and _CODE_OPENS.match(_around(text, start, opener_end)) else None


def _find_emphasis(text: str, solid: list[_Range], marks: list[_Range]) -> None:
    opened: list[tuple[str, int]] = []
    passed = 0
    for match in _CLUSTER.finditer(text):
        start = match.start()
        while passed < len(solid) and solid[passed].end <= start:
            passed += 1
        if passed < len(solid) and solid[passed].start <= start:
            continue
        context = _around(text, start, match.end())
        opens, closes = _OPENS.match(context) is not None, _CLOSES.match(context) is not None
        if not opens and not closes:
            continue
        for run_match in _RUN.finditer(match[0]):
            run, at = run_match[0], start + run_match.start()
            if run not in _EMPHASIS:
                continue
            found = next((place for place, (mark, since) in enumerate(opened) if mark == run and since < start), None)
            if closes and found is not None:
                since = opened[found][1]
                marks += (_Range(since, since + len(run)), _Range(at, at + len(run)))
                # What was opened later and is open still, stays as it was written.
                del opened[found:]
            elif opens:
                opened = [*((mark, since) for mark, since in opened if mark != run), (run, at)]


def _around(text: str, start: int, end: int) -> str:
    """What stands around marks: a character, or the end of the line before, a star in their place, two characters."""
    return f"{text[start - 1] if start > 0 else chr(10)}*{text[end : end + 2]}"
