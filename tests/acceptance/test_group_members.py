"""Who is in a group, and by which role: let in, put out, promoted and followed, also all at once."""

import asyncio

from tests.acceptance.bad_input import check_refusal
from tests.acceptance.groups import Group, group_of, people
from tests.acceptance.people import Chat, Person


async def test_who_is_let_in_sees_all_that_was_said_with_nothing_unread(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    cem = await chat.person("Cem")
    for number in range(3):
        await ana.post_message(group.id, f"Number {number}")
    client, reader = await cem.connect(), await ben.connect(join=group.id)
    for _ in range(2):
        room = (await group.put(ana, cem)).data
        assert {member["id"]: member["memberRole"] for member in room["members"]}[cem.id] == "member"
    assert (await client.wait_for("room_updated"))["unreadCount"] == 0
    assert (await reader.wait_for("new_message"))["content"] == "Ana added Cem."
    joined = await client.join(group.id)
    assert [message["seq"] for message in joined.history] == [1, 2, 3, 4, 5]
    assert joined.room["unreadCount"] == 0
    assert (await cem.get("/api/chat/unread-count")).data["count"] == 0
    await ana.post_message(group.id, "Welcome")
    assert (await client.wait_for("new_message"))["seq"] == 6
    assert (await cem.room(group.id))["unreadCount"] == 1


async def test_a_role_is_given_and_taken_once(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    for role in ("admin", "admin", "member", "owner", "owner"):
        assert (await group.put(ana, ben, role)).data["myRole"] == "owner"
    assert await group.roles(ben) == {"Ana": "owner", "Ben": "owner"}
    events = await group.events(ben)
    assert [(event["event"], event["userIds"], event["role"], event["content"]) for event in events[1:]] == [
        ("role_changed", [ben.id], "admin", "Ben is an admin of the group now."),
        ("role_changed", [ben.id], "member", "Ben is an ordinary member of the group now."),
        ("role_changed", [ben.id], "owner", "Ben is an owner of the group now."),
    ]
    cem = await chat.person("Cem")
    assert (await group.put(ben, cem, "admin")).status == 200
    assert (await cem.room(group.id))["myRole"] == "admin"
    assert (await cem.room(group.id))["unreadCount"] == 0


async def test_whoever_is_removed_is_out_at_once_and_removed_again_is_as_out(chat: Chat) -> None:
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    out, stays = await cem.connect(join=group.id), await ben.connect(join=group.id)
    for _ in range(2):
        assert [member["id"] for member in (await group.remove(ana, cem)).data["members"]] == [ana.id, ben.id]
    assert (await out.wait_for("user_left"))["userId"] == cem.id
    assert (await stays.wait_for("new_message"))["content"] == "Ana removed Cem."
    await stays.wait_for("room_updated", lambda room: len(room["members"]) == 2)
    await stays.send(group.id, "Without Cem")
    await out.catch_up()
    assert out.received("new_message") == []
    check_refusal((await cem.get(f"/api/chat/rooms/{group.id}")).envelope, "access_denied")
    check_refusal(await out.call("send_message", {"chatRoomId": group.id, "content": "Still here"}), "access_denied")
    assert (await cem.get("/api/chat/rooms")).data == []
    assert [event["event"] for event in await group.events(ben)] == ["created", "removed"]
    assert (await group.put(ana, cem)).status == 200, "and may be let in again"
    assert (await cem.room(group.id))["unreadCount"] == 0


async def test_leaving_is_leaving_and_left_again_is_as_left(chat: Chat) -> None:
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    client = await cem.connect(join=group.id)
    for _ in range(2):
        assert (await group.remove(cem, cem)).data is None
    assert (await client.wait_for("user_left"))["userId"] == cem.id
    assert await group.roles(ben) == {"Ana": "owner", "Ben": "member"}
    assert [event["content"] for event in await group.events(ana)] == ["Ana created the group “Launch”.", "Cem left."]
    check_refusal((await group.remove(await chat.person("Dan"), ben)).envelope, "access_denied")
    stranger = await chat.person("Eve")
    check_refusal((await group.remove(stranger, stranger)).envelope, "access_denied")


async def test_the_last_owner_is_followed_by_the_longest_serving_admin_and_then_member(chat: Chat) -> None:
    group, [ana, ben, cem, dan] = await group_of(chat, "Ana", "Ben", "Cem", "Dan")
    await group.put(ana, dan, "admin")
    assert (await group.remove(ana, ana)).data is None
    assert await group.roles(ben) == {"Ben": "member", "Cem": "member", "Dan": "owner"}
    assert [(event["event"], event["actorId"], event["userIds"]) for event in (await group.events(ben))[2:]] == [
        ("left", ana.id, [ana.id]), ("role_changed", ana.id, [dan.id]),
    ]  # fmt: skip
    await group.remove(dan, dan)
    assert await group.roles(cem) == {"Ben": "owner", "Cem": "member"}
    await group.put(ben, ben, "member")
    assert await group.roles(cem) == {"Ben": "member", "Cem": "owner"}
    await group.remove(ben, ben)
    check_refusal((await group.put(cem, cem, "admin")).envelope, "access_denied")
    assert (await group.remove(cem, cem)).data is None
    check_refusal((await cem.get(f"/api/chat/rooms/{group.id}")).envelope, "access_denied")


async def test_an_admin_manages_ordinary_members_alone(chat: Chat) -> None:
    group, [ana, ben, cem, dan] = await group_of(chat, "Ana", "Ben", "Cem", "Dan")
    eve = await chat.person("Eve")
    await group.put(ana, ben, "admin")
    await group.put(ana, cem, "admin")
    denied = [
        group.remove(ben, ana), group.remove(ben, cem), group.put(ben, ana, "member"), group.put(ben, cem, "member"),
        group.put(ben, dan, "owner"), group.put(ben, eve, "owner"), group.put(ben, ben, "owner"),
        group.change(dan, title="Mine"), group.put(dan, eve), group.put(dan, dan, "owner"), group.put(dan, dan),
        group.remove(dan, ben), group.remove(dan, eve),
        group.change(eve, title="Mine"), group.put(eve, eve), group.remove(eve, dan),
    ]  # fmt: skip
    for request in denied:
        check_refusal((await request).envelope, "access_denied")
    assert await group.roles(dan) == {"Ana": "owner", "Ben": "admin", "Cem": "admin", "Dan": "member"}
    assert (await group.change(ben, title="Ours")).data["title"] == "Ours"
    assert (await group.put(ben, dan, "admin")).status == 200
    assert (await group.put(ben, eve)).status == 200
    assert (await group.put(ben, ben, "member")).data["myRole"] == "member"
    assert (await group.remove(cem, eve)).status == 200


async def test_rooms_of_two_are_no_groups(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    direct = Group(room_id)
    for answer in (
        await direct.change(va, title="Ours"), await direct.put(va, await chat.person("Cem")),
        await direct.remove(va, company), await direct.remove(va, va),
    ):  # fmt: skip
        check_refusal(answer.envelope, "access_denied")
    room = await va.room(room_id)
    assert (room["myRole"], room["title"], len(room["members"])) == ("member", None, 2)


async def test_in_a_group_of_the_host_everybody_is_an_ordinary_member_and_may_leave(chat: Chat) -> None:
    ana, ben = await people(chat, "Ana", "Ben")
    group = Group(await chat.room(ana, ben, title="Project"))
    assert await group.roles(ana) == {"Ana": "member", "Ben": "member"}
    check_refusal((await group.change(ana, title="Ours")).envelope, "access_denied")
    assert (await group.remove(ben, ben)).data is None
    assert await group.roles(ana) == {"Ana": "member"}


async def test_whoever_the_host_removes_as_the_last_owner_is_followed_by_another_one(chat: Chat) -> None:
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    await group.put(ana, cem, "admin")
    await chat.save_room([ben, cem], id=group.id, type="group")
    assert await group.roles(ben) == {"Ben": "member", "Cem": "owner"}


async def set_disabled(chat: Chat, person: Person, *, disabled: bool) -> None:
    path = f"/api/admin/users/{person.id}"
    assert (await chat.admin("PATCH", path, json={"disabled": disabled})).status == 200


async def test_an_owner_who_is_disabled_is_followed_by_somebody_who_is_not(chat: Chat) -> None:
    group, [ana, ben, _, dan] = await group_of(chat, "Ana", "Ben", "Cem", "Dan")
    await group.put(ana, ben, "admin")
    await set_disabled(chat, ben, disabled=True)
    reader = await dan.connect(join=group.id)
    await set_disabled(chat, ana, disabled=True)
    assert await group.roles(dan) == {"Ana": "member", "Ben": "admin", "Cem": "owner", "Dan": "member"}
    roles = ["member", "admin", "owner", "member"]
    await reader.wait_for("room_updated", lambda room: [each["memberRole"] for each in room["members"]] == roles)
    await set_disabled(chat, ana, disabled=False)
    await set_disabled(chat, ben, disabled=False)
    assert await group.roles(ana) == {"Ana": "member", "Ben": "admin", "Cem": "owner", "Dan": "member"}


async def test_where_everybody_else_is_disabled_whoever_comes_back_owns_the_group(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    await set_disabled(chat, ben, disabled=True)
    check_refusal((await group.put(ana, ana, "member")).envelope, "access_denied")
    await set_disabled(chat, ana, disabled=True)
    await set_disabled(chat, ben, disabled=False)
    assert await group.roles(ben) == {"Ana": "member", "Ben": "owner"}
    await set_disabled(chat, ana, disabled=False)
    assert await group.roles(ben) == {"Ana": "member", "Ben": "owner"}


async def test_an_owner_who_is_erased_is_followed_and_one_who_leaves_is_not_by_somebody_disabled(chat: Chat) -> None:
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    assert (await chat.admin("DELETE", f"/api/admin/users/{ana.id}/data")).status == 200
    assert (await group.roles(cem))["Ben"] == "owner"
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    await group.put(ana, ben, "admin")
    await set_disabled(chat, ben, disabled=True)
    await group.remove(ana, ana)
    assert await group.roles(cem) == {"Ben": "admin", "Cem": "owner"}


async def test_in_a_group_of_the_host_nobody_becomes_an_owner(chat: Chat) -> None:
    ana, ben = await people(chat, "Ana", "Ben")
    group = Group(await chat.room(ana, ben, title="Project"))
    for disabled in (True, False):
        await set_disabled(chat, ana, disabled=disabled)
        assert await group.roles(ben) == {"Ana": "member", "Ben": "member"}


async def test_a_blocked_group_can_only_be_left(chat: Chat) -> None:
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    await chat.save_room([ana, ben, cem], id=group.id, type="group", status="blocked")
    for answer in (
        await group.change(ana, title="Ours"),
        await group.remove(ana, ben),
        await group.put(ana, ben, "admin"),
    ):
        check_refusal(answer.envelope, "room_blocked")
    assert (await group.remove(ben, ben)).data is None


# --- races


async def test_of_two_owners_who_remove_one_another_one_stays(chat: Chat) -> None:
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    await group.put(ana, ben, "owner")
    answers = await asyncio.gather(group.remove(ana, ben), group.remove(ben, ana))
    assert sorted(answer.status for answer in answers) == [200, 403]
    roles = await group.roles(cem)
    assert len(roles) == 2
    assert "owner" in roles.values()


async def test_two_admins_cannot_remove_one_another(chat: Chat) -> None:
    group, [ana, ben, cem] = await group_of(chat, "Ana", "Ben", "Cem")
    await asyncio.gather(group.put(ana, ben, "admin"), group.put(ana, cem, "admin"))
    answers = await asyncio.gather(group.remove(ben, cem), group.remove(cem, ben))
    assert [answer.code for answer in answers] == ["access_denied"] * 2


async def test_a_group_has_an_owner_whoever_leaves_and_is_promoted_at_once(chat: Chat) -> None:
    for _ in range(5):
        group, [ana, ben, cem, dan] = await group_of(chat, "Ana", "Ben", "Cem", "Dan")
        await asyncio.gather(
            group.put(ana, ben, "owner"), group.remove(ana, ana), group.remove(ben, ben), group.put(ana, cem, "admin"),
            group.remove(cem, cem),
        )  # fmt: skip
        assert await group.roles(dan) == {"Dan": "owner"}
        seqs = [message["seq"] for message in await dan.history(group.id)]
        assert seqs == list(range(1, len(seqs) + 1))


async def test_everybody_who_is_let_in_at_once_is_in_and_told_of_once(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    await group.put(ana, ben, "admin")
    others = await people(chat, *(f"Person {number}" for number in range(8)))
    reader = await ben.connect(join=group.id)
    answers = await asyncio.gather(
        *(group.put(actor, other) for other in others for actor in (ana, ben)),
        *(ana.post_message(group.id, f"Number {number}") for number in range(10)),
    )
    assert len(answers) == 26
    assert len(await group.roles(ana)) == 10
    added = [event["userIds"] for event in await group.events(ana) if event["event"] == "added"]
    assert sorted(added) == sorted([other.id] for other in others)
    messages = [await reader.wait_for("new_message") for _ in range(18)]
    assert [message["seq"] for message in messages] == list(range(3, 21))
