"""From socket events to services: every payload checked, every refusal in the envelope, every event within its rate."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

from hyred_chat.errors import ChatError, InternalError, NotFoundError, RateLimitedError
from hyred_chat.http.models import RequestModel
from hyred_chat.limits import RateLimit
from hyred_chat.log_fields import as_id, bind
from hyred_chat.realtime.connections import Connection, connection_of
from hyred_chat.socketio import Event, Namespace
from hyred_chat.validation import validate

logger = logging.getLogger(__name__)

# To a socket that has more events waiting than are kept for it.
OVERFLOW_RETRY_SECONDS = 1.0

Payload = TypeVar("Payload", bound=RequestModel)


class Gateway:
    """The event handlers of one namespace.

    Args:
        rate: how many events a user may send, whatever they are; `send_message` has a rate of its own.

    Attributes:
        namespace: whose events these are.
        refused: how many events were refused, by the code.
    """

    def __init__(self, namespace: Namespace, *, rate: RateLimit) -> None:
        self.namespace = namespace
        self._rate = rate
        self.refused: Counter[str] = Counter()
        namespace.on_any(self._answering_errors(self._refuse_unknown))
        namespace.on_overflow(lambda event: self.refuse(event, RateLimitedError(OVERFLOW_RETRY_SECONDS)))

    def on(
        self,
        name: str,
        model: type[Payload],
        handler: Callable[[Connection, Payload], Awaitable[object]],
        *,
        is_new: bool = False,
    ) -> None:
        """Answer the event `name` with what `handler` returns; events of one socket are handled one after another.

        Those that are over the rate are refused as they come, and never wait.

        Args:
            model: what the payload is checked against.
            is_new: whether the first design did not have this event.
        """

        async def handle(event: Event) -> None:
            connection = connection_of(event.socket)
            bind(socket_id=event.socket.sid, user_id=connection.user.id)
            try:
                if is_new:
                    connection.is_legacy = False
                answer(event, await handler(connection, validate(model, payload_of(event))))
            except Exception as error:  # noqa: BLE001 (it is told, and logged when it is ours)
                self._answer_error(event, error)

        def receive(event: Event, connection: Connection) -> None:
            self._rate.take(connection.user.id)
            self.namespace.put(event, handle)

        self.on_at_once(name, receive)

    def on_at_once(self, name: str, handler: Callable[[Event, Connection], None]) -> None:
        """Call `handler` as the event is read, without a turn in the socket's queue; it answers in its own time."""
        self.namespace.on(name)(self._answering_errors(handler))

    def refuse(self, event: Event, error: ChatError) -> None:
        """Acknowledge with the failure envelope, or send an `error` event to a client that did not ask."""
        self.refused[error.code] += 1
        if event.wants_acknowledgement:
            event.acknowledge(error.envelope())
        else:
            event.socket.emit("error", {"message": error.message, "code": error.code, "event": event.name[:64]})

    def _refuse_unknown(self, _event: Event, connection: Connection) -> None:
        self._rate.take(connection.user.id)
        raise NotFoundError("There is no such event.")

    def _answering_errors(self, handler: Callable[[Event, Connection], None]) -> Callable[[Event], None]:
        """`handler`, whose refusals are told to the client, and whose faults go into the log."""

        def handle(event: Event) -> None:
            try:
                handler(event, connection_of(event.socket))
            except Exception as error:  # noqa: BLE001 (it is told, and logged when it is ours)
                self._answer_error(event, error)

        return handle

    def _answer_error(self, event: Event, error: Exception) -> None:
        if not isinstance(error, ChatError):
            logger.error("%r failed", event.name, exc_info=error, extra=_log_fields(event))
            error = InternalError()
        self.refuse(event, error)


def _log_fields(event: Event) -> dict[str, str]:
    """Whose event it is, and of which room, as the log may say."""
    ids = connection_of(event.socket).log_fields()
    payload = payload_of(event)
    room_id = payload.get("chatRoomId") if isinstance(payload, dict) else None
    return ids if room_id is None else {**ids, "room_id": as_id(room_id)}


def payload_of(event: Event) -> object:
    """The event's first argument, or None."""
    return event.args[0] if event.args else None


def answer(event: Event, data: object) -> None:
    """Acknowledge with a success envelope, if the client asked."""
    if event.wants_acknowledgement:
        event.acknowledge({"success": True, "data": data})
