"""The rules of drafts: one for each person and room, and whoever wrote last has written it."""

from collections.abc import Callable

import orjson

from hyred_chat.db.pool import Database
from hyred_chat.doubts import Doubts
from hyred_chat.drafts import repository
from hyred_chat.drafts.schemas import Draft, PutDraft
from hyred_chat.errors import AccessDeniedError, BadRequestError, UnavailableError
from hyred_chat.http.envelope import cut_page
from hyred_chat.pages import decode_cursor
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.state import NO_ACCESS
from hyred_chat.socketio import Socket

DRAFT_CHANGED = "draft_changed"
# What was written earlier counts as written then: no client has been away for longer.
MAX_AGE_SECONDS = 366 * 86_400.0
# A longer draft is not told to other nodes: it would not fit into an envelope. Devices there read it when they start.
MAX_TOLD_BYTES = 60_000


class Drafts:
    """What people have begun to write.

    Args:
        max_chars: of a draft, as of a message.
        tell_elsewhere: called with (user id, payload) of a draft, for the person's sockets at other nodes.
    """

    def __init__(
        self,
        database: Database,
        hub: Hub,
        *,
        max_chars: int,
        tell_elsewhere: Callable[[str, dict[str, object]], None],
    ) -> None:
        self._database = database
        self._hub = hub
        self._max_chars = max_chars
        self._tell_elsewhere = tell_elsewhere
        self._doubts = Doubts[tuple[str, str]]()

    async def save(self, user_id: str, room_id: str, request: PutDraft, *, by: Socket | None = None) -> Draft:
        """Keep what somebody has written by now, and tell their other devices. Returns the draft that there is then.

        That is another one when it was written later than this one.

        Args:
            by: the socket that it came by, which is not told.

        Raises:
            AccessDeniedError: they are not a member.
            BadRequestError: it is longer than a message may be.
        """
        if len(request.content) > self._max_chars:
            raise BadRequestError(f"content: must be at most {self._max_chars} characters.")
        age_seconds = min(request.age_ms / 1000, MAX_AGE_SECONDS)
        try:
            async with self._database.connection(writes=f"room {room_id}") as connection:
                saved = await repository.save(
                    connection,
                    room_id,
                    user_id,
                    content=request.content,
                    reply_to=request.reply_to,
                    age_seconds=age_seconds,
                )
        except UnavailableError:
            self._doubts.note((user_id, room_id))
            raise
        if saved is None:
            raise AccessDeniedError(NO_ACCESS)
        if self._doubts.settle((user_id, room_id)) or saved.is_new:
            self._tell(user_id, saved.draft, besides=by)
        return saved.draft

    async def list_page(self, user_id: str, *, limit: int, cursor: str | None) -> tuple[list[Draft], str | None]:
        """Somebody's drafts, the newest first, and the cursor of the next page. Raises `BadRequestError`."""
        after = decode_cursor(cursor)
        async with self._database.connection() as connection:
            found = await repository.list_drafts(connection, user_id, limit=limit + 1, after=after)
        drafts = [draft for _, draft in found[:limit]]
        return cut_page(drafts, [(updated_at, draft.chat_room_id) for updated_at, draft in found])

    def _tell(self, user_id: str, draft: Draft, *, besides: Socket | None) -> None:
        payload = draft.model_dump(by_alias=True)
        self._hub.emit_to(
            [each for each in self._hub.sockets_of(user_id) if each is not besides], DRAFT_CHANGED, payload
        )
        if len(orjson.dumps(payload)) <= MAX_TOLD_BYTES:
            self._tell_elsewhere(user_id, payload)
