"""The composition root: the parts of the service, and what holds them together."""

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from hyred_chat.accounts.part import AccountsPart
from hyred_chat.administration.part import AdministrationPart
from hyred_chat.api import create_api
from hyred_chat.audit.part import AuditPart
from hyred_chat.blocks.part import BlocksPart
from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.demo.part import DemoPart
from hyred_chat.devices.part import DevicesPart
from hyred_chat.drafts.part import DraftsPart
from hyred_chat.errors import UnavailableError
from hyred_chat.files.part import FilesPart
from hyred_chat.groups.part import GroupsPart
from hyred_chat.http import health
from hyred_chat.http.conventions import Conventions
from hyred_chat.http.health import SharedCheck
from hyred_chat.http.observed import ObservedRequests
from hyred_chat.limits import RateLimit
from hyred_chat.messages.part import MessagesPart
from hyred_chat.metrics.http import describe_requests
from hyred_chat.metrics.monitor import Monitor
from hyred_chat.metrics.sockets import describe_sockets
from hyred_chat.moderation.part import ModerationPart
from hyred_chat.nodes.directory import Directory
from hyred_chat.nodes.part import NodesPart
from hyred_chat.nodes.relay_part import RelayPart
from hyred_chat.notices.part import NoticesPart
from hyred_chat.notifications.part import NotificationsPart
from hyred_chat.parts import Foundation, Parts
from hyred_chat.personal_data.part import PersonalDataPart
from hyred_chat.preferences.part import PreferencesPart
from hyred_chat.presence.part import PresencePart
from hyred_chat.push.part import PushPart
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.nodes import Nodes
from hyred_chat.realtime.slices import Slices
from hyred_chat.receipts.part import ReceiptsPart
from hyred_chat.rooms.entry_part import RoomEntryPart
from hyred_chat.rooms.part import RoomsPart
from hyred_chat.search.part import SearchPart
from hyred_chat.sessions.part import SessionsPart
from hyred_chat.socketio import ServerSettings, SocketServer
from hyred_chat.web.part import WebPart

if TYPE_CHECKING:  # it needs a library that is only there where there is a broker
    from hyred_chat.broker.broker import Broker

logger = logging.getLogger(__name__)

# Of a drain. Together with what server.py allows for requests under way, and with a database that does not answer, less
# than the 10 s that a stop may take.
DRAIN_SECONDS = 5.0
FLUSH_TIMEOUT_SECONDS = 3.0
HANDLERS_TIMEOUT_SECONDS = 1.0
TELLING_TIMEOUT_SECONDS = 0.5
# Clients are sent elsewhere evenly, so that they do not arrive there all at once.
SENT_AWAY_PER_SECOND = 500
MOST_SENDING_AWAY_SECONDS = 3.0
LAST_WORDS_TIMEOUT_SECONDS = 1.5


