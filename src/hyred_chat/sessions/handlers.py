"""Socket.IO: connecting, going on with a fresh token, disconnecting."""

from hyred_chat.realtime.gateway import Gateway
from hyred_chat.sessions.schemas import Authenticate
from hyred_chat.sessions.service import Sessions
from hyred_chat.socketio import Namespace


def register(namespace: Namespace, gateway: Gateway, sessions: Sessions) -> None:
    """Answer connections, disconnections and `authenticate`."""
    namespace.on_connect(sessions.connect)
    namespace.on_disconnect(sessions.disconnect)
    gateway.on("authenticate", Authenticate, sessions.authenticate, is_new=True)
