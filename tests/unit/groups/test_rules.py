"""Who may do what in a group."""

import pytest

from hyred_chat.errors import AccessDeniedError, RoomBlockedError
from hyred_chat.groups.rules import (
    Group,
    Picture,
    check_is_group,
    check_may_manage,
    check_may_remove,
    check_may_set_role,
    find_successor,
)
from hyred_chat.rooms.schemas import MemberRole


def group(room_type: str = "group", status: str = "active", **roles: MemberRole) -> Group:
    return Group("room", room_type, status, "Launch", Picture(), roles)


ALL = group(eve="member", ada="admin", ora="owner", ben="member", amy="admin", oto="owner")


def may(check: object, *args: object) -> bool:
    try:
        check(*args)  # type: ignore[operator]
    except AccessDeniedError:
        return False
    return True


def test_a_group_is_one_of_its_members() -> None:
    assert check_is_group(ALL, "ben") is ALL
    assert not may(check_is_group, ALL, "stranger")
    assert not may(check_is_group, None, "ben")
    assert not may(check_is_group, group("direct", ben="member"), "ben")


def test_owners_and_admins_manage() -> None:
    assert [user_id for user_id in ALL.roles if may(check_may_manage, ALL, user_id)] == ["ada", "ora", "amy", "oto"]
    with pytest.raises(RoomBlockedError):
        check_may_manage(group(status="blocked", ora="owner"), "ora")


@pytest.mark.parametrize(
    ("actor", "removable"),
    [("ada", {"eve", "ben", "gone"}), ("ora", {"eve", "ada", "ora", "ben", "amy", "oto", "gone"})],
)
def test_an_admin_removes_ordinary_members_and_an_owner_everybody(actor: str, removable: set[str]) -> None:
    assert {each for each in [*ALL.roles, "gone"] if may(check_may_remove, ALL, actor, each)} == removable


@pytest.mark.parametrize(
    ("role", "settable"),
    [
        ("owner", set()),
        ("admin", {"eve", "ben", "new", "ada"}),
        ("member", {"eve", "ben", "new", "ada"}),
    ],
)
def test_an_admin_lets_ordinary_members_be_admins_and_may_be_none_themselves(
    role: MemberRole, settable: set[str]
) -> None:
    assert {each for each in [*ALL.roles, "new"] if may(check_may_set_role, ALL, "ada", each, role)} == settable
    assert all(may(check_may_set_role, ALL, "ora", each, role) for each in [*ALL.roles, "new"])


@pytest.mark.parametrize(
    ("roles", "successor"),
    [
        ({"ora": "owner", "ben": "member", "amy": "admin", "ada": "admin"}, "amy"),
        ({"eve": "member", "ora": "owner", "ben": "member"}, "eve"),
        ({"ora": "owner", "oto": "owner", "amy": "admin"}, None),
        ({"ora": "owner"}, None),
        ({"ora": "admin", "ben": "member"}, None),
        ({"ben": "member"}, None),
    ],
)
def test_the_last_owner_is_followed_by_whoever_has_served_for_longest(
    roles: dict[str, MemberRole], successor: str | None
) -> None:
    assert find_successor(group(**roles), "ora") == successor


@pytest.mark.parametrize(
    ("disabled", "successor"),
    [("", "ada"), ("ada", "eve"), ("ada eve", "ben"), ("ada eve ben", "ada")],
)
def test_whoever_is_disabled_follows_only_where_all_are(disabled: str, successor: str) -> None:
    roles: dict[str, MemberRole] = {"ora": "owner", "eve": "member", "ada": "admin", "ben": "member"}
    left = Group("room", "group", "active", None, Picture(), roles, frozenset(disabled.split()))
    assert find_successor(left, "ora") == successor


def test_an_owner_besides_who_is_disabled_is_none() -> None:
    roles: dict[str, MemberRole] = {"ora": "owner", "oto": "owner", "ben": "member"}
    assert find_successor(Group("room", "group", "active", None, Picture(), roles, frozenset({"oto"})), "ora") == "ben"
