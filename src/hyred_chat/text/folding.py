"""One folding of names and words: what two people may type differently and mean the same.

Compatibility forms, case, accents, letter forms, apostrophes, hyphens and spaces make no difference. A name is found by
the beginning of any of its words, in any order, and in scripts that write no spaces by any part of it. The web app
folds by the same rules (`web/src/lib/text`); `tests/tables/folding.json` is tried with both.
"""

import enum
import re
import unicodedata

# Of what is folded, and of each term: far beyond what anybody types, and a bound on what a name costs.
MAX_NAME_CHARS = 200
MAX_TERM_CHARS = 64

# Unicode's Default_Ignorable_Code_Point, and what only annotates: not seen, so not typed either.
_IGNORED = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Marks that people leave out: accents, the points of Hebrew and Arabic, nuktas, the tones of Thai and Lao. The vowel
# signs of Indic scripts and the voicing marks of kana are letters to whoever reads them, and stay. So do U+0E4D and
# U+0ECD, which Thai and Lao am is taken apart into with the sign of another vowel, aa.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08e1\u08e3-\u08ff"
    "\u093c\u09bc\u0a3c\u0abc\u0b3c\u0c3c\u0cbc\u0e47-\u0e4c\u0e4e\u0ec8-\u0ecc\u0ece\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20f0\u2de0-\u2dff\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ufb1e\ufe20-\ufe2f]"
)

# Before compatibility forms are taken apart: some of these would fall into a space and an accent.
_APOSTROPHES = "'`´ʹʻʼʽʾʿˈˊˋ՚׳‘’‛′＇ꞌ"
_QUOTES = '"״“”„‟″＂'
_BEFORE = str.maketrans(
    {**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_QUOTES, '"'), "−": "-", "\u2800": " ", "ـ": None}
)

# After it: letters that Unicode does not take apart, as people write them who do not have them; digits of other
# scripts; katakana as hiragana, the small ones as large ones, which many forms cannot write.
_LETTERS = (
    "ßss æae œoe øo đd ðd þth łl ħh ŧt ŋn ĸk ıi ƀb ɓb ƈc ȼc ɖd ɗd əe ɛe ɇe ƒf ɠg ǥg ɣg ɨi ɩi ɉj ƙk ƚl ɫl ⱥa ɲn ɔo ɵo"
    " ƥp ɍr ƭt ʈt ʉu ʊu ʋv ƴy ɏy ƶz ʒz ȥz ςσ ґг қк ғг ңн өо үу ұу әа ٱا ىي یي کك ةه ہه ەه ھه ךכ םמ ןנ ףפ ץצ"
)
# Ideographs that are one to whoever reads a name: radicals that PDFs put in the place of letters, and forms of letters
# in Japanese names, the old ones as the new ones.
_IDEOGRAPHS = (
    "⺠民 ⺩王 ⻁虎 ⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻑長 ⻓长 ⻔门 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟"
    " ⻧卤 ⻨麦 ⻩黄 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀"
    " 𠮷吉 﨑崎 髙高 邉辺 邊辺 濵浜 濱浜 德徳 櫻桜 澤沢 齋斎 齊斉 廣広 國国 龍竜 眞真 惠恵 瀨瀬 寶宝 榮栄 藏蔵 淺浅"
    " 槇槙 黑黒 靑青 圓円 條条 學学 壽寿 曾曽 會会 與与 豐豊 彌弥 關関 鐵鉄 禮礼 萬万 緖緒 增増 橫横 戶戸 步歩 每毎"
    " 淸清 敎教 靜静 鄕郷 吳呉 內内 溫温 縣県 來来 實実 嶋島 嶌島 冨富 峯峰 舘館"
)
_ZEROS = "٠۰०০๐"
_SMALL_KANA = "ぁあ ぃい ぅう ぇえ ぉお っつ ゃや ゅゆ ょよ ゎわ ゕか ゖけ"
# U+31F0 to U+31FF
_SMALL_KATAKANA = "くしすとぬはひふへほむらりるれろ"
_AFTER = str.maketrans(
    {
        **{entry[0]: entry[1:] for entry in f"{_LETTERS} {_IDEOGRAPHS} {_SMALL_KANA}".split()},
        **{chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)},
        **{chr(code): chr(code - 0x60) for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)},
        **{chr(ord(entry[0]) + 0x60): entry[1] for entry in _SMALL_KANA.split()},
        **{chr(0x31F0 + place): kana for place, kana in enumerate(_SMALL_KATAKANA)},
    }
)
_REPEATED = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[々〻]")

