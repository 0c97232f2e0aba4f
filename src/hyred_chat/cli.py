"""The commands of `hyred-chat`. Imports that are slow wait until their command runs."""

import asyncio
import errno
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from hyred_chat import __version__
from hyred_chat.config import ConfigurationError, Settings, load_settings, unknown_variables
from hyred_chat.listening import (
    BACKLOG,
    PortInUseError,
    address_of,
    check_can_listen,
    check_metrics_address,
    raise_descriptor_limit,
    take_port,
)
from hyred_chat.logging import configure_logging

MAX_PAIRS = 100_000
MAX_WORKERS = 64
SEED_CONNECTIONS = 2
PROGRESS_SECONDS = 3.0
# Exit codes: something is wrong in the world; something is wrong in what we were told.
PROBLEM, USAGE = 1, 2
_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}

app = typer.Typer(
    help="A self-hosted chat server that is durable, ordered and exactly-once. Settings come from the environment: "
    "docs/configuration.md lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


files_app = typer.Typer(help="What people attach to messages.", no_args_is_help=True)
app.add_typer(files_app, name="files")


@app.callback(invoke_without_command=True)
def _options(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False
) -> None:
    if version:
        typer.echo(f"hyred-chat {__version__}")
        raise typer.Exit


@app.command()
def serve(
    *,
    workers: Annotated[
        int,
        typer.Option(
            min=1, max=MAX_WORKERS, help="How many processes serve the port. More than one need HYRED_REDIS_URL."
        ),
    ] = 1,
) -> None:
    """Start the server, with an embedded database unless HYRED_DATABASE_URL names one. Ctrl-C stops both."""
    with _command(), suppress(KeyboardInterrupt):
        from hyred_chat.broker_address import require_broker
        from hyred_chat.database_address import database_address
        from hyred_chat.db.migrate import upgrade

        settings = _load_settings()
        if workers > 1:
            require_broker(settings)
        check_can_listen(settings.host, settings.port)
        check_metrics_address(settings)
        with database_address(settings) as url, _undisturbed_end():
            upgrade(url, settings.database_schema)
            if settings.makes_demo_world:
                asyncio.run(_seed_demo_world(settings, url))
            if workers == 1:
                _run_server(settings, url)
            else:
                _run_workers(settings, url, workers)


@app.command(hidden=True)
def serve_share() -> None:
    """What a supervisor starts: one of several processes behind a port. It reads on standard input which one it is."""
    with _command():
        from hyred_chat.server import run_share
        from hyred_chat.supervisor.share import Share

        settings = load_settings()
        configure_logging(settings)
        run_share(settings, Share.read(sys.stdin))


@app.command()
def worker() -> None:
    """Send pushes for servers with HYRED_PUSH_WORKER=false. Any number of workers may run. Ctrl-C stops it."""
    with _command(), suppress(KeyboardInterrupt):
        from hyred_chat.database_address import database_address
        from hyred_chat.db.migrate import upgrade
        from hyred_chat.worker import run

        settings = _load_settings()
        check_metrics_address(settings)
        with database_address(settings) as url, _undisturbed_end():
            upgrade(url, settings.database_schema)
            run(settings, url)


@app.command()
def notify(
    user_ids: Annotated[list[str], typer.Argument(help="The ids of the users to notify.")],
    title: Annotated[str, typer.Option(help="The title of the notification.")],
    body: Annotated[str, typer.Option(help="Its text.")],
    *,
    kind: Annotated[
        str, typer.Option("--type", help="Its type, such as job_match or proposal_response.")
    ] = "job_match",
    data: Annotated[str, typer.Option(help="Data for the app, as a JSON object.")] = "{}",
    send_at: Annotated[str | None, typer.Option(help="When, such as 2026-03-01T09:30:00Z. Default: now.")] = None,
    idempotency_key: Annotated[str | None, typer.Option(help="A repeat with the same key sends nothing.")] = None,
) -> None:
    """Notify users, as the host's back end does. Also works while the server runs."""
    with _command():
        from hyred_chat.database_address import database_address
        from hyred_chat.db.migrate import upgrade
        from hyred_chat.notices.commands import notice_of, post_notice

        settings = _load_settings()
        request = notice_of(
            userIds=user_ids,
            type=kind,
            title=title,
            body=body,
            data=data,
            sendAt=send_at,
            idempotencyKey=idempotency_key,
        )
        with database_address(settings) as url:
            upgrade(url, settings.database_schema)
            posted = asyncio.run(post_notice(url, settings.database_schema, request))
        typer.echo(f"Notification {posted.id} goes to {posted.accepted} people at {posted.send_at}.")
        if posted.unknown_user_ids:
            _fail(f"Nobody is known as {', '.join(posted.unknown_user_ids)}.", PROBLEM)


@app.command()
def migrate(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail unless this version works with the tables.")
    ] = False,
) -> None:
    """Update the tables to the schema of this version. Safe to run twice, and concurrently."""
    with _command():
        from hyred_chat.database_address import database_address
        from hyred_chat.db.migrate import head_revision, read_tables, upgrade

        settings = _load_settings()
        schema, head = settings.database_schema, head_revision()
        with database_address(settings) as url:
            if check and not (tables := read_tables(url, schema)).are_usable:
                tables.check_not_too_new()
                typer.echo(f"The schema {schema} is at revision {tables.revision or 'none'}; {head} is needed.")
                raise typer.Exit(PROBLEM)
            before, after = (tables.revision, tables.revision) if check else upgrade(url, schema)
        if before != after:
            typer.echo(f"The schema {schema} went from revision {before or 'none'} to {after}.")
        elif after == head:
            typer.echo(f"The schema {schema} is at revision {after}, which this version needs.")
        else:
            typer.echo(f"The schema {schema} is at revision {after}, which is newer and works with this version.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write. It must not exist.")],
) -> None:
    """Write all people, rooms and messages to a file, as they are at one moment. Also works while servers run."""
    with _command():
        from hyred_chat.database_address import database_address
        from hyred_chat.db.backups import back_up

        settings = _load_settings()
        with database_address(settings) as url:
            asyncio.run(back_up(url, settings.database_schema, file))
        typer.echo(f"The backup {file} has {file.stat().st_size:,} bytes.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file that backup has written.")],
) -> None:
    """Bring back a backup, all of it or nothing, in a database without tables of ours."""
    with _command():
        from hyred_chat.database_address import database_address
        from hyred_chat.db import backups

        settings = _load_settings()
        with database_address(settings) as url:
            restored = asyncio.run(backups.restore(url, settings.database_schema, file))
        typer.echo(
            f"Restored {restored.people:,} people, {restored.rooms:,} rooms and {restored.messages:,} messages, at "
            f"revision {restored.revision}. Start the servers with the same settings: they update the tables if needed."
        )


