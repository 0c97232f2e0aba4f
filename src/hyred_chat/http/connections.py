"""HTTP connections that cost a stranger's server a known amount: a place, a few kilobytes, one deadline.

uvicorn bounds only the pause between two requests. Here a head is counted while it arrives, a request has one deadline
from its first byte to its last, an answer has one from its first byte to the moment at which the client has it, and a
connection whose request was answered before it was read is closed. Files (`Door.is_transfer`) take as long as they
take: they have to go on, at half a kilobyte a second or more.

Tested with uvicorn 0.54.0, and the only file that knows the inside of its HTTP protocol.
"""

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from hyred_chat.errors import BadRequestError, ChatError, HeadTooLargeError, RateLimitedError, RequestTimeoutError
from hyred_chat.http.addresses import counted_address
from hyred_chat.http.answers import PROGRESS_BYTES, AnswerCutError, Answers
from hyred_chat.http.door import Door
from hyred_chat.http.errors import refusal
from hyred_chat.http.forwarding import Forwarding
from hyred_chat.http.guards import is_admitted
from hyred_chat.http.head import Head
from hyred_chat.http.relay import Relay

if TYPE_CHECKING:
    from hyred_chat.http.admission import Place

# Of a new connection that says nothing: browsers open some that they may never need.
SILENCE_TIMEOUT_SECONDS = 10.0
# From the first byte of a request to the last of its body.
REQUEST_TIMEOUT_SECONDS = 30.0
# Between an answer and the next request. The side that sends requests must be the one that closes an idle connection:
# otherwise its next request may meet a connection that was just closed, and neither clients nor proxies repeat a POST.
# Proxies close theirs after 60 s (nginx, AWS) to 90 s (Traefik, and whatever uses Go's defaults).
IDLE_TIMEOUT_SECONDS = 75
PROXY_IDLE_TIMEOUT_SECONDS = 180
# In the reserve: from the connection to the end of the request.
RESERVE_TIMEOUT_SECONDS = 1.0
# After the last answer, for the client to read it while the rest of what it sends is thrown away; and how much of that.
LINGER_SECONDS = 2.0
LINGER_BYTES = 1_000_000
# The same of a file that somebody sends who is known, as long as it goes on: most clients read when they have sent all.
TRANSFER_LINGER_SECONDS = 30.0
TRANSFER_LINGER_BYTES = 32 * 2**20
# When the server stops, for all that is left of an answer to be read: less than it waits for connections to end.
LAST_READ_SECONDS = 1.0

MAX_HEAD_BYTES = 32_768
# A body in chunks of one byte needs five bytes of framing for each. What goes beyond counts as head (RFC 9112, 7.1:
# chunk extensions and trailers, which nobody here wants).
_FRAMING_ALLOWED = 6
# Requests that were sent before the one that is being answered is; browsers send none.
MAX_PIPELINED = 16
_HEADER_OVERHEAD = 4  # `: ` and CR LF


