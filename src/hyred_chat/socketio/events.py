"""An event that a client sent."""

from typing import Any

from hyred_chat.socketio.sockets import Socket


class Event:
    """What an event handler gets.

    Attributes:
        socket: who sent it.
        name: its name.
        args: its arguments, as JSON decodes them; binary ones are bytes.
    """

    __slots__ = ("_id", "args", "name", "socket")

    def __init__(self, socket: Socket, name: str, args: list[Any], id_: bytes) -> None:
        self.socket = socket
        self.name = name
        self.args = args
        self._id = id_

    @property
    def wants_acknowledgement(self) -> bool:
        """Whether the client waits for an acknowledgement that it has not got."""
        return bool(self._id)

    def acknowledge(self, *args: Any) -> None:
        """Acknowledge it, now or later. Nothing happens when that is not wanted (any more), or the socket is gone.

        Raises:
            TypeError, ValueError: `args` cannot be sent.
        """
        if self._id:
            self.socket.send_acknowledgement(self._id, args)
            self._id = b""

    def acknowledge_encoded(self, argument: bytes) -> None:
        """Likewise with one argument that is JSON already."""
        if self._id:
            self.socket.send_encoded_acknowledgement(self._id, argument)
            self._id = b""
