"""Who may do what in a group, and who is its owner when the last one goes. Without any I/O."""

from dataclasses import dataclass

from hyred_chat.errors import AccessDeniedError, RoomBlockedError
from hyred_chat.rooms.schemas import MemberRole
from hyred_chat.rooms.state import NO_ACCESS


@dataclass(frozen=True, slots=True)
class Picture:
    """What a group shows of itself: an address, or a file of its own. With neither it has no picture."""

    address: str | None = None
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A room, held until the transaction ends.

    Attributes:
        roles: of its members by id, those who have been in it for longest first.
        disabled: those of them who are let in nowhere.
    """

    id: str
    type: str
    status: str
    title: str | None
    picture: Picture
    roles: dict[str, MemberRole]
    disabled: frozenset[str] = frozenset()


def check_is_group(group: Group | None, user_id: str) -> Group:
    """The group, of which somebody is a member.

    Raises:
        AccessDeniedError: it is none, or they are no member.
    """
    if group is None or user_id not in group.roles:
        raise AccessDeniedError(NO_ACCESS)
    if group.type != "group":
        raise AccessDeniedError("This conversation is no group.")
    return group


def check_may_manage(group: Group, user_id: str) -> None:
    """Whether a member may change the group.

    Raises:
        AccessDeniedError: they are an ordinary member.
        RoomBlockedError: the host has blocked it.
    """
    if group.roles[user_id] == "member":
        raise AccessDeniedError("Only the owner and the admins of a group may do this.")
    if group.status == "blocked":
        raise RoomBlockedError("This group is closed: nothing can be changed here.")


def check_may_set_role(group: Group, actor_id: str, user_id: str, role: MemberRole) -> None:
    """Whether a member who may manage the group may let somebody have a role: an admin no owner's, nor another admin's.

    Raises:
        AccessDeniedError: they may not.
    """
    if group.roles[actor_id] == "owner":
        return
    if role == "owner" or (user_id != actor_id and group.roles.get(user_id, "member") != "member"):
        raise AccessDeniedError("Only an owner may change the roles of owners and admins.")


def check_may_remove(group: Group, actor_id: str, user_id: str) -> None:
    """Whether a member who may manage the group may put somebody out.

    Raises:
        AccessDeniedError: they may not.
    """
    if group.roles[actor_id] != "owner" and group.roles.get(user_id, "member") != "member":
        raise AccessDeniedError("Only an owner may remove an owner or an admin.")


def find_successor(group: Group, user_id: str) -> str | None:
    """Who is the owner when this member is none any more: the longest-serving admin, else member.

    Somebody who is disabled is it only where everybody else is. None: there is an owner besides, or there was none, or
    there is nobody else. `rooms/owners.py` is the same rule as SQL.
    """
    ranks = ("owner", "admin", "member")
    others = [other_id for other_id in group.roles if other_id != user_id]
    if group.roles.get(user_id) != "owner" or not others:
        return None
    heir = min(others, key=lambda other_id: (other_id in group.disabled, ranks.index(group.roles[other_id])))
    return None if group.roles[heir] == "owner" else heir
