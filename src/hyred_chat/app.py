"""The composition root: the one place that wires everything together."""

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

from hyred_chat import __version__
from hyred_chat.accounts import endpoints as account_endpoints
from hyred_chat.accounts.authentication import Rates
from hyred_chat.accounts.large_answers import LARGE_ANSWER_PATIENCE_SECONDS, LARGE_ANSWERS
from hyred_chat.accounts.service import Accounts
from hyred_chat.accounts.tokens import create_verifier
from hyred_chat.administration import endpoints as administration_endpoints
from hyred_chat.administration.api_keys import ApiKeys
from hyred_chat.administration.live import LiveChanges
from hyred_chat.administration.service import Administration
from hyred_chat.config import Settings
from hyred_chat.db.pool import Database
from hyred_chat.demo import endpoints as demo_endpoints
from hyred_chat.errors import UnavailableError
from hyred_chat.http import health
from hyred_chat.http.conventions import Conventions
from hyred_chat.http.envelope import Failure
from hyred_chat.http.errors import install_error_handlers
from hyred_chat.http.health import SharedCheck
from hyred_chat.http.limits import BodyLimit
from hyred_chat.limits import RateLimit, Turns
from hyred_chat.messages import endpoints as message_endpoints
from hyred_chat.messages.delivery import Delivery
from hyred_chat.messages.handlers import MessageHandlers
from hyred_chat.messages.healing import Healing
from hyred_chat.messages.history import History
from hyred_chat.messages.service import Messages, SendBounds
from hyred_chat.presence import endpoints as presence_endpoints
from hyred_chat.presence.handlers import PresenceHandlers
from hyred_chat.presence.service import PresenceService
from hyred_chat.presence.typing import TypingIndicators
from hyred_chat.reaching_people import HOST_ROUTERS, LARGER_BODIES, ROUTERS, ReachingPeople, Service
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.realtime.hub import Hub
from hyred_chat.realtime.slices import Slices
from hyred_chat.receipts import endpoints as receipt_endpoints
from hyred_chat.receipts.handlers import ReceiptHandlers
from hyred_chat.receipts.service import Receipts
from hyred_chat.rooms import endpoints as room_endpoints
from hyred_chat.rooms.announcements import Announcements
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.handlers import RoomHandlers
from hyred_chat.rooms.membership import Membership
from hyred_chat.rooms.service import Rooms
from hyred_chat.sessions import handlers as session_handlers
from hyred_chat.sessions.service import SessionRates, Sessions
from hyred_chat.socketio import Namespace, ServerSettings, SocketServer
from hyred_chat.web import api_endpoints
from hyred_chat.web import endpoints as web_endpoints
from hyred_chat.web.api_endpoints import ApiPage
from hyred_chat.web.service import WebApp

logger = logging.getLogger(__name__)

# Of a drain. Together with what server.py allows for requests under way, and with a database that does not answer, less
# than the 10 s that a stop may take.
DRAIN_SECONDS = 5.0
FLUSH_TIMEOUT_SECONDS = 3.0
HANDLERS_TIMEOUT_SECONDS = 1.0
# Clients are sent elsewhere evenly, so that they do not arrive there all at once.
SENT_AWAY_PER_SECOND = 500
MOST_SENDING_AWAY_SECONDS = 3.0
LAST_WORDS_TIMEOUT_SECONDS = 1.5