@app.command()
def seed(
    pairs: Annotated[int, typer.Option(min=1, max=MAX_PAIRS, help="How many pairs of a VA and a company to create.")],
    rooms_file: Annotated[Path, typer.Option(dir_okay=False, help="The file for rooms, users and tokens, as JSON.")],
) -> None:
    """Create pairs of users with a room each, for load tests. In development only; also while the server runs."""
    with _command():
        from hyred_chat.database_address import database_address
        from hyred_chat.db.migrate import upgrade

        settings = _load_settings()
        if settings.is_production:
            raise ConfigurationError(
                "HYRED_ENV", "must be development: seed makes people up, and their tokens are public."
            )
        _check_writable(rooms_file)
        started = time.monotonic()
        with database_address(settings) as url:
            upgrade(url, settings.database_schema)
            records = asyncio.run(_seed_pairs(settings, url, pairs))
        rooms_file.write_text(json.dumps(records), encoding="utf-8")
        typer.echo(f"Made {len(records)} pairs in {time.monotonic() - started:.1f} s. They are in {rooms_file}.")


@app.command()
def doctor(
    *,
    processes: Annotated[
        int, typer.Option(min=1, help="How many servers and push workers use the database at once, on all machines.")
    ] = 1,
    workers: Annotated[int, typer.Option(min=1, help="How many processes each server has (serve --workers).")] = 1,
) -> None:
    """Check settings, database, tables, clock, Redis, key set, push and port, and say how to fix each problem."""
    with _command():
        from hyred_chat.doctor import Deployment, Level, examine

        levels = set()
        for finding in examine(Deployment(processes, workers)):
            level = typer.style(f"{finding.level.value:<8}", fg=_COLOURS[finding.level.value])
            typer.echo(f"{level} {finding.subject:<14} {finding.sentence}")
            levels.add(finding.level)
        if Level.PROBLEM in levels:
            raise typer.Exit(PROBLEM)


