"""Tracebacks for the log, without what somebody sent.

The text of an exception may quote a value: of a message, or a token. It is shown only for kinds of exceptions whose
texts quote none. Of all others the kind, the cause and the lines of code are shown.
"""

import traceback
from collections.abc import Iterator
from textwrap import indent

import asyncpg
import pydantic

from hyred_chat.errors import ChatError

_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"
_LEFT_OUT = "(text left out: it may quote what somebody sent)"
# Of exceptions that others may chain on and on.
_MAX_CHAINED = 20
_WITHOUT_VALUES = (
    ChatError,
    OSError,  # timeouts and broken connections among them
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    NameError,
    RuntimeError,
    TypeError,
    asyncpg.InterfaceError,
)
# Classes of SQLSTATE (PostgreSQL, appendix A) whose messages name what is in the database or in our statements. Those
# of wrong data and broken constraints (22, 23), and of triggers (P0), quote values.
_SAFE_CLASSES = frozenset({"08", "0A", "25", "28", "40", "42", "53", "54", "55", "57", "58", "XX"})


def format_exception(error: BaseException) -> str:
    """The traceback of an exception and of those that led to it, as Python shows it. No line break at its end."""
    return "".join(_lines(error, _MAX_CHAINED)).rstrip("\n")


def _lines(error: BaseException, left: int) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and left:
        yield from _lines(before, left - 1)
        yield _CAUSE if error.__cause__ is not None else _CONTEXT
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    yield f"{name}: {_text_of(error)}\n"
    if isinstance(error, BaseExceptionGroup) and left:
        for each in error.exceptions:
            yield indent("".join(_lines(each, left - 1)), "  | ", lambda _: True)


def _text_of(error: BaseException) -> str:
    if isinstance(error, asyncpg.PostgresError):
        return _text_of_database(error)
    if isinstance(error, pydantic.ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return ", ".join(f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in found[:5])
    if isinstance(error, BaseExceptionGroup):
        return f"{len(error.exceptions)} exceptions"
    return str(error) if isinstance(error, _WITHOUT_VALUES) else _LEFT_OUT


def _text_of_database(error: asyncpg.PostgresError) -> str:
    """Without the details, which quote rows."""
    state = error.sqlstate or "?"
    text = str(error.args[0]) if error.args and state[:2] in _SAFE_CLASSES else _LEFT_OUT
    named = (f"{name} {value}" for name in ("table", "constraint") if (value := getattr(error, f"{name}_name", None)))
    return f"{text} ({', '.join((f'SQLSTATE {state}', *named))})"
