"""What is one emoji: those of Unicode, with all sequences that it recommends (skin tones, families, flags, keycaps).

The list beside this file has each as it is written in full (`scripts/generate_emoji.py`).
"""

from functools import cache
from importlib.resources import files

MAX_EMOJI_CHARS = 32
# Whether a character is to be shown as text or as a picture: people's keyboards leave it out or put it in.
_VARIATION_SELECTORS = {0xFE0E: None, 0xFE0F: None}


def canonical_emoji(text: str) -> str | None:
    """The one emoji that `text` is, as it is written in full; None when it is anything else.

    With and without variation selectors it is the same one.
    """
    if len(text) > MAX_EMOJI_CHARS:
        return None
    return _by_bare_form().get(text.translate(_VARIATION_SELECTORS))


@cache
def _by_bare_form() -> dict[str, str]:
    listed = files(__package__).joinpath("emoji.txt").read_text(encoding="utf-8").splitlines()
    return {emoji.translate(_VARIATION_SELECTORS): emoji for emoji in listed}
