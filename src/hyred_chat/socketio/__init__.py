"""A Socket.IO 5 server on Engine.IO 4: WebSocket and long-polling. See the README beside this file."""

from hyred_chat.socketio.engine import EngineServer
from hyred_chat.socketio.engine_packets import Encoded
from hyred_chat.socketio.errors import ConnectionRefused, PacketError
from hyred_chat.socketio.events import Event
from hyred_chat.socketio.handshakes import Handshake
from hyred_chat.socketio.namespaces import Namespace
from hyred_chat.socketio.server import SocketServer
from hyred_chat.socketio.session import Receiver, Session
from hyred_chat.socketio.settings import ServerSettings
from hyred_chat.socketio.sockets import Socket

__all__ = [
    "ConnectionRefused",
    "Encoded",
    "EngineServer",
    "Event",
    "Handshake",
    "Namespace",
    "PacketError",
    "Receiver",
    "ServerSettings",
    "Session",
    "Socket",
    "SocketServer",
]
