"""Whether files can be kept where the settings say, and whether they are."""

import asyncio
import secrets
from collections.abc import Iterator
from typing import NamedTuple

from hyred_chat.config import ConfigurationError, Settings
from hyred_chat.db.pool import LEAST_POOL_SIZE, Database
from hyred_chat.doctor.findings import Finding, ok, problem, warning
from hyred_chat.errors import UnavailableError
from hyred_chat.files.clamd import Clamd
from hyred_chat.files.opening import open_store
from hyred_chat.files.stores import Store

SUBJECT = "files"
# Of the newest files, and of what is in the store: enough to see that something is wrong.
MOST_COMPARED = 1000
LITTLE_BYTES = 2**30

_LIST_NEWEST = "SELECT id FROM files WHERE state = 'ready' AND removed_at IS NULL ORDER BY id DESC LIMIT $1"
# Whose message was deleted: nobody but moderators can open them.
_COUNT_HELD = """
    SELECT count(*), coalesce(sum(size), 0)::bigint FROM files
    WHERE id IN (SELECT file_id FROM held_files) AND withdrawn_at IS NOT NULL AND removed_at IS NULL
"""
_LIST_UNKNOWN = """
    SELECT id FROM unnest($1::text[]) AS kept (id) WHERE NOT EXISTS (SELECT FROM files WHERE files.id = kept.id)
"""


class _Held(NamedTuple):
    """Files of deleted messages that open reports hold, and their bytes without their previews."""

    files: int
    size: int


def check_files(settings: Settings, url: str) -> Iterator[Finding]:
    """Put, read and delete an object, and compare what is kept with what is known.

    Args:
        url: of the database, whose tables are current.
    """
    if settings.clamd_url is not None:
        yield asyncio.run(_ask_scanner(settings.clamd_url))
    try:
        yield from asyncio.run(_look(settings, url))
    except (ConfigurationError, UnavailableError, FileNotFoundError) as error:
        yield problem(SUBJECT, f"Files cannot be kept: {error} Check HYRED_FILES_URL.")


async def _ask_scanner(url: str) -> Finding:
    try:
        await Clamd(url).check()
    except UnavailableError as error:
        return problem(SUBJECT, f"{error.message} Files wait until it does. Check HYRED_CLAMD_URL.")
    return ok(SUBJECT, "The virus scanner answers.")


async def _look(settings: Settings, url: str) -> list[Finding]:
    store = open_store(settings)
    try:
        await _try_out(store)
        free_bytes = await store.free_bytes()
        missing, unknown, held = await _compare(store, url, settings.database_schema)
    finally:
        await store.close()
    found = []
    if free_bytes is not None and free_bytes < LITTLE_BYTES:
        found.append(warning(SUBJECT, f"There is room for {free_bytes:,} bytes only where files are kept."))
    if missing:
        found.append(
            problem(
                SUBJECT,
                f"{missing} of the newest {MOST_COMPARED} files are not where HYRED_FILES_URL says, so nobody can open "
                "them. Move them there with: hyred-chat files move",
            )
        )
    if unknown:
        found.append(
            warning(
                SUBJECT,
                f"{unknown} of the first {MOST_COMPARED} files that are kept are known to nobody. They may belong to "
                "another database, or be left from before a restore. List and delete them with: hyred-chat files clean",
            )
        )
    found = found or [ok(SUBJECT, "Files can be kept, and are where they should be.")]
    if held.files:
        sentence = f"Files of deleted messages that open reports hold: {held.files:,}, with {held.size:,} bytes."
        found.append(ok(SUBJECT, sentence))
    return found


async def _try_out(store: Store) -> None:
    name, data = f"doctor{secrets.token_hex(8)}", secrets.token_bytes(16)
    await store.put(name, "content", data)
    try:
        if b"".join([part async for part in store.read(name, "content", 0, len(data))]) != data:
            raise UnavailableError("What was written was read otherwise.")
    finally:
        await store.delete(name)


async def _compare(store: Store, url: str, schema: str) -> tuple[int, int, _Held]:
    """How many known files are not kept, how many kept ones are not known, and what is kept for reports alone."""
    kept: list[str] = []
    async for file_id in store.list_ids():
        kept.append(file_id)
        if len(kept) == MOST_COMPARED:
            break
    database = await Database.connect(url, schema=schema, pool_size=LEAST_POOL_SIZE)
    try:
        async with database.connection() as connection:
            known = [row["id"] for row in await connection.fetch(_LIST_NEWEST, MOST_COMPARED)]
            unknown = len(await connection.fetch(_LIST_UNKNOWN, kept))
            held = _Held(*(await connection.fetchrow(_COUNT_HELD) or (0, 0)))
    finally:
        await database.close()
    missing = sum([not await store.list_names(file_id) for file_id in known])
    return missing, unknown, held