class _RefusedError(Exception):
    """Ends the parsing of what a connection sends."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol, at a door. Made by `http_protocol`."""

    door: ClassVar[Door]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._application = self.app
        self._place: Place | None = None
        self._answers: Answers = cast("Answers", None)  # until the connection is made
        self._is_proxied = False
        self._is_counted_later = False
        self._is_forwarded = False  # whether the request whose head came last was, by another node
        self._clock: asyncio.TimerHandle | None = None
        self._is_receiving = False
        self._is_lingering = False
        self._surplus_bytes = 0  # of the request that is arriving: what is not its body
        self._lingered_bytes = 0
        self._linger_bytes = LINGER_BYTES
        self._linger_until = 0.0  # by the loop's clock, as long as what is thrown away goes on
        self._error: ChatError | None = None  # why parsing ended
        self._is_refused = False  # whether the request whose head came last is refused
        self._is_transfer = False  # whether its body may be long
        self._progress_bytes = 0  # of that body, since the clock was started
        self._relay: Relay | None = None  # passes this connection on to another node

    # --- the connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A place is taken, or the connection closed."""
        super().connection_made(transport)
        peer, port = self.client or ("", 0)
        self._answers = Answers(transport, self.loop, self)
        self._is_proxied = self.door.proxies.trust(peer)
        self.timeout_keep_alive = PROXY_IDLE_TIMEOUT_SECONDS if self._is_proxied else IDLE_TIMEOUT_SECONDS
        self.client = (peer if self._is_proxied else counted_address(peer), port)
        self._is_counted_later = self._is_proxied or self.door.is_of_node(peer)
        self._place = self.door.admission.enter(None if self._is_counted_later else self.client[0], transport.abort)
        if self._place is None:
            transport.abort()
        else:
            self._start_clock(SILENCE_TIMEOUT_SECONDS if self._place.refusal is None else RESERVE_TIMEOUT_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """The place is free again."""
        self._stop_clock()
        self._answers.release()
        if self._relay is not None:
            self._relay.client_lost()
            self._relay = None
        if self._place is not None:
            self._place.leave()
            self._place = None
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """The place goes on with the WebSocket, which has clocks of its own."""
        if self._relay is not None:
            return
        self._stop_clock()
        self._answers.release()
        place, self._place = self._place, None
        super().handle_websocket_upgrade()
        cast("Any", self.transport.get_protocol()).place = place

    # --- what comes in

    def data_received(self, data: bytes) -> None:
        """Bytes came: they are counted before anything is made of them."""
        if self._place is None or self.transport.is_closing():
            return
        if self._is_lingering:
            self._throw_away(len(data))
            return
        if self._relay is not None and not self._is_receiving:
            self._relay.take_after_request(data)
            return
        if not self._is_receiving and self._is_idle:
            self._begin_receiving()
        self._surplus_bytes += len(data)
        super().data_received(data)
        if self._surplus_bytes > MAX_HEAD_BYTES and self._place is not None and not self._is_lingering:
            self._refuse(HeadTooLargeError())

    def on_message_begin(self) -> None:
        """A request begins. After one that was passed on, this connection serves no other."""
        if self._relay is not None:
            raise _RefusedError
        if len(self.pipeline) >= MAX_PIPELINED:
            self._end_parsing(BadRequestError("Too many requests are sent before their answers."))
        self._begin_receiving()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """All is known that decides whether a request is answered, and by whom."""
        sizes = (len(name) + len(value) + _HEADER_OVERHEAD for name, value in self.headers)
        if len(self.url) + sum(sizes) > MAX_HEAD_BYTES:
            self._end_parsing(HeadTooLargeError())
        self._surplus_bytes = 0
        head = Head(self.parser.get_method(), self.url, self.headers)
        error = self._check(head)
        forwarding, sid = self.door.forwarding, None
        if forwarding is not None and error is None and self._is_idle:
            sid = forwarding.sid_elsewhere(head)
            error = None if sid is None else forwarding.check_room()
        self._is_refused = error is not None
        self._is_transfer = self._answers.is_transfer = error is None and self.door.is_transfer(head)
        self._progress_bytes = 0
        self.app = self._application if error is None else cast("Any", self.door.answer(error, head))
        if forwarding is None or sid is None or error is not None:
            self._begin_answer()
        else:
            self._pass_on(forwarding, head, sid)

    def on_body(self, body: bytes) -> None:
        """A part of a body came."""
        self._surplus_bytes -= len(body) * _FRAMING_ALLOWED
        self._progress_bytes += len(body)
        if self._relay is not None:
            self._relay.take_body(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is here."""
        self._is_receiving = False
        self._surplus_bytes = 0
        self._stop_clock()
        if self._relay is not None:
            self._relay.take_body(b"")
        else:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What came is no HTTP, or more of it than is taken."""
        if self._relay is not None and not self._is_receiving:
            return  # after the request
        self._refuse(self._error or BadRequestError(msg))

    def _should_upgrade(self) -> bool:
        return not self._is_refused and super()._should_upgrade()

    def _unsupported_upgrade_warning(self) -> None:
        """What follows a request for another protocol is none of ours: the answer is the last."""
        if self._relay is None:
            self.cycle.keep_alive = False

    # --- what another node answers

    def _pass_on(self, forwarding: Forwarding, head: Head, sid: str) -> None:
        self.scope["method"] = head.method.decode("latin-1")
        address = self.scope["client"]
        self._relay = Relay(
            self,
            forwarding,
            head,
            sid=sid,
            address=address[0] if address else "",
            is_upgrade=self.parser.should_upgrade() and self._should_upgrade(),
        )

    def pause_reading(self) -> None:
        """See `relay.Client`."""
        self.flow.pause_reading()

    def resume_reading(self) -> None:
        """See `relay.Client`."""
        self.flow.resume_reading()

    def answer_here(self) -> None:
        """See `relay.Client`. Of the body, what has been passed on is lost: the answer does not depend on it."""
        relay, self._relay = self._relay, None
        if relay is not None and relay.is_upgrade:
            self.handle_websocket_upgrade()
            return
        self._begin_answer()
        self.cycle.keep_alive = False
        if not self._is_receiving:
            super().on_message_complete()

    def shutdown(self) -> None:
        """The server stops. Whoever does not read on, or goes on sending, is not waited for until their end."""
        super().shutdown()
        if not self._is_idle or self._is_lingering or self.transport.get_write_buffer_size():
            self.loop.call_later(LAST_READ_SECONDS, self._cut_late)

    def _cut_late(self) -> None:
        if self._is_lingering or self.transport.get_write_buffer_size():
            self.transport.abort()

    def pause_writing(self) -> None:
        """The client takes no more for now."""
        super().pause_writing()
        if self._relay is not None:
            self._relay.client_is_full()

    def resume_writing(self) -> None:
        """The client takes more again."""
        super().resume_writing()
        if self._relay is not None:
            self._relay.client_is_free()

    # --- what goes out

    def _begin_answer(self) -> None:
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = cast("Any", self._answers)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            address = scope["client"][0] if scope["client"] else ""

            async def send_and_close(message: Message) -> None:
                is_spare = self._place is None or self._place.refusal is not None
                if self.door.is_shared or cycle.more_body or is_spare:
                    cycle.keep_alive = False
                if message.get("status") == RateLimitedError.status and not is_spare:
                    await self.door.holds.wait(address)
                await send(message)

            await self.door.starts.wait(address)
            try:
                await cast("ASGIApp", app)(scope, receive, send_and_close)
            except AnswerCutError:
                cycle.disconnected = True
                self.transport.abort()

        super()._start_asgi_task(cycle, cast("Any", serve))

    def on_response_complete(self) -> None:
        """An answer was written."""
        if self._is_counted_later and self._place is not None:
            self._place.count_for(None)
        if not self._is_lingering:
            super().on_response_complete()

    def close_after_answer(self) -> None:
        """See `answers.Closer`. A close with bytes unread would be a reset, which takes the answer back."""
        if self._is_receiving:
            self._linger()
        else:
            self.transport.close()

    # ---

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _check(self, head: Head) -> ChatError | None:
        place = self._place
        if place is None:
            return None
        address = self._take_address(head)
        is_essential = self.door.is_essential(head)
        if place.refusal is not None and is_essential:
            place.keep()
        elif place.refusal is not None:
            return place.refusal
        elif self._is_counted_later or self._is_forwarded:
            crowded = place.count_for(address)
            if crowded is not None and not is_essential:
                return crowded
        return self.door.check_host(head)

    def _take_address(self, head: Head) -> str:
        """Learn whose request this is: as it is said by another node, or by a trusted proxy, or as it comes."""
        address = self.client[0] if self.client else ""
        client = None if self.door.forwarding is None else self.door.forwarding.client_of(head)
        self._is_forwarded = client is not None
        if client is not None:
            address = client
        elif self._is_proxied:
            address, scheme = self.door.forwarded(address, head)
            address = counted_address(address)
            if scheme is not None:
                self.scope["scheme"] = cast("Any", scheme)
        if self._is_forwarded or self._is_proxied:
            self.scope["client"] = (address, 0)
        return address

    def _begin_receiving(self) -> None:
        if self._is_receiving:
            return
        self._is_receiving = True
        if self._place is not None and self._place.refusal is None:
            self._start_clock(REQUEST_TIMEOUT_SECONDS)

    def _start_clock(self, seconds: float) -> None:
        self._stop_clock()
        self._clock = self.loop.call_later(seconds, self._on_late)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _on_late(self) -> None:
        self._clock = None
        goes_on = self._progress_bytes >= PROGRESS_BYTES
        if self._is_lingering and goes_on and self.loop.time() < self._linger_until:
            self._progress_bytes = 0
            self._start_clock(LINGER_SECONDS)
        elif self._is_lingering or not self._is_receiving:
            self.transport.abort()
        elif self._is_transfer and goes_on:
            self._progress_bytes = 0
            self._start_clock(REQUEST_TIMEOUT_SECONDS)
        else:
            self._refuse(RequestTimeoutError())

    def _end_parsing(self, error: ChatError) -> None:
        self._error = error
        raise _RefusedError

    def _refuse(self, error: ChatError) -> None:
        """Answer what cannot become a request, and close. Impossible while an earlier request is being answered."""
        if self._relay is not None:
            self.transport.abort()
            return
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            is_of_another = not cycle.more_body or cycle.response_started or self.pipeline
            cycle.disconnected = True
            cycle.message_event.set()
            if is_of_another:
                self.transport.abort()
                return
        response = refusal(error)
        lines = [b"%s: %s\r\n" % header for header in (*response.raw_headers, (b"connection", b"close"))]
        self._answers.write(b"".join((STATUS_LINE[response.status_code], *lines, b"\r\n", bytes(response.body))))
        self._answers.close()

    def _linger(self) -> None:
        self._is_lingering = True
        self._progress_bytes = 0
        if self._is_transfer and self.cycle is not None and is_admitted(self.cycle.scope):
            self._linger_bytes = TRANSFER_LINGER_BYTES
            self._linger_until = self.loop.time() + TRANSFER_LINGER_SECONDS
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        if not self.transport.is_closing():
            self.transport.write_eof()
        self._start_clock(LINGER_SECONDS)

    def _throw_away(self, size: int) -> None:
        self._lingered_bytes += size
        self._progress_bytes += size
        if self._lingered_bytes > self._linger_bytes:
            self.transport.abort()


def http_protocol(door: Door) -> type[asyncio.Protocol]:
    """A class for `uvicorn.Config(http=…)`."""
    return cast("type[asyncio.Protocol]", type("HttpConnection", (BoundedHttpProtocol,), {"door": door}))
