"""Socket.IO: a client says whether its page can be seen."""

from hyred_chat.http.models import RequestModel
from hyred_chat.notifications.attention import SocketWatch
from hyred_chat.realtime.connections import Connection
from hyred_chat.realtime.gateway import Gateway


class SetVisibility(RequestModel):
    """The payload of `set_visibility`."""

    is_visible: bool


class NotificationHandlers:
    """`set_visibility`."""

    def __init__(self, watch: SocketWatch) -> None:
        self._watch = watch

    def register(self, gateway: Gateway) -> None:
        """Answer the event."""
        gateway.on("set_visibility", SetVisibility, self.set_visibility, is_new=True)

    async def set_visibility(self, connection: Connection, request: SetVisibility) -> dict[str, bool]:
        """Remember it for as long as the socket lives."""
        self._watch.set_visible(connection, request.is_visible)
        return {"isVisible": request.is_visible}
