"""What a poll's POST brings in, worked off in turns like what comes over a WebSocket."""

import asyncio
from typing import Final

from hyred_chat.socketio import reasons
from hyred_chat.socketio.engine_packets import SEPARATOR, check_text, find_binary
from hyred_chat.socketio.session import Session
from hyred_chat.socketio.turns import Turns

# A body of up to so many bytes and packets, as most are, is taken at once and waits for no turn.
_SMALL_BYTES: Final = 4096
_FEW_PACKETS: Final = 16


class Post:
    """The packets of one body, split as they are worked off.

    Raises:
        PacketError: the body is not UTF-8.
    """

    __slots__ = ("_body", "_done", "_position", "_session")

    def __init__(self, session: Session, body: bytes) -> None:
        check_text(body)
        self._session = session
        self._body = body
        self._position = 0
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def deliver(self, turns: Turns) -> None:
        """Bring the packets to the session; returns when all are worked off, or the session has ended.

        Raises:
            PacketError: no client may send one of them.
        """
        if self._session.allowance is None and self._is_small():
            while self.work():
                pass
        else:
            turns.add(self, self._session.allowance)
        await self._done

    def _is_small(self) -> bool:
        return len(self._body) <= _SMALL_BYTES and self._body.count(SEPARATOR) < _FEW_PACKETS

    def work(self) -> bool:
        """Deliver one packet; whether there are more. See `turns.Worker`."""
        if self._done.done():  # given up
            return False
        try:
            self._deliver_next()
        except Exception as error:  # noqa: BLE001 (whoever waits gets it)
            self._done.set_exception(error)
            return False
        if self._session.is_open and self._position <= len(self._body):
            return True
        self._done.set_result(None)
        return False

    def _deliver_next(self) -> None:
        session = self._session
        end = self._body.find(SEPARATOR, self._position)
        packet = self._body[self._position : end if end >= 0 else len(self._body)]
        self._position += len(packet) + 1
        if session.allowance is not None and not session.allowance.take(len(packet)):
            session.end(reasons.TOO_MANY_PACKETS)
            return
        binary = find_binary(packet)
        if binary is None:
            session.packet_received(packet)
        else:
            session.binary_received(binary)
