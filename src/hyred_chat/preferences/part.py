"""Preferences as a part of the service."""

from hyred_chat.notifications.part import NotificationsPart
from hyred_chat.parts import Foundation, Part
from hyred_chat.preferences import endpoints
from hyred_chat.preferences.service import PreferencesService
from hyred_chat.rooms.part import RoomsPart


class PreferencesPart(Part):
    """What people want to be told of, and when."""

    routers = (endpoints.router,)

    def __init__(self, base: Foundation, rooms: RoomsPart, notifications: NotificationsPart) -> None:
        self._preferences = PreferencesService(base.database, notifications.teller, rooms.standing)

    def services(self) -> dict[str, object]:
        """See `Part`."""
        return {"preferences": self._preferences}
