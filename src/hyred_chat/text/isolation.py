"""One isolation of names: whoever's name stands beside other text cannot turn it round (UAX #9)."""

import re

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_ISOLATES = re.compile("[\u2066-\u2069]")
# Letters of scripts that are written from right to left, and the controls that change direction.
_TURNS = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def isolate(name: str) -> str:
    """`name` as it may stand beside other text: within an isolate of its own when it could turn that round."""
    balanced = _balance(name)
    return f"{_FIRST_STRONG_ISOLATE}{balanced}{_POP_ISOLATE}" if _TURNS.search(balanced) else balanced


def _balance(text: str) -> str:
    """Every isolate in `text` ends within it, and nothing ends that began before. Embeddings end with their isolate."""
    depth, parts, start = 0, [], 0
    for match in _ISOLATES.finditer(text):
        if match[0] != _POP_ISOLATE:
            depth += 1
        elif depth > 0:
            depth -= 1
        else:
            parts.append(text[start : match.start()])
            start = match.end()
    return "".join([*parts, text[start:], _POP_ISOLATE * depth])
