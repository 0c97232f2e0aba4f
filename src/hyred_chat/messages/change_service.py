"""The path of a change: whose message it is, stored once, acknowledged, handed out."""

import asyncio
import time

import orjson

from hyred_chat.accounts.schemas import User
from hyred_chat.db.pool import Database
from hyred_chat.errors import BadRequestError, ChatError, ConflictError, NotFoundError
from hyred_chat.ids import new_id
from hyred_chat.messages import change_repository
from hyred_chat.messages.changes import NO_MESSAGE, ChangeRules, Delete, Edit, PendingChange, Pin, React, Wanted
from hyred_chat.messages.history import History
from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.messages.schemas import EditMessage, Version
from hyred_chat.messages.sends import ChangedSince
from hyred_chat.messages.service import Messages
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.state import RoomState

CHANGED_SINCE = "The message has changed since."


class Changes:
    """Edits, deletions, reactions and pins, through the lanes of the messages.

    Every method returns the Message as its caller sees it then, in JSON.
    """

    def __init__(
        self, database: Database, cache: RoomCache, messages: Messages, history: History, rules: ChangeRules
    ) -> None:
        self._database = database
        self._cache = cache
        self._messages = messages
        self._history = history
        self._rules = rules

    async def edit(self, user: User, request: EditMessage, *, message_id: str | None) -> bytes:
        """Give a message of the caller's another content.

        Args:
            message_id: None: it is the one that they sent as `request.client_message_id`.

        Raises:
            BadRequestError: the content is over its bound, or no message is named.
            NotFoundError: there is no such message that the caller may see.
            AccessDeniedError: it is somebody else's.
            MessageDeletedError: it was deleted.
            TooLateError: it can not be edited any more.
            RoomBlockedError: nothing can be changed in its room.
            ConflictError: it has changed since `if_change`; `details.message` is the present one.
        """
        self._messages.check_content(request.content)
        mentions = None if request.mentions is None else tuple(request.mentions)
        edit = Edit(request.content, mentions, request.if_change)
        return await self._change(user, edit, message_id, request.client_message_id)

    async def delete(self, user: User, message_id: str) -> bytes:
        """Delete a message for everybody. Raises as `edit` does."""
        return await self._change(user, Delete(), message_id)

    async def react(self, user: User, message_id: str, emoji: str, *, on: bool) -> bytes:
        """Set a reaction, or take it back. Raises as `edit` does, and `LimitReachedError`."""
        return await self._change(user, React(emoji, on), message_id)

    async def pin(self, user: User, message_id: str, *, on: bool, room_id: str | None = None) -> bytes:
        """Pin a message in its room, or not any more. Raises as `edit` does, and `LimitReachedError`."""
        return await self._change(user, Pin(on, room_id), message_id)

    async def versions(self, user_id: str, message_id: str) -> list[Version]:
        """What a message said before it was edited, oldest first. Raises `NotFoundError`."""
        record, _ = await self._history.get_for_member(message_id, user_id)
        if not self._rules.keeps_versions:
            return []
        async with self._database.connection() as connection:
            found = await change_repository.list_versions(connection, record)
        return [Version(content=content, created_at=created_at) for content, created_at in found]

    async def _change(
        self, user: User, wanted: Wanted, message_id: str | None, client_message_id: str | None = None
    ) -> bytes:
        if message_id is None and client_message_id is None:
            raise BadRequestError("messageId: is required.")
        if message_id is not None:
            client_message_id = None
        is_admin = user.role == "admin" and isinstance(wanted, Delete)
        room_id = await self._find_room(user.id, message_id, client_message_id, is_admin=is_admin)
        answered: asyncio.Future[MessageRecord | ChangedSince | ChatError] = asyncio.get_running_loop().create_future()

        def settle(answer: MessageRecord | ChangedSince | ChatError) -> None:
            if not answered.done():
                answered.set_result(answer)

        self._messages.change(
            PendingChange(
                id=new_id(),
                room_id=room_id,
                sender_id=user.id,
                is_admin=user.role == "admin",
                message_id=message_id,
                client_message_id=client_message_id,
                wanted=wanted,
                rules=self._rules,
                settle=settle,
                deadline=time.monotonic() + self._messages.timeout_seconds,
            )
        )
        answer = await answered
        if isinstance(answer, ChatError):
            raise answer
        state = (await self._cache.get_many([room_id])).get(room_id)
        if state is None:
            raise NotFoundError(NO_MESSAGE)
        if isinstance(answer, ChangedSince):
            present = orjson.loads(await self._encode(state, answer.record, user.id))
            raise ConflictError(CHANGED_SINCE, details={"message": present})
        return await self._encode(state, answer, user.id)

    async def _find_room(
        self, user_id: str, message_id: str | None, client_message_id: str | None, *, is_admin: bool
    ) -> str:
        """The room of the message, for whoever may see it."""
        if client_message_id is not None:
            # Right behind its send, which is stored before it: they wait in the same lane.
            room_id = self._messages.find_room_under_way(user_id, client_message_id)
            if room_id is not None:
                return room_id
        async with self._database.connection() as connection:
            found = await change_repository.find_room(
                connection, user_id, message_id=message_id, client_message_id=client_message_id, is_admin=is_admin
            )
        if found is None:
            raise NotFoundError(NO_MESSAGE)
        room_id, sender_id = found
        state = (await self._cache.get_many([room_id])).get(room_id)
        if state is not None:  # everybody is told by the name of the sender, who may have left
            await self._history.learn_ids(state, {sender_id})
        return room_id

    async def _encode(self, state: RoomState, record: MessageRecord, user_id: str) -> bytes:
        await self._history.learn_people(state, [record])
        status = state.status_for_others(record.seq, record.sender_id)
        sender = state.person_of(record.sender_id)
        encoded = encode_message(state.put_into_words(record), sender, status, only_for=user_id)
        return encoded.for_user(user_id, record.sender_id)
