"""People and rooms as a host sees them.

In a request, a field that is left out stays as it is (or gets its default, when the thing is new), and null removes a
name, a title or a picture.
"""

from typing import Literal

from pydantic import Field

from hyred_chat.accounts.schemas import PersonProfile, Role, User
from hyred_chat.administration.fields import Email, MemberIds, Name, Picture, RoomId, Weekdays
from hyred_chat.http.models import RequestModel, WireModel
from hyred_chat.preferences.schemas import DailyHours, TimeZone
from hyred_chat.rooms.schemas import RoomStatus, RoomType


class WorkingHoursBody(DailyHours):
    """When somebody works; from Monday to Friday unless other days are given."""

    days: Weekdays = Field(default_factory=lambda: [1, 2, 3, 4, 5])


class UserBody(RequestModel):
    """`PUT /api/admin/users/{id}`: how somebody should be."""

    email: Email
    role: Role
    name: Name | None = None
    avatar: Picture | None = None
    headline: Name | None = None
    time_zone: TimeZone | None = None
    working_hours: WorkingHoursBody | None = None
    disabled: bool | None = None


class PatchUser(RequestModel):
    """`PATCH /api/admin/users/{id}`: whether somebody is kept out."""

    disabled: bool


class ProvisionedUser(PersonProfile):
    """A person, with what only their host may see. Who was erased stays disabled for good."""

    email: str
    disabled: bool
    erased: bool


class RoomBody(RequestModel):
    """`POST /api/admin/rooms`: how a room should be."""

    id: RoomId | None = None
    type: RoomType
    title: Name | None = None
    avatar: Picture | None = None
    member_ids: MemberIds
    status: RoomStatus | None = None


class ProvisionedRoom(WireModel):
    """A room and who is in it."""

    id: str
    type: RoomType
    status: RoomStatus
    title: str | None
    avatar: str | None
    member_ids: list[str]
    last_seq: int
    created_at: str
    last_message_at: str | None


class RoomWithPeople(ProvisionedRoom):
    """A room as moderators see it. `people` are the first of `memberIds`, under the names that they have now."""

    people: list[User]


class ServerHealth(WireModel):
    """How the process that answers is doing, and what waits in the database.

    `reason` says why `status` is not `ready`. Counts are null when the database cannot be asked, and end at 10,000.
    """

    version: str
    status: Literal["ready", "degraded", "stopping", "unavailable"]
    reason: str | None
    started_at: str
    connected_people: int
    overdue_notifications: int | None
    unfinished_erasures: int | None
