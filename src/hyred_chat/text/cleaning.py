"""One cleaning of what people type or paste, and of what hosts send.

What cannot be shown is taken out or becomes a line break, so that nothing is refused which somebody could not see. What
shows nothing is no text. The web app cleans by the same rules (`web/src/lib/text`); `tests/tables/cleaning.json` is
tried with both.
"""

import re

# Unicode's White_Space (PropList.txt). Python's own idea of it has four control characters more.
_WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# Nothing is lost at the ends of a text with a zero width space or a word joiner.
_TRIMMED = _WHITE_SPACE + "\u200b\u2060"

# ECMA-48: control sequences (colours, cursors), command strings (titles, links) with their end, and escapes of two or
# three characters. A control sequence may have been cut off. Behind another character of Latin-1's upper half, an
# introducer is a byte of UTF-8 that was decoded wrongly (“mÄ\u009bsto”), and what follows it is text.
_ESCAPE_SEQUENCE = re.compile(
    "(?:\x1b\\[|(?<![\x80-\xff])\x9b)[0-?]*[ -/]*[@-~]?"
    "|(?:\x1b[PX\\]^_]|(?<![\x80-\xff])[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]*(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]*[0-~]?"
)
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters, deprecated and annotating ones, halves of surrogate pairs, noncharacters. Tags are kept where they
# make an emoji a flag.
_NEVER_SHOWN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u206a-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "\U000e0000-\U000e001f]|(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]+"
)
# Whatever any of the three takes, and a little more: one quick look spares almost every message all of them.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u206a-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\U0001fffe-\U0010ffff]"
)
# What neither shows by itself nor needs to be taken out: white space, Default_Ignorable_Code_Point, and blanks.
_SHOWN = re.compile(
    f"[^{_WHITE_SPACE}\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# The place of a picture or a file that was pasted and did not come along: the only one of them that is printable.
_OBJECT = "\ufffc"
_BREAKS_OF_LINES = re.compile("[ \t\n]+")
_DIRECTION_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """`text` without what cannot be shown, trimmed, its line breaks line feeds. Empty when it shows nothing."""
    is_printable = text.isprintable()
    if is_printable and text.isascii():
        return text.strip(" ")  # the way of most messages
    if (not is_printable or _OBJECT in text) and _SUSPECT.search(text):
        text = _ESCAPE_SEQUENCE.sub("", text)
        text = _NEVER_SHOWN.sub("", _LINE_BREAK.sub("\n", text))
    text = text.strip(_TRIMMED)
    return text if _SHOWN.search(text) else ""


def clean_line(text: str) -> str:
    """A name or a title: cleaned, on one line, without what turns the direction of its neighbours."""
    return clean(_BREAKS_OF_LINES.sub(" ", _DIRECTION_CONTROL.sub("", clean(text))))
