"""The wiring of the door: who is let in by the head of a request, by the operator's settings. Part of the root."""

import re

from fastapi import Response
from starlette.types import ASGIApp

from hyred_chat.administration.api_keys import ApiKeys
from hyred_chat.administration.authentication import key_of
from hyred_chat.config import Settings
from hyred_chat.errors import ChatError, TooManyConnectionsError
from hyred_chat.http import health
from hyred_chat.http.addresses import Proxies
from hyred_chat.http.admission import Admission
from hyred_chat.http.door import Door
from hyred_chat.http.errors import refusal
from hyred_chat.http.forwarding import Directory, Forwarding
from hyred_chat.http.head import Head
from hyred_chat.http.hosts import Hosts
from hyred_chat.listening import Room
from hyred_chat.socketio.refusals import FORBIDDEN, RefusedError

_HOST_ROUTES = b"/api/admin/"
_FILE_ROUTES = re.compile(rb"/api/chat/files/|/api/admin/reports/[^/]+/files/[^/]+/")


def open_door(
    settings: Settings,
    room: Room,
    api_keys: ApiKeys,
    *,
    socket_path: str,
    is_shared: bool = False,
    directory: Directory | None = None,
) -> Door:
    """The door of this process.

    Args:
        room: how many connections there may be.
        socket_path: where refusals are Engine.IO's.
        is_shared: whether other processes are behind the same port.
        directory: of other nodes, where there are any.
    """

    def is_essential(head: Head) -> bool:
        if head.path in health.PATHS:
            return True
        return head.path.startswith(_HOST_ROUTES) and api_keys.know(key_of(head.get))

    def answer(error: ChatError, head: Head) -> ASGIApp:
        if isinstance(error, TooManyConnectionsError) and head.path.startswith(socket_path.encode()):
            refused = RefusedError(FORBIDDEN, error.message)
            return Response(refused.body(), status_code=refused.status, media_type="application/json")
        return refusal(error)

    return Door(
        admission=Admission(
            max_connections=room.connections,
            reserve=room.reserve,
            max_per_address=settings.max_connections_per_address,
        ),
        proxies=Proxies(settings.trusted_proxies),
        hosts=Hosts(settings.host_names),
        is_essential=is_essential,
        is_transfer=is_transfer,
        is_shared=is_shared,
        answer=answer,
        forwarding=None if directory is None else _forwarding(settings, room, directory, socket_path),
    )


def is_transfer(head: Head) -> bool:
    """Whether a request brings or takes a file, of a message or of a report, which may take long."""
    return _FILE_ROUTES.match(head.path) is not None


def _forwarding(settings: Settings, room: Room, directory: Directory, socket_path: str) -> Forwarding:
    return Forwarding(
        directory,
        path=socket_path.encode(),
        max_requests=room.forwarded,
        # A poll is answered by a ping at the latest, and a session that is not answered by then has timed out.
        answer_seconds=settings.ping_interval_seconds + settings.ping_timeout_seconds,
    )
