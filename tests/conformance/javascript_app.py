"""The server that the official JavaScript client is tested against: the echo app's events, and some more."""

from hyred_chat.socketio import ConnectionRefused, Event, Handshake, Namespace, Socket, SocketServer
from tests.conformance.servers import new_server

ANSWER_SECONDS = 0.2


async def _connect(socket: Socket, handshake: Handshake) -> None:
    if handshake.auth and handshake.auth.get("token") == "bad":
        raise ConnectionRefused("Token refused", {"code": "unauthenticated"})
    socket.emit("auth", handshake.auth or {})


def _answer(event: Event) -> None:
    event.socket.emit("message-back", *event.args)


def _acknowledge(event: Event) -> None:
    event.acknowledge(*event.args)


def _say_where(event: Event) -> None:
    event.acknowledge(event.socket.namespace.name)


async def _ask(event: Event) -> None:
    """Asks the client a question and acknowledges with the answer, or with the name of what went wrong."""
    try:
        event.acknowledge(await event.socket.call("question", *event.args, timeout_seconds=ANSWER_SECONDS))
    except TimeoutError as error:
        event.acknowledge(type(error).__name__)


def _disconnect(event: Event) -> None:
    event.socket.disconnect(close=event.args[0])


def _shout(event: Event) -> None:
    event.socket.namespace.emit("shouted", *event.args)


def _end(event: Event) -> None:
    event.socket.namespace.emit("end")


def _fill(namespace: Namespace) -> None:
    namespace.on_connect(_connect)
    namespace.on("message")(_answer)
    namespace.on("message-with-ack")(_acknowledge)
    namespace.on("where")(_say_where)
    namespace.on("ask-me")(_ask)
    namespace.on("disconnect-me")(_disconnect)
    namespace.on("shout")(_shout)
    namespace.on("end-for-all")(_end)


def new_javascript_app(**settings: object) -> SocketServer:
    """The namespaces `/` and `/custom`, alike, with these `ServerSettings`."""
    server = new_server(**settings)
    _fill(server.namespace())
    _fill(server.namespace("/custom"))
    return server