@app.command()
def top(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            help="Where servers expose their metrics, as host:port. A name with several addresses is all of them. "
            "Default: HYRED_METRICS_ADDRESS.",
            show_default=False,
        ),
    ] = None,
    *,
    interval: Annotated[float, typer.Option(min=0.2, max=60, help="Seconds between two looks.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Print what happens in one interval, and exit.")] = False,
) -> None:
    """Show what servers do right now: sockets, messages, latency, lag, queues. Ctrl-C ends it."""
    with _command(), suppress(KeyboardInterrupt):
        from rich.console import Console

        from hyred_chat.top.service import watch

        own = _load_settings().metrics_address
        targets = targets or ([] if own is None else [str(own)])
        if not targets:
            raise typer.BadParameter(
                "say where, as host:port, or set HYRED_METRICS_ADDRESS as for the server.", param_hint="TARGETS"
            )
        try:
            if not asyncio.run(watch(targets, interval_seconds=interval, once=once, console=Console())):
                raise typer.Exit(PROBLEM)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="TARGETS") from None


@files_app.command("move")
def move_files(
    source: Annotated[str, typer.Argument(help="Where files are: file:/folder or s3://bucket/prefix.")],
    target: Annotated[str, typer.Argument(help="Where they are to be.")],
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave them at the source, too.")] = False,
) -> None:
    """Move files from one store to another. Also works while servers run, and again after it was interrupted."""
    with _command():
        from hyred_chat.config.values import check_files_url
        from hyred_chat.files.moving import move_files

        for url in (source, target):
            try:
                check_files_url(url)
            except ValueError as error:
                _fail(f"{url} {error}", USAGE)
        moved = asyncio.run(move_files(source, target, keep=keep))
        typer.echo(f"{moved.files:,} files are at {target}. {moved.copied:,} objects were copied.")


@files_app.command("clean")
def clean_files(*, delete: Annotated[bool, typer.Option("--delete", help="Delete what nobody needs.")] = False) -> None:
    """Compare what is kept with what is known, and list or delete what has been kept for a day and nobody needs."""
    with _command():
        from hyred_chat.database_address import database_address
        from hyred_chat.files.cleaning import clean

        settings = _load_settings()
        with database_address(settings) as url:
            is_whole = asyncio.run(clean(settings, url, deletes=delete, say=typer.echo, note=_note_progress()))
        if not is_whole:
            raise typer.Exit(PROBLEM)


def _note_progress() -> Callable[[str], None]:
    """Says how far something is on the standard error, every few seconds."""
    noted_at = time.monotonic()

    def note(sentence: str) -> None:
        nonlocal noted_at
        if time.monotonic() - noted_at > PROGRESS_SECONDS:
            noted_at = time.monotonic()
            typer.echo(f"{sentence} …", err=True)

    return note


def _check_writable(path: Path) -> None:
    """Found out now, and not when everybody has been made."""
    try:
        with path.open("a", encoding="utf-8"):
            pass
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}.", param_hint="--rooms-file") from error