class Application:
    """The chat: an ASGI application and the WebSocket protocol that goes with it.

    Attributes:
        sockets: the Socket.IO server.
        api_keys: the keys of the host's back ends.
        is_draining: whether it is about to stop.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self.is_draining = False
        self._database = database
        self._readiness = SharedCheck(self._check_database)
        self.sockets = SocketServer(_socket_settings(settings))
        namespace = self.sockets.namespace("/")
        hub = Hub(namespace)
        self._accounts = Accounts(database, create_verifier(settings))
        self._slices = Slices(hub)
        self._announcements = Announcements(hub, self._slices)
        cache = RoomCache(database, is_pinned=lambda room_id: bool(hub.sockets_in(room_id)))
        self._typing = TypingIndicators(hub, cache.members_of)
        self._rooms = Rooms(database, self._accounts, cache, new_rooms_per_hour=settings.rate_limit_new_rooms_per_hour)
        self._history = History(database, self._accounts, self._rooms, page_bytes=settings.page_bytes)
        self._presence = PresenceService(
            database, self._rooms, hub, offline_grace_seconds=settings.presence_offline_grace_seconds
        )
        self._reaching_people = ReachingPeople(
            settings, database, hub, self._slices, is_present=self._presence.is_present
        )
        membership = Membership(hub, self._typing, cache.is_barred)
        self._live_changes = LiveChanges(
            cache, hub, membership, self._announcements, on_pair_change=self._presence.review
        )
        on_risen = self._reaching_people.positions.on_risen
        delivery = Delivery(
            hub,
            self._announcements,
            self._reaching_people.live,
            on_delivered=self._typing.stop,
            on_read=on_risen,
            on_acquainted=self._presence.review,
        )
        healing = Healing(database, cache, self._history, delivery, refresh=self._live_changes.refresh)
        self._messages = _create_messages(settings, database, cache, healing)
        self._receipts = Receipts(
            database,
            self._rooms,
            self._history,
            hub,
            self._announcements,
            on_risen=on_risen,
            on_doubt=healing.suspect,
        )
        cache.on_ahead = self._receipts.on_ahead
        self._rates = Rates(_rate(settings.rate_limit_requests_burst, settings.rate_limit_requests_per_minute))
        connect_rate = _rate(settings.rate_limit_events_burst, settings.rate_limit_events_per_minute)
        session_rates = SessionRates(connect_rate, self._rates.refused_tokens)
        self._sessions = Sessions(self._accounts, hub, self._presence, self._typing, membership, rates=session_rates)
        self.api_keys = ApiKeys(key.get_secret_value() for key in settings.admin_api_keys)
        self._administration = Administration(database, self._accounts, self._reaching_people.devices, self.api_keys)
        self._accounts.on_change += [self._sessions.on_user_change, self._live_changes.on_user_change]
        self._administration.rooms.on_change.append(self._live_changes.on_room_change)
        self._administration.rooms.on_doubt.append(healing.suspect)
        self._message_rate = _rate(settings.rate_limit_messages_burst, settings.rate_limit_messages_per_minute)
        self._register_handlers(settings, namespace, membership)
        self._api = self._create_api(settings)
        self._socket_path = self.sockets.settings.path
        self._serve = Conventions(self._dispatch, own_methods=[self._socket_path])

    def _register_handlers(self, settings: Settings, namespace: Namespace, membership: Membership) -> None:
        event_rate = _rate(settings.rate_limit_events_burst, settings.rate_limit_events_per_minute)
        gateway = Gateway(namespace, rate=event_rate)
        session_handlers.register(namespace, gateway, self._sessions)
        RoomHandlers(
            self._rooms,
            self._history,
            membership,
            self._receipts,
            max_rooms_per_socket=settings.max_rooms_per_socket,
            page_bytes=settings.page_bytes,
        ).register(gateway)
        MessageHandlers(self._messages, self._history, rate=self._message_rate).register(gateway)
        ReceiptHandlers(self._receipts).register(gateway)
        PresenceHandlers(self._presence, self._typing, self._rooms).register(gateway)
        self._reaching_people.register(gateway)

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
            await self._api(scope, receive, send)

    async def check(self) -> None:
        """Raise `UnavailableError` when the database does not answer."""
        await self._readiness.ask()

    async def _check_database(self) -> None:
        await self._database.check()

    def openapi(self) -> dict[str, Any]:
        """The description of the REST API. Needs no database."""
        return self._api.openapi()

    async def drain(self) -> None:
        """Stop taking, finish what was taken, and send the clients to wherever the service goes on."""
        self.is_draining = True
        started_at = time.monotonic()
        with suppress(TimeoutError, UnavailableError):
            async with asyncio.timeout(FLUSH_TIMEOUT_SECONDS):
                await self._messages.drain()
                await self._slices.drain()
                await self._reaching_people.drain()
                await self._presence.hand_over()
        self._announcements.close()
        self._typing.close()
        left_seconds = DRAIN_SECONDS - HANDLERS_TIMEOUT_SECONDS - (time.monotonic() - started_at)
        over_seconds = min(self.sockets.session_count / SENT_AWAY_PER_SECOND, MOST_SENDING_AWAY_SECONDS, left_seconds)
        await self.sockets.close(timeout_seconds=HANDLERS_TIMEOUT_SECONDS, over_seconds=over_seconds)

    def _on_task_end(self, task: asyncio.Task[None]) -> None:
        """None of these ends by itself. If one does, the server is no use any more, and its supervisor restarts it."""
        if not task.cancelled() and not self.is_draining:
            logger.critical("A background task ended; stopping", exc_info=task.exception())
            signal.raise_signal(signal.SIGTERM)

    def _create_api(self, settings: Settings) -> FastAPI:
        api = FastAPI(
            title="Hyred Chat",
            version=__version__,
            docs_url=None,  # FastAPI's page runs scripts of a public address
            redoc_url=None,
            openapi_url="/api/openapi.json" if settings.serves_api_docs else None,
            # With these, FastAPI leaves out the description of a 422 that is never sent.
            responses={
                "4XX": {"model": Failure, "description": "Refused: nothing was done."},
                "5XX": {"model": Failure, "description": "Not done: try again."},
            },
            lifespan=self._lifespan,
            redirect_slashes=False,  # a redirect has no envelope, and what a trailing slash names does not exist
        )
        install_error_handlers(api)
        # The last one is the outermost: refusals of the others can be read by pages, too.
        api.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes, larger=LARGER_BODIES)
        api.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(settings.origins or ()),
            allow_origin_regex=".*" if settings.origins is None else None,
            allow_methods=["*"],
            allow_headers=["*"],
            allow_credentials=True,
            expose_headers=["Retry-After"],
        )
        api.state.accounts = self._accounts
        api.state.rooms = self._rooms
        api.state.history = self._history
        api.state.messages = self._messages
        api.state.message_rate = self._message_rate
        api.state.receipts = self._receipts
        api.state.presence = self._presence
        api.state.administration = self._administration
        self._reaching_people.serve(api)
        api.state.web_app = WebApp(settings)
        api.state.readiness = self
        api.state.large_answers = Turns(at_once=LARGE_ANSWERS, patience_seconds=LARGE_ANSWER_PATIENCE_SECONDS)
        api.state.rates = self._rates
        for endpoints in (
            account_endpoints,
            room_endpoints,
            message_endpoints,
            receipt_endpoints,
            presence_endpoints,
        ):
            api.include_router(endpoints.router)
        for router in (*ROUTERS, *HOST_ROUTERS, administration_endpoints.router):
            api.include_router(router)
        api.include_router(demo_endpoints.router)
        api.include_router(health.router)
        api.include_router(web_endpoints.router)
        if settings.serves_api_docs:
            api.state.api_page = ApiPage(settings, api.openapi)
            api.include_router(api_endpoints.router)
        web_endpoints.serve_missing_page(api)
        return api

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        services: tuple[Service, ...] = (
            self._accounts.people,
            self._messages,
            self._slices,
            self._receipts,
            self._presence,
            self._live_changes,
            self._sessions,
        )
        services += self._reaching_people.services
        tasks = [asyncio.create_task(service.run()) for service in services]
        for task in tasks:
            task.add_done_callback(self._on_task_end)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            with suppress(TimeoutError, UnavailableError):
                async with asyncio.timeout(LAST_WORDS_TIMEOUT_SECONDS):
                    await asyncio.gather(*tasks, return_exceptions=True)
                    await self._presence.close()
            await self._reaching_people.close()
            await self._accounts.close()


def _create_messages(settings: Settings, database: Database, cache: RoomCache, healing: Healing) -> Messages:
    return Messages(
        database,
        cache,
        healing,
        SendBounds(settings.max_message_chars, settings.max_metadata_bytes, settings.send_timeout_seconds),
        lanes=settings.message_lanes,
        batch_size=settings.message_batch_size,
        legacy_backups=settings.legacy_backup_sends,
    )


def _rate(burst: int, per_minute: int) -> RateLimit:
    return RateLimit(burst=burst, per_minute=per_minute)


# Brackets of a packet besides those of the longest message and the largest metadata: a `sync` has one or two a room.
SYNC_BRACKETS = 5_000


def _socket_settings(settings: Settings) -> ServerSettings:
    return ServerSettings(
        ping_interval_seconds=settings.ping_interval_seconds,
        ping_timeout_seconds=settings.ping_timeout_seconds,
        connect_timeout_seconds=settings.connect_timeout_seconds,
        max_payload_bytes=settings.max_payload_bytes,
        max_buffered_bytes=settings.buffered_bytes,
        max_brackets=settings.max_message_chars + settings.max_metadata_bytes + SYNC_BRACKETS,
        max_sessions_per_address=settings.max_connections_per_address,
        allowed_origins=settings.origins,
    )
