"""Notices as a part of the service."""

from types import MappingProxyType

from hyred_chat.audit.part import AuditPart
from hyred_chat.notices import endpoints
from hyred_chat.notices.service import Notices
from hyred_chat.notifications.part import NotificationsPart
from hyred_chat.parts import Foundation, Part

# Ten thousand ids are more than any other request holds.
MAX_BODY_BYTES = 2_000_000


class NoticesPart(Part):
    """What the host tells people."""

    routers = (endpoints.router, endpoints.moderators_router)
    larger_bodies = MappingProxyType({endpoints.router.prefix: MAX_BODY_BYTES})

    def __init__(self, base: Foundation, notifications: NotificationsPart, audit: AuditPart) -> None:
        self._notices = Notices(base.database, notifications.teller, audit.audit)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"notices": self._notices}
