"""The path of a message: checked, stored once, acknowledged, handed out."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import BadRequestError, ChatError, ConflictError, RateLimitedError, UnavailableError
from hyred_chat.ids import new_id
from hyred_chat.log_fields import as_id
from hyred_chat.messages import backup_repository, change_repository
from hyred_chat.messages.attached import SentFile
from hyred_chat.messages.backups import KEEP_SECONDS
from hyred_chat.messages.batch_repository import Pending
from hyred_chat.messages.changes import PendingChange
from hyred_chat.messages.gathering import Neighbours
from hyred_chat.messages.healing import Healing
from hyred_chat.messages.lanes import Lane
from hyred_chat.messages.measures import ChangeMeasures, SendMeasures
from hyred_chat.messages.records import EncodedMessage, MessageRecord, encode_message
from hyred_chat.messages.schemas import EMPTY, SendMessage
from hyred_chat.messages.sends import (
    Arrival,
    Changed,
    ChangedSince,
    Door,
    Outcome,
    PendingSend,
    Referral,
    Refused,
    Settle,
    Stored,
)
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.tidying import tidy_up_forever

logger = logging.getLogger(__name__)

# Retries of one message that may wait for its first attempt; a client has one.
MAX_FOLLOWERS = 32
QUEUE_CAPACITY = 20_000
RESTARTING = "The server is restarting. Please try again."
USED_TWICE = "This clientMessageId was used before, for a different message."


@dataclass(frozen=True, slots=True)
class SendBounds:
    """The bounds of a send that are settings."""

    max_chars: int
    max_metadata_bytes: int
    timeout_seconds: float
    deleted_seconds: float = 30 * 86_400.0


class Messages:
    """Sends, through lanes of group commit.

    Args:
        lanes: how many statements may be under way at once.
        batch_size: how many sends share one.
        legacy_backups: whether sends without a `clientMessageId` may be backups of one another.
        neighbours: other nodes, when there is a broker.

    Attributes:
        measures: what is counted on the way.
        on_stored: called with every message that was stored here, once, after it was handed out here.
        on_changed: likewise with every message that was changed here, as that change has left it.
    """

    def __init__(
        self,
        database: Database,
        rooms: RoomCache,
        healing: Healing,
        bounds: SendBounds,
        *,
        lanes: int,
        batch_size: int,
        legacy_backups: bool,
        neighbours: Neighbours | None = None,
    ) -> None:
        self.on_stored: list[Callable[[MessageRecord, EncodedMessage], None]] = []
        self.on_changed: list[Callable[[MessageRecord], None]] = []
        self._database = database
        self._rooms = rooms
        self._healing = healing
        self._receive = healing.hold.receive
        self._receive_change = healing.change_hold.receive_change
        self._bounds = bounds
        self.measures = SendMeasures(bounds.timeout_seconds)
        self.change_measures = ChangeMeasures(bounds.timeout_seconds)
        self._legacy_backups = legacy_backups
        self._is_draining = False
        self._under_way: dict[tuple[str, str], PendingSend] = {}
        self._lanes = [
            Lane(
                database,
                batch_size=batch_size,
                capacity=QUEUE_CAPACITY,
                prepare=self._prepare,
                on_settled=self._on_settled,
                measures=self.measures,
                neighbours=neighbours,
            )
            for _ in range(lanes)
        ]

    def send(
        self,
        sender_id: str,
        person: bytes,
        draft: SendMessage,
        door: Door,
        settle: Settle,
        *,
        arrived_at: float | None = None,
    ) -> None:
        """Take a message; `settle` is called once with its acknowledgement or with what went wrong.

        Args:
            person: the sender's `User` as JSON.
            door: the way it came in, which tells a first-design client's backup from a second message.
            arrived_at: when it came (`time.monotonic`), if not just now.

        Raises:
            BadRequestError: content or metadata are over their bounds.
            RateLimitedError: too many retries of one message are waiting.
            UnavailableError: too many messages are waiting, or the server is about to stop.
        """
        if self._is_draining:
            raise UnavailableError(RESTARTING)
        pending = self._accept(sender_id, person, draft, settle)
        self.measures.accepted[door] += 1
        if pending.client_message_id is not None:
            self._lead_or_follow(pending)
            return
        if self._legacy_backups and pending.referral is None:
            pending.arrival = Arrival(door, time.monotonic() if arrived_at is None else arrived_at)
        self._submit(pending)

    def change(self, pending: PendingChange) -> None:
        """Take a change; it is settled once. It comes after everything that was taken before for its room.

        Raises:
            UnavailableError: too much is waiting, or the server is about to stop.
        """
        if self._is_draining:
            raise UnavailableError(RESTARTING)
        self._submit(pending)

    def find_room_under_way(self, sender_id: str, client_message_id: str) -> str | None:
        """The room of a send that is not acknowledged yet."""
        pending = self._under_way.get((sender_id, client_message_id))
        return None if pending is None else pending.room_id

    @property
    def timeout_seconds(self) -> float:
        """How long something is tried to be stored."""
        return self._bounds.timeout_seconds

    def check_content(self, content: str) -> None:
        """Raises `BadRequestError` when it is longer than a message may be."""
        if len(content) > self._bounds.max_chars:
            raise self._too_long()

    async def send_and_wait(
        self, sender_id: str, person: bytes, draft: SendMessage, door: Door, arrived_at: float
    ) -> bytes:
        """`send`, awaited: returns the Message in JSON or raises the refusal."""
        answered: asyncio.Future[bytes | ChatError] = asyncio.get_running_loop().create_future()

        def settle(answer: bytes | ChatError) -> None:
            if not answered.done():
                answered.set_result(answer)

        self.send(sender_id, person, draft, door, settle, arrived_at=arrived_at)
        answer = await answered
        if isinstance(answer, ChatError):
            raise answer
        return answer

    def hand_out(self, record: MessageRecord, sender: bytes) -> None:
        """Hand out a message that was stored by another way than a lane (`messages/system.py`), after its commit.

        Args:
            sender: the `User` who did what it says, as JSON.
        """
        encoded = encode_message(record, sender, "sent")
        self._receive(record, encoded, is_news=True)
        for listener in self.on_stored:
            listener(record, encoded)

    @property
    def waiting_count(self) -> int:
        """How many sends wait to be stored."""
        return sum(lane.waiting_count for lane in self._lanes)

    @property
    def aside_count(self) -> int:
        """How many sends wait for a room that somebody else has locked."""
        return sum(lane.aside_count for lane in self._lanes)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._healing.run())
            tasks.create_task(
                tidy_up_forever(
                    self._database,
                    backup_repository.delete_old_kept,
                    keep_seconds=KEEP_SECONDS,
                    complaint="Old sends without an id could not be forgotten; trying again",
                )
            )
            tasks.create_task(
                tidy_up_forever(
                    self._database,
                    change_repository.delete_old,
                    keep_seconds=self._bounds.deleted_seconds,
                    complaint="What deleted messages said could not be erased; trying again",
                )
            )
            for lane in self._lanes:
                tasks.create_task(lane.run())

    async def drain(self) -> None:
        """Take no more, and wait until all that was taken is stored and acknowledged."""
        self._is_draining = True
        for lane in self._lanes:
            await lane.flush()

    def _accept(self, sender_id: str, person: bytes, draft: SendMessage, settle: Settle) -> PendingSend:
        if not draft.content and not draft.attachments:
            raise BadRequestError(f"content: {EMPTY}.")
        if len(draft.content) > self._bounds.max_chars:
            raise self._too_long()
        metadata = None if draft.metadata is None else orjson.dumps(draft.metadata)
        if metadata is not None and len(metadata) > self._bounds.max_metadata_bytes:
            raise BadRequestError(f"metadata: must be at most {self._bounds.max_metadata_bytes} bytes.")
        return PendingSend(
            id=new_id(),
            room_id=draft.chat_room_id,
            sender_id=sender_id,
            sender=person,
            client_message_id=draft.client_message_id,
            content=draft.content,
            type=draft.type or "text",
            metadata=None if metadata is None else metadata.decode(),
            settle=settle,
            deadline=time.monotonic() + self._bounds.timeout_seconds,
            referral=Referral(
                draft.reply_to,
                tuple(draft.mentions or ()),
                tuple(SentFile(each.id, each.alt) for each in draft.attachments or ()),
            )
            if draft.reply_to or draft.mentions or draft.attachments
            else None,
        )

    def _too_long(self) -> BadRequestError:
        return BadRequestError(f"content: must be at most {self._bounds.max_chars} characters.")

    def _submit(self, pending: Pending) -> None:
        try:
            self._lanes[hash(pending.room_id) % len(self._lanes)].submit(pending)
        except ChatError:
            if isinstance(pending, PendingSend):
                self._forget(pending)
            raise

    async def _prepare(self, connection: Connection, batch: Sequence[Pending]) -> None:
        """Have a batch's rooms in memory before it is stored, so that nothing is awaited before delivery."""
        await self._rooms.load_over(connection, {pending.room_id for pending in batch})

    def _on_settled(self, pending: Pending, outcome: Outcome) -> None:
        if type(outcome) is Stored and type(pending) is PendingSend:
            self._on_stored(pending, outcome.record)
        elif isinstance(pending, PendingChange):
            self._on_change_settled(pending, outcome)
            self.change_measures.count(pending, outcome)
        elif isinstance(outcome, Refused):
            self._on_refused(pending, outcome.error)
        else:
            self._forget(pending)
            self._tell_of_repeat(pending, outcome.record)
            self._tell_followers(pending, outcome.record)

    def _on_stored(self, pending: PendingSend, record: MessageRecord) -> None:
        is_plain = record.additions is None
        encoded = encode_message(record, pending.sender, "sent") if is_plain else _encode(pending, record)
        self._forget(pending)
        _settle(pending, encoded.own)
        self.measures.stored += 1
        self._receive(record, encoded, is_news=True)
        for listener in self.on_stored:
            listener(record, encoded)
        if pending.followers:
            self._tell_followers(pending, record)

    def _tell_followers(self, pending: PendingSend, record: MessageRecord) -> None:
        """What is stored decides, and not what the leader meant: it may be the one that is refused."""
        for follower in pending.followers:
            self._tell_of_repeat(follower, record)

    def _tell_of_repeat(self, pending: PendingSend, record: MessageRecord) -> None:
        """The message was stored before, if it is what this send meant."""
        if pending.says_the_same_as(record):
            self.measures.repeated += 1
            _settle(pending, _encode(pending, record).own)
        else:
            self.measures.refused += 1
            _settle(pending, ConflictError(USED_TWICE))

    def _on_change_settled(self, pending: PendingChange, outcome: Outcome) -> None:
        if isinstance(outcome, Refused):
            if isinstance(outcome.error, UnavailableError):
                self._healing.suspect(pending.room_id)  # it may have been committed all the same
            pending.settle(outcome.error)
            return
        pending.settle(outcome if isinstance(outcome, ChangedSince) else outcome.record)
        state = self._rooms.find(pending.room_id)
        # What an attempt has stored whose answer was lost is found unchanged, and nobody has been told of it.
        is_news = isinstance(outcome, Changed) or (state is not None and outcome.record.change > state.last_change)
        self._receive_change(outcome.record, is_news=is_news)
        for listener in self.on_changed if is_news else ():
            listener(outcome.record)

    def _on_refused(self, pending: PendingSend, error: ChatError) -> None:
        self.measures.refused += 1
        if isinstance(error, UnavailableError):
            # It may have been committed all the same: then the room's members must still see it.
            self._healing.suspect(pending.room_id)
        self._forget(pending)
        _settle(pending, error)
        for follower in pending.followers:
            if follower.says_the_same_as(pending):
                self.measures.refused += 1
                _settle(follower, error)
            else:
                self._start_anew(follower)

    def _start_anew(self, follower: PendingSend) -> None:
        """What it followed was refused for reasons of its own."""
        try:
            self._lead_or_follow(follower)
        except ChatError as error:
            self.measures.refused += 1
            _settle(follower, error)

    def _lead_or_follow(self, pending: PendingSend) -> None:
        leader = self._under_way.setdefault((pending.sender_id, pending.client_message_id or ""), pending)
        if leader is pending:
            self._submit(pending)
        else:
            _follow(leader, pending)

    def _forget(self, pending: PendingSend) -> None:
        if pending.client_message_id is not None:
            key = (pending.sender_id, pending.client_message_id)
            if self._under_way.get(key) is pending:
                del self._under_way[key]


def _follow(leader: PendingSend, follower: PendingSend) -> None:
    if len(leader.followers) >= MAX_FOLLOWERS:
        raise RateLimitedError(1.0)
    leader.followers.append(follower)


def _encode(pending: PendingSend, record: MessageRecord) -> EncodedMessage:
    """What became of a send. `own` is what its sender gets."""
    encoded = encode_message(record, pending.sender, "sent")
    if record.additions is not None:  # with reactions, of which some may be the sender's
        encoded.own = encoded.for_user(record.sender_id, record.sender_id)
    return encoded


def _settle(pending: PendingSend, answer: bytes | ChatError) -> None:
    try:
        pending.settle(answer)
    except Exception:
        ids = {"room_id": as_id(pending.room_id), "user_id": as_id(pending.sender_id), "message_id": pending.id}
        logger.exception("A sender could not be told of their message", extra=ids)
