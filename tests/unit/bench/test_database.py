"""Counting statements in PostgreSQL's log."""

from bench.database import count_statements


def test_statements_are_counted_by_their_text_in_one_line() -> None:
    log = (
        "@hyred-chat@ LOG:  execute __asyncpg_stmt_1__: SELECT 1\n"
        "@hyred-chat@ LOG:  execute __asyncpg_stmt_1__: SELECT 1\n"
        "@hyred-chat@ LOG:  statement: COPY users FROM STDIN\n"
        "@hyred-chat@ LOG:  execute <unnamed>: \n\tSELECT a\n\t    FROM b\n"
    )
    assert count_statements(log) == {"SELECT 1": 2, "COPY users FROM STDIN": 1, "SELECT a FROM b": 1}


def test_the_ends_of_transactions_are_not_statements() -> None:
    log = "".join(
        f"@hyred-chat@ LOG:  statement: {statement}\n"
        for statement in ("BEGIN;", "COMMIT;", "ROLLBACK;", "begin isolation level serializable", "SAVEPOINT a")
    )
    assert count_statements(log) == {}


def test_the_bench_does_not_count_itself() -> None:
    assert count_statements("@hyred-bench@ LOG:  statement: SELECT 1\n") == {}


def test_other_lines_of_the_log_are_not_statements() -> None:
    log = (
        "@@ LOG:  checkpoint starting: time\n"
        "@hyred-chat@ ERROR:  relation does not exist\n"
        "@hyred-chat@ STATEMENT:  SELECT nothing\n"
        "@hyred-chat@ LOG:  duration: 12 ms\n"
        "2026-01-01 LOG:  statement: SELECT from before the prefix was set\n"
    )
    assert count_statements(log) == {}
