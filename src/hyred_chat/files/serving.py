"""Who gets a file: whoever an address is for, while they may read its message, or are in the group whose picture it is.

A moderator gets one that an open report holds, by an address of their own, while they are an admin.

An address is checked by its signature, and then against the database as it is now, each time. A download under way is
looked at again from time to time.
"""

import hmac
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

from hyred_chat.db.pool import Database
from hyred_chat.errors import NotFoundError, UnavailableError
from hyred_chat.files import repository
from hyred_chat.files.attachments import LIFE_SECONDS, MODERATOR_LIFE_SECONDS, sign, sign_for_moderator
from hyred_chat.files.repository import ReadableFile
from hyred_chat.files.stores import Store
from hyred_chat.limits import RateLimit

PREVIEW_TYPE: Final = "image/webp"
# Between two looks at whether somebody may still have what they are being sent.
LOOK_SECONDS: Final = 20.0
# By which the clock of the server that made an address may be ahead of this one's.
CLOCKS_APART_SECONDS: Final = 60.0
# What was made or checked here, and what no browser runs anything of.
INLINE_KINDS: Final = frozenset({"image", "video", "audio", "voice", "pdf"})

_NOTHING: Final = "There is no such file."


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom an address is for: somebody who may read the message, or an admin who looks at a report (`report_id`)."""

    user_id: str
    report_id: str | None = None

    def sign(self, file: ReadableFile, variant: str, until: int) -> str:
        """What makes an address of this reader's one of ours."""
        if self.report_id is None:
            return sign(file.id, file.key, variant, self.user_id, until)
        return sign_for_moderator(self.report_id, file.id, file.key, variant, admin_id=self.user_id, until=until)


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says: for whom it is, until when (Unix seconds), and its signature."""

    file_id: str
    variant: str
    reader: Reader
    until: int
    signature: str


@dataclass(frozen=True, slots=True)
class Served:
    """What is sent: its size in bytes, and how a browser is told of it."""

    file_id: str
    object_name: str
    reader: Reader
    size: int
    content_type: str
    name: str
    is_inline: bool
    is_pdf: bool


class Serving:
    """Gives files to people.

    Args:
        rate: of each person.

    Attributes:
        sent_bytes: what was given, since the process was started.
    """

    def __init__(self, database: Database, store: Store, rate: RateLimit) -> None:
        self._database = database
        self._store = store
        self._rate = rate
        self.sent_bytes = 0
        self._is_stopping = False

    def stop(self) -> None:
        """End what is under way: clients go on elsewhere, from where they were."""
        self._is_stopping = True

    async def open(self, address: Address) -> Served:
        """What an address leads to. One statement.

        Raises:
            NotFoundError: it is none of ours, has ended, or leads to nothing that its reader may have now.
            RateLimitedError: its reader asks for too much.
        """
        left_seconds = address.until - time.time()
        life_seconds = LIFE_SECONDS if address.reader.report_id is None else MODERATOR_LIFE_SECONDS
        if not 0 < left_seconds <= life_seconds + CLOCKS_APART_SECONDS:
            raise NotFoundError(_NOTHING)
        file = await self._find(address.file_id, address.reader)
        expected = address.reader.sign(file, address.variant, address.until)
        if not hmac.compare_digest(expected.encode(), address.signature.encode()):
            raise NotFoundError(_NOTHING)
        self._rate.take(address.reader.user_id)
        return _served(file, address)

    async def read(self, served: Served, start: int, end: int) -> AsyncGenerator[bytes]:
        """The bytes from `start` up to `end`. Raises `NotFoundError` when their reader may not have them any more.

        It raises `UnavailableError` when the store cannot be reached, or the server stops, and `FileNotFoundError` when
        it has lost what it should have.
        """
        looked_at = time.monotonic()
        try:
            async for part in self._store.read(served.file_id, served.object_name, start, end):
                yield part
                self.sent_bytes += len(part)
                if self._is_stopping:
                    raise UnavailableError
                if time.monotonic() - looked_at > LOOK_SECONDS:
                    await self._find(served.file_id, served.reader)
                    looked_at = time.monotonic()
        except FileNotFoundError:
            # Nothing is wrong where its message was deleted, and its bytes went before the next look.
            await self._find(served.file_id, served.reader)
            raise

    async def _find(self, file_id: str, reader: Reader) -> ReadableFile:
        async with self._database.connection() as connection:
            if reader.report_id is None:
                file = await repository.find_for_reader(connection, file_id, reader.user_id)
            else:
                file = await repository.find_for_moderator(connection, file_id, reader.report_id, reader.user_id)
        if file is None:
            raise NotFoundError(_NOTHING)
        return file


def _served(file: ReadableFile, address: Address) -> Served:
    if address.variant == "content":
        return Served(
            file_id=file.id,
            object_name="content",
            reader=address.reader,
            size=file.size,
            content_type=file.content_type,
            name=file.name,
            is_inline=file.kind in INLINE_KINDS,
            is_pdf=file.kind == "pdf",
        )
    size = (file.details.get("previews") or {}).get(address.variant)
    if size is None:
        raise NotFoundError(_NOTHING)
    return Served(
        file_id=file.id,
        object_name=address.variant,
        reader=address.reader,
        size=size,
        content_type=PREVIEW_TYPE,
        name=f"{file.name}.webp",
        is_inline=True,
        is_pdf=False,
    )
