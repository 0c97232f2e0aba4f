"""One cut of text at what people see as a character: a grapheme cluster (UAX #29)."""

import regex

# Far longer than any emoji or syllable: what is longer is marks piled upon marks, and is cut itself.
MAX_CLUSTER_CHARS = 64
_ELLIPSIS = "…"
_CLUSTER = regex.compile(r"\X")
_JOINER = "\u200d"


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` code points, the ellipsis included that says that there was more."""
    if len(text) <= limit:
        return text
    kept = text[: _end_of_clusters(text, limit - len(_ELLIPSIS))]
    return kept.rstrip().rstrip(_JOINER) + _ELLIPSIS


def beginning_of(text: str, limit: int) -> str:
    """As much of `text` as fits into `limit` code points, without a word about there being more."""
    return text if len(text) <= limit else text[: _end_of_clusters(text, limit)].rstrip(_JOINER)


def _end_of_clusters(text: str, limit: int) -> int:
    """Where the last cluster ends of those that fit into `limit` code points."""
    # Between two ASCII characters there always is an end, but for the line breaks that cleaning has taken out.
    if "\r" not in (around := text[max(limit - 1, 0) : limit + 1]) and around.isascii():
        return limit
    end = 0
    for cluster in _CLUSTER.finditer(text[: limit + MAX_CLUSTER_CHARS + 1]):
        if cluster.end() > limit:
            return limit if cluster.end() - end > MAX_CLUSTER_CHARS else end
        end = cluster.end()
    return end
