"""What a check has to say."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is. A warning is worth knowing; a problem is worth stopping for."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        level: how bad it is.
        subject: what was looked at, in a word or two.
        sentence: what was found and, unless all is well, what to do. Holds no secret.
    """

    level: Level
    subject: str
    sentence: str


def ok(subject: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, subject, sentence)


def warning(subject: str, sentence: str) -> Finding:
    """The server runs, but perhaps not as meant."""
    return Finding(Level.WARNING, subject, sentence)


def problem(subject: str, sentence: str) -> Finding:
    """The server does not start, or does not keep its promises."""
    return Finding(Level.PROBLEM, subject, sentence)
