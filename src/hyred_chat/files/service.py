"""The rules of files: who may upload what, how far it is, and what a conversation has of them."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from hyred_chat.db.pool import Database
from hyred_chat.errors import (
    BadRequestError,
    LimitReachedError,
    NotFoundError,
    RateLimitedError,
    RoomBlockedError,
    TooLargeError,
    UnavailableError,
)
from hyred_chat.files import repository
from hyred_chat.files.repository import FileRow
from hyred_chat.files.schemas import CreatedFile, FileState, PostFile
from hyred_chat.files.stores import Store
from hyred_chat.ids import new_id
from hyred_chat.messages.history import History
from hyred_chat.moments import DAY_SECONDS, to_wire
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.schemas import AttachmentKind
from hyred_chat.rooms.service import Rooms

FILE_UPDATED = "file_updated"
KEY_BYTES = 16
# Files of one person that are neither sent nor removed.
MAX_UNSENT = 100
# What a disk keeps for others, the database among them.
RESERVED_BYTES = 256 * 2**20
_MAX_SEQ_DIGITS = 16


@dataclass(frozen=True, slots=True)
class FileBounds:
    """The bounds that are settings: of one file, and of what a person may upload within a day (0: no limit)."""

    max_bytes: int
    day_bytes: int
    unsent_seconds: float = DAY_SECONDS


class Files:
    """Files, from their announcement to the list of a conversation.

    Args:
        tell_elsewhere: called with (user id, payload) of what happened to a file, for the person's sockets at other
            nodes.
        on_announced: called when a file is about to come.

    Attributes:
        bounds: how large files may be.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        rooms: Rooms,
        history: History,
        hub: Hub,
        *,
        bounds: FileBounds,
        tell_elsewhere: Callable[[str, dict[str, object]], None],
        on_announced: Callable[[], None],
    ) -> None:
        self.bounds = bounds
        self._database = database
        self._store = store
        self._rooms = rooms
        self._history = history
        self._hub = hub
        self._tell_elsewhere = tell_elsewhere
        self._on_announced = on_announced

    async def create(self, owner_id: str, room_id: str, request: PostFile) -> CreatedFile:
        """Take a file that is to come, if there may be room for it.

        Raises:
            AccessDeniedError: its owner is not a member of the room.
            RoomBlockedError: nothing can be sent there.
            TooLargeError: it is larger than files may be. `details.maxBytes` is how large that is.
            RateLimitedError: with it, its owner would have uploaded more within a day than they may.
            LimitReachedError: they have too many files that were not sent.
            UnavailableError: there is no room left in the store.
        """
        state = await self._rooms.get_for_member(room_id, owner_id)
        if state.is_barred or state.status == "blocked":
            raise RoomBlockedError("This conversation is closed: nothing can be sent here.")
        if request.size > self.bounds.max_bytes:
            sentence = f"size: a file may have {self.bounds.max_bytes} bytes at most."
            raise TooLargeError(sentence, details={"maxBytes": self.bounds.max_bytes})
        free_bytes = await self._store.free_bytes()
        # It is there twice while it is examined, and its previews with it.
        if free_bytes is not None and free_bytes < RESERVED_BYTES + 2 * request.size:
            raise UnavailableError("There is no room for files right now. Please try again later.")
        file_id = new_id()
        async with self._database.transaction(f"files {owner_id}") as connection:
            use = await repository.read_use(connection, owner_id)
            if use.unsent_count >= MAX_UNSENT:
                raise LimitReachedError(f"At most {MAX_UNSENT} files may wait to be sent.", limit=MAX_UNSENT)
            if self.bounds.day_bytes and use.day_bytes + request.size > self.bounds.day_bytes:
                raise RateLimitedError(use.wait_seconds or DAY_SECONDS)
            expires_at = await repository.create(
                connection,
                file_id,
                owner_id=owner_id,
                room_id=room_id,
                name=request.name,
                size=request.size,
                is_voice=request.voice,
                key=os.urandom(KEY_BYTES),
                life_seconds=self.bounds.unsent_seconds,
            )
        self._on_announced()
        return CreatedFile(
            file_id=file_id, upload_url=f"/api/chat/files/{file_id}/upload", expires_at=to_wire(expires_at)
        )

    async def get_state(self, owner_id: str, file_id: str) -> FileState:
        """How far a file of somebody's is. Raises `NotFoundError`."""
        async with self._database.connection() as connection:
            file = await repository.find(connection, file_id, owner_id)
        if file is None or file.removed_at is not None:
            raise NotFoundError("There is no such file.")
        return state_of(file)

    async def list_sent(
        self, user_id: str, room_id: str, *, kind: AttachmentKind | None, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """The files of a conversation with their messages, the newest first, and the cursor of the next page.

        Five statements at most.

        Raises:
            AccessDeniedError: the caller is not a member.
            BadRequestError: the cursor is none.
        """
        await self._rooms.get_for_member(room_id, user_id)
        async with self._database.connection() as connection:
            found = await repository.list_sent(connection, room_id, kind=kind, after=_place_of(cursor), limit=limit + 1)
        page = found[:limit]
        read = await self._history.read_each([(room_id, seq) for seq in dict.fromkeys(seq for seq, _ in page)], user_id)
        messages = {record.seq: orjson.loads(encoded) for record, _, encoded in read}
        entries, last = [], None
        for seq, file_id in page:
            if seq not in messages:
                break  # as many as fit into an answer
            last = f"{seq}:{file_id}"
            attachment = next((each for each in messages[seq]["attachments"] if each["id"] == file_id), None)
            if attachment is not None:
                entries.append({"message": messages[seq], "attachment": attachment})
        is_whole = len(found) <= limit and (not page or page[-1][0] in messages)
        return entries, None if is_whole or last is None else last

    def tell(self, owner_id: str, state: FileState) -> None:
        """Tell the sockets of its owner how far a file is."""
        payload = state.model_dump(by_alias=True)
        self._hub.emit_to(self._hub.sockets_of(owner_id), FILE_UPDATED, payload)
        self._tell_elsewhere(owner_id, payload)


def state_of(file: FileRow) -> FileState:
    """How far a file is."""
    return FileState.model_validate({"file_id": file.id, "state": file.state, "reason": file.reason})


def _place_of(cursor: str | None) -> tuple[int, str] | None:
    if cursor is None:
        return None
    seq, colon, file_id = cursor.partition(":")
    is_seq = seq.isascii() and seq.isdigit() and len(seq) <= _MAX_SEQ_DIGITS
    if not colon or not is_seq or not file_id or not file_id.isprintable():
        raise BadRequestError("cursor: is not one that this server gave.")
    return int(seq), file_id