# Scripts that write no spaces between words: a word may begin at any letter.
_UNSPACED = re.compile(
    "[\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007\u3021-\u312f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\ua9e0-\ua9ff\uaa60-\uaadf\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
# The vowels and final consonants of a Korean syllable, which has been taken apart.
_REST_OF_SYLLABLE = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff]")

_WITHIN_WORDS = frozenset("'\".·‧")


def straighten(text: str) -> str:
    """`text` with one kind each of apostrophes, quotation marks and minus signs, as `fold` has them."""
    return text.translate(_BEFORE)


def fold(text: str) -> str:
    """`text` with what makes no difference taken out, punctuation and spaces left in."""
    if text.isascii():
        return text.lower().replace("`", "'")
    bare = _IGNORED.sub("", straighten(text))
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", bare))
    # Up before down: letters that have no capital of their own (ſ, ı) meet those that have.
    return repeat_ideographs(bare.upper().lower().translate(_AFTER))


def repeat_ideographs(folded: str) -> str:
    """`folded` with each iteration mark as the ideograph before it, as `fold` has it. The length stays."""
    return _REPEATED.sub(r"\1\1", folded)


class Kind(enum.Enum):
    """What a folded character is for finding where words begin."""

    SEPARATOR = enum.auto()
    LETTER = enum.auto()  # of a script that writes spaces
    SOLID = enum.auto()  # a word may begin at it, whatever is before
    REST = enum.auto()  # a mark, or a part of a syllable: nothing begins at it


def kind_of(character: str) -> Kind:
    """What a folded character is."""
    category = unicodedata.category(character)
    if category[0] in "PZ" or category in {"Cc", "Cs", "Sk"}:
        return Kind.SEPARATOR
    if category[0] == "M" or _REST_OF_SYLLABLE.match(character):
        return Kind.REST
    # Symbols, emoji (those too that this Python does not know yet), and scripts without spaces.
    return Kind.LETTER if category[0] in "LN" and not _UNSPACED.match(character) else Kind.SOLID


def terms_of(name: str) -> list[str]:
    """What a name is found by: the rest of it from each beginning of a word on. The first is the whole name.

    Each is there with single spaces between words, so that terms sort as names do, and without any, so that `Jean-Luc`
    is found as `jeanluc`. A name of punctuation alone is found by it.
    """
    folded = fold(name[:MAX_NAME_CHARS])[:MAX_NAME_CHARS]
    spaced, beginnings, before = "", [0], Kind.SEPARATOR
    for character in folded:
        kind = kind_of(character)
        if kind is Kind.SEPARATOR:
            before = kind
            continue
        if before is Kind.SEPARATOR and spaced:
            spaced += " "
        if kind is Kind.SOLID or (kind is Kind.LETTER and before is not Kind.LETTER):
            beginnings.append(len(spaced))
        if kind is not Kind.REST or before is Kind.SEPARATOR:
            before = kind
        spaced += character
    spaced = spaced or "".join(folded.split())
    rests = [spaced[start:] for start in beginnings]
    return list(dict.fromkeys(term[:MAX_TERM_CHARS] for rest in rests for term in (rest, rest.replace(" ", ""))))


def parts_of(query: str) -> list[str]:
    """What is looked for: each part begins a term of the name, or all of them together do. Empty: nothing was asked.

    What stands within a word (apostrophes, hyphens, dots) is taken out; spaces and other punctuation part words.
    """
    folded = fold(query)[:MAX_NAME_CHARS]
    parts = "".join(_in_query(character) for character in folded).split()
    return [part[:MAX_TERM_CHARS] for part in parts or folded.split()]


def _in_query(character: str) -> str:
    if kind_of(character) is not Kind.SEPARATOR:
        return character
    return "" if character in _WITHIN_WORDS or unicodedata.category(character) == "Pd" else " "
