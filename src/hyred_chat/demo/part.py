"""The demo as a part of the service."""

from hyred_chat.demo import endpoints
from hyred_chat.parts import Part


class DemoPart(Part):
    """The pictures of the demo people."""

    routers = (endpoints.router,)
