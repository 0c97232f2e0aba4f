"""Tracebacks show where and why, and nothing that somebody sent."""

import json
from collections.abc import Callable

import asyncpg
import pydantic
import pytest

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.tracebacks import format_exception

SECRET = "my salary is 4,200"


class Draft(pydantic.BaseModel):
    content: int


def caught(block: Callable[[], object]) -> Exception:
    try:
        block()
    except Exception as error:  # noqa: BLE001  # whatever it is
        return error
    raise AssertionError


def chained() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise UnavailableError from error


@pytest.mark.parametrize(
    "block",
    [
        lambda: int(SECRET),
        lambda: dict[str, int]()[SECRET],
        lambda: json.loads(f'"{SECRET}'),
        lambda: Draft(content=SECRET),  # type: ignore[arg-type]
        lambda: SECRET.encode("ascii").decode() + "ü".encode("ascii").decode(),
        chained,
    ],
)
def test_a_value_that_an_exception_quotes_is_left_out(block: Callable[[], object]) -> None:
    error = caught(block)
    text = format_exception(error)
    assert SECRET not in text
    assert type(error).__qualname__ in text
    assert "test_tracebacks.py" in text


def test_causes_and_the_texts_of_faults_of_ours_are_shown() -> None:
    text = format_exception(caught(chained))
    assert text.index("ValueError: (text left out") < text.index("The above exception was the direct cause")
    assert text.endswith("UnavailableError: The service is not available right now. Please try again.")
    assert format_exception(caught(lambda: "".nowhere)).endswith("has no attribute 'nowhere'")  # type: ignore[attr-defined]


def test_what_a_group_holds_is_shown_without_what_it_quotes() -> None:
    text = format_exception(ExceptionGroup(SECRET, [caught(lambda: int(SECRET)), TimeoutError("too late")]))
    assert SECRET not in text
    assert "  | TimeoutError: too late" in text


async def test_a_database_names_what_was_broken_and_not_with_what(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("CREATE TEMP TABLE notes (text text CONSTRAINT unique_text UNIQUE)")
        await connection.execute("INSERT INTO notes VALUES ($1)", SECRET)
        for statement, shown in (
            ("INSERT INTO notes VALUES ($1)", "SQLSTATE 23505, table notes, constraint unique_text"),
            ("SELECT ($1::text)::int", "SQLSTATE 22P02"),
            ("SELECT $1::int", "SQLSTATE 22000"),
        ):
            with pytest.raises(asyncpg.PostgresError) as raised:
                await connection.execute(statement, SECRET)
            text = format_exception(raised.value)
            assert SECRET not in text
            assert shown in text
        with pytest.raises(asyncpg.PostgresError) as raised:
            await connection.execute("SELECT nowhere FROM notes")
        assert 'column "nowhere" does not exist (SQLSTATE 42703)' in format_exception(raised.value)
