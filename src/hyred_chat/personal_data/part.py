"""What people may ask for by law as a part of the service."""

from hyred_chat.accounts.part import AccountsPart
from hyred_chat.audit.part import AuditPart
from hyred_chat.devices.part import DevicesPart
from hyred_chat.parts import Foundation, Part
from hyred_chat.personal_data import endpoints
from hyred_chat.personal_data.exports import Exports
from hyred_chat.personal_data.service import Erasures
from hyred_chat.rooms.part import RoomsPart


class PersonalDataPart(Part):
    """Export and erasure. It comes before the part of provisioning, whose routes take whatever follows `/users/`.

    Attributes:
        erasures: the service that erases.
        exports: the service that exports.
    """

    routers = (endpoints.router,)

    def __init__(
        self, base: Foundation, accounts: AccountsPart, rooms: RoomsPart, *, devices: DevicesPart, audit: AuditPart
    ) -> None:
        self.erasures = Erasures(base.database, accounts.accounts, devices.devices, audit.audit, cache=rooms.cache)
        self.exports = Exports(base.database, accounts.accounts, audit.audit)
        self.background = (self.erasures,)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"erasures": self.erasures, "exports": self.exports}
