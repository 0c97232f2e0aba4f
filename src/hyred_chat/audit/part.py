"""The audit log as a part of the service."""

from hyred_chat.audit import endpoints
from hyred_chat.audit.service import Audit
from hyred_chat.parts import Foundation, Part


class AuditPart(Part):
    """What moderators have looked at and done.

    Attributes:
        audit: the service.
    """

    routers = (endpoints.router,)

    def __init__(self, base: Foundation) -> None:
        self.audit = Audit(base.database)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"audit": self.audit}