def _load_settings() -> Settings:
    settings = load_settings()
    for sentence in unknown_variables():
        typer.echo(f"Warning: {sentence}", err=True)
    configure_logging(settings)
    return settings


def _run_server(settings: Settings, url: str) -> None:
    from hyred_chat.banner import banner
    from hyred_chat.demo import demo_people
    from hyred_chat.server import run

    people = demo_people() if settings.makes_demo_world else []
    with _port_taken(settings):
        run(settings, url, on_ready=lambda address: typer.echo(banner(settings, address, people)))


def _run_workers(settings: Settings, url: str, workers: int) -> None:
    from hyred_chat.banner import banner
    from hyred_chat.broker_address import broker_for_several, check_broker
    from hyred_chat.demo import demo_people
    from hyred_chat.supervisor.supervision import Plan, run

    people = demo_people() if settings.makes_demo_world else []
    raise_descriptor_limit()
    with broker_for_several(settings) as redis_url:
        asyncio.run(check_broker(settings, redis_url))
        with _port_taken(settings):
            listener = take_port(settings.host, settings.port)
            port = listener.getsockname()[1]
            told = {"processes": workers, "port": port, "database_url": url, "redis_url": redis_url}
            plan = Plan(workers, told, settings.drain_delay_seconds, BACKLOG)
            run(listener, plan, on_ready=lambda: typer.echo(banner(settings, address_of(listener), people)))


@contextmanager
def _port_taken(settings: Settings) -> Iterator[None]:
    """Say so when somebody was quicker than us, after we had looked."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortInUseError(settings.host, settings.port) from error


async def _seed_demo_world(settings: Settings, url: str) -> None:
    from hyred_chat.db.pool import Database
    from hyred_chat.demo import seed_demo_world

    database = await Database.connect(url, schema=settings.database_schema, pool_size=SEED_CONNECTIONS)
    try:
        await seed_demo_world(database)
    finally:
        await database.close()


async def _seed_pairs(settings: Settings, url: str, pairs: int) -> list[Any]:
    from hyred_chat.db.pool import Database
    from hyred_chat.demo import seed_pairs

    database = await Database.connect(url, schema=settings.database_schema, pool_size=SEED_CONNECTIONS)
    try:
        return [record.as_json() for record in await seed_pairs(database, pairs)]
    finally:
        await database.close()


@contextmanager
def _command() -> Iterator[None]:
    """What all commands have in common: signals end them in order, and what is wrong is said in one line."""
    from asyncpg import PostgresError

    from hyred_chat.db.backups import BackupError
    from hyred_chat.db.embedded import PostgresStartError
    from hyred_chat.db.migrate import MigrationError
    from hyred_chat.errors import BadRequestError, ConflictError, UnavailableError
    from hyred_chat.supervisor.errors import StartError

    _interrupt_on_signals()
    try:
        yield
    except PortInUseError as error:
        _fail(str(error), PROBLEM)
    except ConfigurationError as error:
        _fail(str(error), USAGE)
    except (PostgresStartError, MigrationError, BackupError, UnavailableError, ConflictError, StartError) as error:
        _fail(str(error), PROBLEM)
    except BadRequestError as error:
        _fail(error.message, USAGE)
    except PostgresError as error:
        _fail(f"The database refuses: {_first_cause(error)}.", PROBLEM)


def _first_cause(error: BaseException) -> str:
    """What the database itself said, below what libraries made of it."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error).partition("\n")[0].rstrip(".")


def _fail(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _interrupt_on_signals() -> None:
    """SIGTERM, and a terminal that closes, end a command as Ctrl-C does: what it started is stopped, and none is left.

    A server replaces the handlers of SIGINT and SIGTERM while it runs; SIGHUP then reaches its own one.
    """

    def pass_on(_number: int, _frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup ignores it
        signal.signal(signal.SIGHUP, pass_on)


@contextmanager
def _undisturbed_end() -> Iterator[None]:
    """From the end of the block on, signals are ignored: what was started is being stopped already."""
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
