"""When two e-mail addresses are the same: one rule, in Python and in SQL, whatever the database's locale.

The case of a letter makes no difference where one capital and one small letter of the same script are a pair. So the
Kelvin sign is not a k, and the dotted capital I is not an i; both small sigmas are one. Python's and PostgreSQL's own
ideas of lower case differ in these, and PostgreSQL's differ from database to database.
"""

# Basic Latin, Latin-1, Latin Extended-A, Greek, Cyrillic, and Vietnamese. What is a pair there never changes.
_BLOCKS = (range(0x41, 0x5B), range(0xC0, 0xDF), range(0x100, 0x180), range(0x386, 0x3AC), range(0x400, 0x430))
_VIETNAMESE = range(0x1EA0, 0x1F00)


def _is_capital(letter: str) -> bool:
    small = letter.lower()
    return small != letter and len(small) == 1 and small.upper() == letter and small.isascii() == letter.isascii()


_CAPITALS = (
    "".join(chr(code) for block in (*_BLOCKS, _VIETNAMESE) for code in block if _is_capital(chr(code)))
    + "\N{GREEK SMALL LETTER FINAL SIGMA}"
)
_SMALLS = "".join(letter.lower() for letter in _CAPITALS[:-1]) + "\N{GREEK SMALL LETTER SIGMA}"
_TO_SMALL = str.maketrans(_CAPITALS, _SMALLS)

# Of the column `email`. An index has this very expression (db/schema/people.py).
EMAIL_KEY = f"translate(email, '{_CAPITALS}', '{_SMALLS}')"


def email_key(email: str) -> str:
    """What is the same for two addresses when they are the same, and `EMAIL_KEY` of a stored one."""
    return email.translate(_TO_SMALL)
