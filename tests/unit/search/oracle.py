"""What a person finds who reads every message: by the rules of `docs/clients.md`, with nothing of the product's.

What makes no difference is asked of Unicode's own names and properties (`unicodedata`), and everything is tried, from
each place on. It is slow, and short enough to be compared with the rules by reading both.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

# Scripts without spaces, by the beginnings of the names of their characters.
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
# Combining classes of marks that are letters to whoever reads them: the voicing of kana, viramas, the vowels of Thai.
KEPT_CLASSES = {0, 8, 9, 103}
# Letters that have neither an accent nor a name that says what they are a form of, as people write them without.
LETTERS = {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ı": "i", "ґ": "г"}
LETTERS |= {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"}
MISTYPED_LETTERS = range(5, 33)
LEAST_KNOWN_LETTERS = 4


@dataclass(frozen=True)
class Part:
    """Letters or digits, or characters of which each may begin what is found.

    Attributes:
        chunk: the same number for parts between which there is no space.
        starts: where what is looked for may begin; None: at its beginning.
    """

    text: str
    chunk: int
    starts: tuple[int, ...] | None = None

    @property
    def is_run(self) -> bool:
        return self.starts is not None


@cache
def folded(character: str) -> str:
    """A character without case, accents, the form of its letter, width and colour of skin."""
    kept = ""
    for each in unicodedata.normalize("NFKD", character):
        name = unicodedata.name(each, "")
        is_invisible = unicodedata.category(each) in {"Cf", "Me"} or name.startswith(
            ("VARIATION SELECTOR", "EMOJI MODIFIER", "ARABIC TATWEEL")
        )
        if not is_invisible and unicodedata.combining(each) in KEPT_CLASSES:
            kept += "".join(_letter(small) for small in each.casefold())
    return kept


def _letter(small: str) -> str:
    """A letter as people write it who do not have it: `o` for LATIN SMALL LETTER O WITH STROKE."""
    if small in LETTERS:
        return LETTERS[small]
    if unicodedata.decimal(small, None) is not None:
        return str(unicodedata.decimal(small))
    if not unicodedata.category(small).startswith("L"):
        return small
    name = unicodedata.name(small, "")
    plain = name.replace("LETTER FINAL ", "LETTER ")
    if name.startswith("LATIN"):
        plain = name.partition(" WITH ")[0]
    if name.startswith("KATAKANA LETTER"):
        plain = plain.replace("KATAKANA", "HIRAGANA")
    if plain.startswith("HIRAGANA"):
        plain = plain.replace("LETTER SMALL ", "LETTER ")
    try:
        return unicodedata.lookup(plain)
    except KeyError:
        return small


def kind_of(character: str) -> str:
    """` ` for white space, `.` for other punctuation, `1` for a digit, `~` for the rest of a unit, `x` for a letter.

    `*` for what is found from anywhere on: symbols, emoji and letters of scripts without spaces.
    """
    category, name = unicodedata.category(character), unicodedata.name(character, "")
    if character.isspace():
        return " "
    if category[0] in "PZ" or category in {"Cc", "Sk"}:
        return "."
    if category[0] == "M" or name.startswith(("HANGUL JUNGSEONG", "HANGUL JONGSEONG")):
        return "~"
    if category[0] not in "LN" or name.startswith(UNSPACED):
        return "*"
    return "1" if category[0] == "N" else "x"


def take_apart(text: str) -> list[Part]:
    """The parts of a text, in their order."""
    characters = [(each, kind_of(each), c.isupper() or c.istitle()) for c in text for each in folded(c)]
    parts: list[Part] = []
    chunk, at = 0, 0
    while at < len(characters):
        _, kind, _ = characters[at]
        end = at + 1
        if kind in " .":
            chunk += kind == " "
        elif kind == "*":
            end = _end_of(characters, at, "*~")
            starts = tuple(place - at for place in range(at, end) if characters[place][1] == "*")
            parts.append(Part("".join(each for each, _, _ in characters[at:end]), chunk + 1, starts))
            chunk += 2
        elif kind == "1":
            end = _end_of(characters, at, "1~")
            parts.append(Part("".join(each for each, _, _ in characters[at:end]), chunk))
        else:
            end = _end_of(characters, at, "x~")
            parts += (Part(word, chunk) for word in _humps(characters[at:end]))
        at = end
    return parts


def _end_of(characters: Sequence[tuple[str, str, bool]], at: int, kinds: str) -> int:
    while at < len(characters) and characters[at][1] in kinds:
        at += 1
    return at


def _humps(letters: Sequence[tuple[str, str, bool]]) -> Iterator[str]:
    """`get`, `User` and `Name` of `getUserName`."""
    word = ""
    for place, (each, _, is_capital) in enumerate(letters):
        follows_small = place > 0 and not letters[place - 1][2]
        precedes_small = place + 1 < len(letters) and not letters[place + 1][2]
        if word and is_capital and (follows_small or precedes_small):
            yield word
            word = ""
        word += each
    yield word


@dataclass(frozen=True)
class Piece:
    """A word (its parts), characters of a script without spaces, or a phrase (its words and runs)."""

    kind: str
    texts: tuple[str, ...]
    are_runs: tuple[bool, ...] = ()


def pieces_of(query: str) -> tuple[list[Piece], list[list[Piece]]]:
    """What has to be there, and each of what must not be there as a whole."""
    straight = "".join(_straight(each) for each in query)
    wanted: list[Piece] = []
    unwanted: list[list[Piece]] = []
    for minus, quoted, bare in re.findall(r'(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))', straight):
        pieces = list(_phrase(take_apart(quoted))) if quoted else list(_words(take_apart(bare)))
        if minus and pieces:
            unwanted.append(pieces)
        else:
            wanted += pieces
    return wanted, unwanted


def _straight(character: str) -> str:
    name = unicodedata.name(character, "")
    if "DOUBLE" in name and "QUOTATION MARK" in name:
        return '"'
    return "-" if name == "MINUS SIGN" else character


def _words(parts: list[Part]) -> Iterator[Piece]:
    """Of what was typed without a space."""
    for chunk in dict.fromkeys(part.chunk for part in parts):
        texts = tuple(part.text for part in parts if part.chunk == chunk)
        is_run = any(part.is_run for part in parts if part.chunk == chunk)
        yield Piece("run" if is_run else "word", texts)


def _phrase(parts: list[Part]) -> Iterator[Piece]:
    texts: list[str] = []
    are_runs: list[bool] = []
    chunk = None
    for part in parts:
        if part.chunk == chunk:
            texts[-1] += part.text
        else:
            texts.append(part.text)
            are_runs.append(part.is_run)
        chunk = part.chunk
    if texts:
        yield Piece("phrase", tuple(texts), tuple(are_runs))


def is_found(query: str, texts: Sequence[str], *, nearly: bool = False) -> bool:
    """Whether a query finds a message that says these texts; with `nearly`, with one letter of its long words wrong.

    Each piece is in one of the texts.
    """
    wanted, unwanted = pieces_of(query)
    said = [take_apart(text) for text in texts]
    if not wanted:
        return False
    if any(all(_is_there_in_any(piece, said) for piece in pieces) for pieces in unwanted):
        return False
    return all(
        _is_there_in_any(piece, said) or (nearly and any(_is_nearly_there(piece, parts) for parts in said))
        for piece in wanted
    )


def _is_there_in_any(piece: Piece, said: Sequence[list[Part]]) -> bool:
    return any(_is_there(piece, parts) for parts in said)


def _is_there(piece: Piece, parts: list[Part]) -> bool:
    places = range(len(parts))
    if piece.kind == "run":
        [text] = piece.texts
        return any(part.text[start:].startswith(text) for part in parts for start in part.starts or ())
    if piece.kind == "phrase":
        return any(_is_phrase_at(piece, parts, place) for place in places)
    return any(_is_word_at(piece.texts, parts, place) for place in places if not parts[place].is_run)


def _rest_of_chunk(parts: list[Part], place: int) -> str:
    return "".join(part.text for part in parts[place:] if part.chunk == parts[place].chunk)


def _is_word_at(texts: tuple[str, ...], parts: list[Part], place: int) -> bool:
    """By the beginning of what is written without a space, or by its parts, wherever there are spaces."""
    if _rest_of_chunk(parts, place).startswith("".join(texts)):
        return True
    following = parts[place : place + len(texts)]
    if len(following) < len(texts) or any(part.is_run for part in following):
        return False
    *before, last = following
    return [part.text for part in before] == list(texts[:-1]) and last.text.startswith(texts[-1])


def _is_phrase_at(piece: Piece, parts: list[Part], place: int) -> bool:
    """Whether its words follow one another from here on, each whole. A run may begin and end within one."""
    last = len(piece.texts) - 1
    for number, (text, is_run) in enumerate(zip(piece.texts, piece.are_runs, strict=True)):
        if place == len(parts) or parts[place].is_run != is_run:
            return False
        here = parts[place]
        if is_run:
            starts = (here.starts or ()) if number == 0 else (0,)
            if not any(
                here.text[start:].startswith(text) and (number == last or here.text[start:] == text) for start in starts
            ):
                return False
            place += 1
        elif here.text == text:
            place += 1
        elif _rest_of_chunk(parts, place) == text:
            place += sum(part.chunk == here.chunk for part in parts[place:])
        else:
            return False
    return True


def _is_nearly_there(piece: Piece, parts: list[Part]) -> bool:
    """Whether one letter is missing, too many, another one, or two are swapped: of a word of letters, and whole."""
    if piece.kind != "word" or len(piece.texts) > 1 or not piece.texts[0].isalpha():
        return False
    [word] = piece.texts
    known = {part.text for part in parts if not part.is_run}
    known |= {_rest_of_chunk(parts, place) for place, part in enumerate(parts) if not part.is_run}
    return len(word) in MISTYPED_LETTERS and any(
        is_one_letter_off(word, each) for each in known if each.isalpha() and len(each) >= LEAST_KNOWN_LETTERS
    )


def is_one_letter_off(one: str, other: str) -> bool:
    """By trying."""
    if len(one) == len(other):
        wrong = [place for place in range(len(one)) if one[place] != other[place]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and one[wrong[0]] == other[wrong[1]]
        return len(wrong) == 1 or (swapped and one[wrong[1]] == other[wrong[0]])
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
