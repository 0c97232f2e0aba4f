"""Whose doing a line of the log is about: ids that hold for all that a request or an event does."""

import re
from collections.abc import Mapping
from contextvars import ContextVar

_bound: ContextVar[Mapping[str, object]] = ContextVar("log_fields")
_NOTHING: Mapping[str, object] = {}
_ID = re.compile(r"[\w.:|~+-]{1,128}", re.ASCII)


def bind(**ids: object) -> None:
    """Have these ids (`user_id=…`) in every line that this task logs from now on, and the tasks that it starts.

    Costs a dictionary; for what is done for every message, give `logger` an `extra` where something goes wrong instead.
    """
    _bound.set({**_bound.get(_NOTHING), **ids})


def bound() -> dict[str, str]:
    """The ids that are bound here, as they may be logged."""
    return {name: as_id(value) for name, value in _bound.get(_NOTHING).items()}


def as_id(value: object) -> str:
    """An id as it may be logged. Ids of the host may be e-mail addresses, and clients may send anything as an id."""
    text = str(value)
    if _ID.fullmatch(text):
        return text
    return "(e-mail)" if "@" in text else "(not an id)"
