"""Provisioning as a part of the service."""

from hyred_chat.accounts.part import AccountsPart
from hyred_chat.administration import endpoints, moderator_endpoints
from hyred_chat.administration.api_keys import ApiKeys
from hyred_chat.administration.health import Health
from hyred_chat.administration.live import LiveChanges
from hyred_chat.administration.service import Administration
from hyred_chat.audit.part import AuditPart
from hyred_chat.blocks.part import BlocksPart
from hyred_chat.devices.part import DevicesPart
from hyred_chat.parts import Foundation, Part
from hyred_chat.presence.part import PresencePart
from hyred_chat.rooms.part import RoomsPart


class AdministrationPart(Part):
    """What the host's back ends do, and what it does to those who are here.

    Attributes:
        administration: the service.
        live_changes: has rooms read again that were changed.
    """

    routers = (endpoints.router, moderator_endpoints.router)

    def __init__(
        self,
        base: Foundation,
        accounts: AccountsPart,
        rooms: RoomsPart,
        *,
        blocks: BlocksPart,
        audit: AuditPart,
        presence: PresencePart,
        devices: DevicesPart,
    ) -> None:
        api_keys = ApiKeys(key.get_secret_value() for key in base.settings.admin_api_keys)
        self.administration = Administration(
            base.database,
            accounts.accounts,
            devices.devices,
            blocks=blocks.blocks,
            audit=audit.audit,
            api_keys=api_keys,
        )
        self.live_changes = LiveChanges(
            rooms.cache,
            base.hub,
            rooms.membership,
            rooms.announcements,
            on_pair_change=presence.presence.review,
        )
        accounts.accounts.on_change.append(self.live_changes.on_user_change)
        self.administration.rooms.on_change.append(self.live_changes.on_room_change)
        self._health = Health(base.database, base.hub)
        self.background = (self.live_changes,)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"administration": self.administration, "server_health": self._health}
