"""Devices as a part of the service."""

from hyred_chat.devices import endpoints
from hyred_chat.devices.service import Devices
from hyred_chat.parts import Foundation, Part
from hyred_chat.push.setup import vapid_key


class DevicesPart(Part):
    """Who is reached at which device.

    Attributes:
        devices: the service.
    """

    routers = (endpoints.router,)

    def __init__(self, base: Foundation) -> None:
        web_key = vapid_key(base.settings)
        self.devices = Devices(
            base.database,
            web_push_hosts=base.settings.web_push_hosts,
            web_key=None if web_key is None else web_key.public_key,
        )

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"devices": self.devices}
