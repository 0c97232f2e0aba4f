"""Reports as a part of the service."""

from hyred_chat.accounts.part import AccountsPart
from hyred_chat.audit.part import AuditPart
from hyred_chat.moderation import endpoints
from hyred_chat.moderation.late_holds import LateHolds
from hyred_chat.moderation.service import Reports
from hyred_chat.moments import DAY_SECONDS
from hyred_chat.parts import Foundation, Part


class ModerationPart(Part):
    """What people report, and what moderators do about it."""

    routers = (endpoints.router, endpoints.moderators_router)

    def __init__(self, base: Foundation, accounts: AccountsPart, audit: AuditPart) -> None:
        self._reports = Reports(
            base.database,
            accounts.accounts,
            audit.audit,
            reports_per_hour=base.settings.rate_limit_reports_per_hour,
            keep_days=base.settings.report_days,
            file_days=base.settings.report_file_days,
        )
        held_seconds = base.settings.report_file_days * DAY_SECONDS
        self.background = (self._reports, LateHolds(base.database, held_seconds=held_seconds))

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"reports": self._reports}
