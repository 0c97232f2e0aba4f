"""The rules of notices: once for a key, to everybody we know, and until sent they can be taken back."""

import hashlib

from hyred_chat.audit.schemas import Actor, Subject
from hyred_chat.audit.service import Audit
from hyred_chat.db.pool import Database
from hyred_chat.errors import BadRequestError, ConflictError, NotFoundError
from hyred_chat.http.envelope import cut_page, encode
from hyred_chat.ids import new_id
from hyred_chat.notices import repository
from hyred_chat.notices.schemas import CancelledNotice, ListedNotice, Notice, PostedNotice, PostNotice
from hyred_chat.notifications.signals import Teller
from hyred_chat.pages import decode_cursor, take_page

CURSOR_PREFIX = "after:"


class Notices:
    """What the host tells people."""

    def __init__(self, database: Database, teller: Teller, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._teller = teller

    async def post(self, request: PostNotice) -> PostedNotice:
        """Tell people, now or at `sendAt`. With a key that was used before: the first answer, and nothing is done.

        Raises:
            ConflictError: the key was used for something else.
        """
        digest = _digest_of(request)
        async with self._database.transaction() as connection:
            posted = await repository.insert_notice(connection, new_id(), request, digest)
            if posted is not None:
                await self._teller.tell(connection, "due", [])
                return posted
            known = await repository.find_by_key(connection, request.idempotency_key or "")
        if known is None or known.digest != digest:
            raise ConflictError("This idempotencyKey was used before, for a different notification.")
        return known.answer

    async def list_page(self, actor: Actor, *, limit: int, cursor: str | None) -> tuple[list[ListedNotice], str | None]:
        """Notices, the last to be sent first, and the cursor of the next page. Raises `BadRequestError`."""
        after = decode_cursor(cursor)
        await self._audit.note_look(actor, "notices_listed")
        async with self._database.connection() as connection:
            found = await repository.list_notices(connection, limit=limit + 1, after=after)
        notices = [notice for _, notice in found[:limit]]
        return cut_page(notices, [(send_at, notice.id) for send_at, notice in found])

    async def get(self, actor: Actor, notice_id: str, *, limit: int, cursor: str | None) -> tuple[Notice, str | None]:
        """A notice, a page of its deliveries, and the cursor of the next page.

        Raises:
            NotFoundError: there is none.
            BadRequestError: the cursor is not one of ours.
        """
        after = _read_cursor(cursor)
        async with self._database.connection() as connection:
            notice = await repository.find_notice(connection, notice_id, after_user_id=after, limit=limit + 1)
        if notice is None:
            raise NotFoundError("There is no such notification.")
        await self._audit.note_look(actor, "notice_viewed", Subject("notice", notice_id))
        fitting = take_page(encode(delivery) for delivery in notice.deliveries[:limit])
        page, rest = notice.deliveries[: len(fitting)], notice.deliveries[len(fitting) :]
        next_cursor = f"{CURSOR_PREFIX}{page[-1].user_id}" if rest else None
        return notice.model_copy(update={"deliveries": page}), next_cursor

    async def cancel(self, actor: Actor, notice_id: str) -> CancelledNotice:
        """Take back what was not sent yet, also from those who were shown it in the chat.

        Raises:
            NotFoundError: there is no such notice.
            UnavailableError: somebody else has locked some of it. All the rest is taken back.
        """
        count = 0
        # First all that are free, so that somebody else's lock on one of them saves nobody but that one.
        for waits_for_locks in (False, True):
            async with self._database.transaction() as connection:
                if not await repository.exists(connection, notice_id):
                    raise NotFoundError("There is no such notification.")
                cancelled, shown = await repository.cancel(connection, notice_id, waits_for_locks=waits_for_locks)
                count += cancelled
                if cancelled:
                    subject = Subject("notice", notice_id)
                    await self._audit.note(connection, actor, "notice_cancelled", subject, count=cancelled)
                if shown:
                    await self._teller.tell(connection, "withdrawn", shown)
        return CancelledNotice(id=notice_id, cancelled=count)


def _digest_of(request: PostNotice) -> str:
    digest = hashlib.sha256(request.content())
    for user_id in sorted(set(request.user_ids)):
        digest.update(b"\0" + user_id.encode())
    if request.send_at is not None:
        digest.update(b"\0\0" + request.send_at.isoformat().encode())
    return digest.hexdigest()


def _read_cursor(cursor: str | None) -> str:
    if cursor is None:
        return ""
    user_id = cursor.removeprefix(CURSOR_PREFIX)
    if user_id == cursor or not user_id or not user_id.isprintable():
        raise BadRequestError("cursor: is not one that this server gave.")
    return user_id