class Application:
    """The chat: an ASGI application and the WebSocket protocol that goes with it.

    Args:
        directory: of other nodes, where there is a broker. The ids of sessions begin with this node's name.

    Attributes:
        sockets: the Socket.IO server.
        parts: what the service consists of, in the order in which they depend on one another.
        api_keys: the keys of the host's back ends.
        monitor: what can be read about this process.
        is_draining: whether it is about to stop.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        broker: "Broker | None" = None,
        directory: Directory | None = None,
    ) -> None:
        self.is_draining = False
        self._database = database
        self._broker = broker
        self._readiness = SharedCheck(database.check)
        self.sockets = SocketServer(_socket_settings(settings, sid_prefix="" if directory is None else directory.name))
        namespace = self.sockets.namespace("/")
        hub = Hub(namespace)
        nodes = None if broker is None else Nodes(broker, hub)
        base = Foundation(settings, database, hub, Slices(hub), nodes)

        self.monitor = Monitor(settings, database)
        self.parts = parts = Parts(
            base.slices, *self.monitor.background, *(each for each in (broker, directory) if each is not None)
        )
        accounts = parts.add(AccountsPart(base))
        rooms = parts.add(RoomsPart(base, accounts))
        presence = parts.add(PresencePart(base, rooms))
        notifications = _add_notification_parts(base, parts, rooms, presence)
        parts.add(SessionsPart(base, accounts, rooms, presence))
        administration = _add_host_parts(base, parts)
        messages = parts.add(
            MessagesPart(
                base, accounts, rooms, presence=presence, notifications=notifications, administration=administration
            )
        )
        parts.add(SearchPart(base, rooms, messages))
        parts.add(FilesPart(base, rooms, messages, presence=presence, personal_data=parts.get(PersonalDataPart)))
        parts.add(DraftsPart(base, presence))
        receipts = parts.add(ReceiptsPart(base, rooms, messages, notifications))
        processes = parts.add(NodesPart(base, parts))
        parts.add(GroupsPart(base, rooms, administration=administration, messages=messages, nodes=processes))
        if nodes is not None:
            parts.add(RelayPart(base, nodes, parts))
        parts.add(RoomEntryPart(base, rooms, messages, receipts))
        _add_pages(base, parts)

        rate = RateLimit(burst=settings.rate_limit_events_burst, per_minute=settings.rate_limit_events_per_minute)
        gateway = Gateway(namespace, rate=rate)
        parts.register(gateway)
        self.api_keys = administration.administration.api_keys
        self._api = create_api(
            settings,
            larger_bodies=parts.larger_bodies,
            streamed_paths=parts.streamed_paths,
            exposed_headers=parts.exposed_headers,
            lifespan=self._lifespan,
        )
        self._api.state.readiness = self
        self._api.include_router(health.router)
        parts.serve(self._api)
        self._requests = ObservedRequests(self._api)
        self._observe(hub, gateway)
        self._socket_path = self.sockets.settings.path
        self._serve = Conventions(self._dispatch, own_methods=[self._socket_path])

    def _observe(self, hub: Hub, gateway: Gateway) -> None:
        metrics = self.monitor.metrics
        self.parts.measure(metrics)
        if self.monitor.tracing is not None:
            self.parts.trace(self.monitor.tracing)
            self._requests.tracing = self.monitor.tracing
        describe_sockets(metrics, self.sockets, hub, gateway)
        describe_requests(metrics, self._requests, self._api.state.refused)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve HTTP."""
        # Before anything is read or looked up: a first-design client's two copies are paired by this.
        scope.setdefault("state", {})["arrived_at"] = time.monotonic()
        await self._serve(scope, receive, send)

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Polling goes to the Socket.IO server, all else to the API."""
        if scope["type"] == "http" and scope["path"].startswith(self._socket_path):
            await self.sockets(scope, receive, send)
        else:
            await self._requests(scope, receive, send)

    async def check(self) -> str:
        """`ready`, or `degraded` while other nodes cannot be told at once.

        Raises:
            UnavailableError: the database does not answer, nothing comes from other nodes though Redis answers, or
                the event loop has been late for seconds.
        """
        if self.monitor.lag.is_overloaded:
            raise UnavailableError("The server is overloaded: its event loop is more than a second late.")
        await self._readiness.ask()
        state = None if self._broker is None else self._broker.state.value
        if state == "deaf":
            raise UnavailableError("What other servers publish does not arrive here.")
        return "degraded" if state == "unreachable" else "ready"

    def openapi(self) -> dict[str, Any]:
        """The description of the REST API. Needs no database."""
        return self._api.openapi()

    async def drain(self) -> None:
        """Stop taking, finish what was taken, and send the clients to wherever the service goes on."""
        self.is_draining = True
        started_at = time.monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_TIMEOUT_SECONDS):
                await self.parts.drain()
                if self._broker is not None:
                    await self._broker.drain(timeout_seconds=TELLING_TIMEOUT_SECONDS)
        self.parts.silence()
        left_seconds = DRAIN_SECONDS - HANDLERS_TIMEOUT_SECONDS - (time.monotonic() - started_at)
        over_seconds = min(self.sockets.session_count / SENT_AWAY_PER_SECOND, MOST_SENDING_AWAY_SECONDS, left_seconds)
        await self.sockets.close(timeout_seconds=HANDLERS_TIMEOUT_SECONDS, over_seconds=over_seconds)

    def _on_task_end(self, task: asyncio.Task[Any]) -> None:
        """None of these ends by itself. If one does, the server is no use any more, and its supervisor restarts it."""
        if not task.cancelled() and not self.is_draining:
            logger.critical("A background task ended; stopping", exc_info=task.exception())
            signal.raise_signal(signal.SIGTERM)

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        tasks = self.parts.start(self._on_task_end)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            with suppress(TimeoutError, UnavailableError):
                async with asyncio.timeout(LAST_WORDS_TIMEOUT_SECONDS):
                    await asyncio.gather(*tasks, return_exceptions=True)
                    await self.parts.say_last_words()
            await self.parts.close()
            await self.monitor.close()


def _add_notification_parts(
    base: Foundation, parts: Parts, rooms: RoomsPart, presence: PresencePart
) -> NotificationsPart:
    """What tells people of messages that they do not see."""
    parts.add(DevicesPart(base))
    notifications = parts.add(NotificationsPart(base, presence))
    parts.add(PreferencesPart(base, rooms, notifications))
    if base.settings.push_worker:
        parts.add(PushPart(base.settings, base.database, notifications.reach))
    return notifications


def _add_host_parts(base: Foundation, parts: Parts) -> AdministrationPart:
    """What the host and its moderators do, and what people may ask of them."""
    accounts, rooms, devices = parts.get(AccountsPart), parts.get(RoomsPart), parts.get(DevicesPart)
    blocks = parts.add(BlocksPart(base, rooms))
    audit = parts.add(AuditPart(base))
    parts.add(NoticesPart(base, parts.get(NotificationsPart), audit))
    parts.add(ModerationPart(base, accounts, audit))
    parts.add(PersonalDataPart(base, accounts, rooms, devices=devices, audit=audit))
    presence = parts.get(PresencePart)
    return parts.add(
        AdministrationPart(base, accounts, rooms, blocks=blocks, audit=audit, presence=presence, devices=devices)
    )


def _add_pages(base: Foundation, parts: Parts) -> None:
    """What browsers open."""
    parts.add(DemoPart())
    parts.add(WebPart(base))  # the last: it answers whatever nobody else does


# Brackets of a packet besides those of the longest message and the largest metadata: a `sync` has one or two a room.
SYNC_BRACKETS = 5_000


def _socket_settings(settings: Settings, *, sid_prefix: str) -> ServerSettings:
    return ServerSettings(
        sid_prefix=sid_prefix,
        ping_interval_seconds=settings.ping_interval_seconds,
        ping_timeout_seconds=settings.ping_timeout_seconds,
        connect_timeout_seconds=settings.connect_timeout_seconds,
        max_payload_bytes=settings.max_payload_bytes,
        max_buffered_bytes=settings.buffered_bytes,
        max_brackets=settings.max_message_chars + settings.max_metadata_bytes + SYNC_BRACKETS,
        max_sessions_per_address=settings.max_connections_per_address,
        max_handshakes_per_second=settings.max_handshakes_per_second,
        allowed_origins=settings.origins,
    )
