"""Words in mixed scripts, and how people look for them."""

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from unicodedata import normalize

WORDS = [
    *("invoice", "invoices", "Invoice", "Rechnung", "the", "to", "a", "and", "résumé", "resume", "Re\u0301sume\u0301"),
    *("straße", "STRASSE", "Straßenfest", "smørrebrød", "łódź", "Zażółć", "Nguyễn", "ﬁne", "Ｗｉｄｅ", "İstanbul"),
    *("Σας", "ΣΑΣ", "άνθρωπος", "ΑΝΘΡΩΠΟΣ", "ёлка", "ЕЛКИ", "договор", "договоры", "їжак", "Ґанок"),
    *("مرحبا", "مُحَمَّد", "محمد", "أحمد", "مدرسة", "کتاب", "שלום", "שָׁלוֹם", "מכתבים", "नमस्ते", "हिन्दी"),
    *("東京", "東京都", "京都", "に", "タワー", "たわー", "ﾀﾜｰ", "한국어", "한국", "中文搜索"),
    *("ภาษา", "ไทย", "ที่นี่", "น้ำ", "นา", "ทำนา", "ດຳນາ"),
    *("jane.doe@mail.example", "invoice-2024.pdf", "getUserName()", "HTTPServer", "1,234.56", "192.168.0.1", "٢٠٢٤"),
    *("C++", "state-of-the-art", "don't", "don’t", "snake_case_name", "https://a.example/plan", "v1.2b"),
    *("👍", "👍🏽", "👩\u200d💻", "❤️", "🇵🇭", "$5", "東京tower", "ok👍"),
]  # fmt: skip
PARTS = [
    *("inv", "nvoice", "invocie", "invoise", "invoic", "rech", "res", "strass", "strase", "smorrebrod", "nguyen"),
    *("σα", "ανθρωποσ", "елк", "договр", "їж", "محم", "مدرسه", "שלו", "מכתב", "नम", "東", "京東", "한", "ภา", "ทนี"),
    *("doe", "doe@mail", "mail.example", "example", "2024", "username", "user", "server", "1234", "1234.56", "168.0"),
    *("c", "+", "dont", "of-the", "case", "name", "plan", "t", "💻", "👩", "5", "tower", "ok", "v1", "2b", "wide"),
]  # fmt: skip
SPACES = [" ", " ", "  ", "\n", ", ", ". ", " – ", "\u3000", "/", "-", ""]

WAYS_OF_WRITING: list[Callable[[str], str]] = [
    *(str, str.upper, str.lower, str.title),
    *(partial(normalize, form) for form in ("NFD", "NFKC")),
]
WISHES = ["{}", "{}", "{}", '"{}"', "-{}", '-"{}"', "{}-{}", "{}{}"]
MAX_QUERY_CHARS = 200


def say(chance: Random) -> str:
    """A message of some words."""
    return "".join(chance.choice(WORDS) + chance.choice(SPACES) for _ in range(chance.randint(1, 6)))


def ask_about(chance: Random, texts: Sequence[str]) -> str:
    """What somebody looks for who remembers parts of one of these texts, or thinks of something else."""
    text = chance.choice(texts)
    starts = [0, *(at + 1 for at, each in enumerate(text) if not each.isalnum())]

    def remember() -> str:
        if chance.random() < 0.2:
            return chance.choice([*WORDS, *PARTS])
        start = chance.choice(starts)
        part = text[start : start + chance.randint(1, 14)].replace('"', " ")
        return chance.choice(WAYS_OF_WRITING)(part)

    asked = []
    for _ in range(chance.randint(1, 3)):
        wish = chance.choice(WISHES)
        asked.append(wish.format(*(remember() for _ in range(wish.count("{}")))))
    return " ".join(asked)[:MAX_QUERY_CHARS]
