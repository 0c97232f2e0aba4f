"""Two processes on one database, without a broker: what the host changes at one holds at the other, too."""

import asyncio

import pytest

from tests.acceptance.client import PATIENCE_SECONDS, ConnectError
from tests.acceptance.nodes import TwoNodes


async def test_who_is_disabled_at_one_process_is_out_at_the_other(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    client, other = await nodes.connect(va, join=room_id), await nodes.connect(company, join=room_id)
    assert (await va.get(f"{nodes.second.url}/api/users/me")).status == 200
    await nodes.chat.provision(va, disabled=True)
    await client.wait_until_disconnected()
    assert client.received("error")[-1]["code"] == "user_not_found"
    assert (await va.get(f"{nodes.second.url}/api/users/me")).status == 403
    with pytest.raises(ConnectError):
        await nodes.connect(va)
    await other.catch_up()
    assert other.connected


async def test_a_changed_address_ends_what_was_signed_in_by_the_old_one_at_the_other_process(nodes: TwoNodes) -> None:
    va = await nodes.chat.person("Ana")
    client = await nodes.connect(va)
    await nodes.chat.provision(va, email=f"new-{va.email}")
    await client.wait_until_disconnected()
    va.token = f"dev-token-new-{va.email}"
    assert (await va.get(f"{nodes.second.url}/api/users/me")).data["id"] == va.id


async def test_a_new_name_arrives_at_the_other_process(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    reader, own = await nodes.connect(company, join=room_id), await nodes.connect(va, join=room_id)
    await nodes.chat.provision(va, name="Ana Maria")
    await reader.wait_for("room_updated", lambda room: room["otherParticipant"]["name"] == "Ana Maria")
    # The process may have read the room, for another reason, a moment before it hears of the change.
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await own.send(room_id, "Hello"))["sender"]["name"] != "Ana Maria":
            pass
    await reader.wait_for("new_message", lambda message: message["sender"]["name"] == "Ana Maria")


async def test_a_removed_member_is_out_at_the_other_process_and_the_others_see_it(nodes: TwoNodes) -> None:
    ana, bea, cem = [await nodes.chat.person(name) for name in ("Ana", "Bea", "Cem")]
    room_id = await nodes.chat.room(ana, bea, cem)
    removed, stays = await nodes.connect(ana, join=room_id), await nodes.connect(bea, join=room_id)
    await nodes.chat.save_room([bea, cem], id=room_id, type="group")
    assert (await removed.wait_for("user_left"))["userId"] == ana.id
    left = sorted([bea.id, cem.id])
    await stays.wait_for("room_updated", lambda room: sorted(each["id"] for each in room["members"]) == left)
    await stays.send(room_id, "Without Ana")
    await stays.wait_for("new_message")
    await removed.catch_up()
    assert removed.received("new_message") == []
    assert (await removed.call("join_chat", {"chatRoomId": room_id}))["success"] is False


async def test_a_new_member_may_join_at_the_other_process_at_once_and_is_told_of_the_room(nodes: TwoNodes) -> None:
    ana, bea, cem = [await nodes.chat.person(name) for name in ("Ana", "Bea", "Cem")]
    room_id = await nodes.chat.room(ana, bea)
    await nodes.connect(ana, join=room_id)
    newcomer = await nodes.connect(cem)
    await nodes.chat.save_room([ana, bea, cem], id=room_id, type="group")
    await newcomer.join(room_id)
    assert (await nodes.listed(cem, room_id))["id"] == room_id
    assert (await newcomer.wait_for("room_updated"))["id"] == room_id


async def test_a_new_title_is_in_the_other_process_s_lists_at_once_and_arrives_at_its_sockets(nodes: TwoNodes) -> None:
    ana, bea = await nodes.chat.person("Ana"), await nodes.chat.person("Bea")
    room_id = await nodes.chat.room(ana, bea, title="Before")
    client = await nodes.connect(ana, join=room_id)
    other = await nodes.connect(bea)
    await nodes.chat.save_room([ana, bea], id=room_id, type="group", title="After")
    assert (await nodes.listed(ana, room_id))["title"] == "After"
    for each in (client, other):
        await each.wait_for("room_updated", lambda room: room["title"] == "After")


async def test_people_who_are_kept_apart_do_not_see_one_another_at_the_other_process(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    reader, _ = await nodes.connect(va, join=room_id), await nodes.connect(company, join=room_id)
    await reader.wait_for("presence_changed", lambda change: change["userId"] == company.id and change["online"])
    await nodes.chat.save_room([va, company], id=room_id, type="direct", status="blocked")
    await reader.wait_for("presence_changed", lambda change: change["userId"] == company.id and not change["online"])
    answer = await reader.call("send_message", {"chatRoomId": room_id, "content": "Hello?"})
    assert answer["code"] == "room_blocked"
    await nodes.chat.save_room([va, company], id=room_id, type="direct", status="active")
    await reader.wait_for("presence_changed", lambda change: change["userId"] == company.id and change["online"])


async def test_many_changes_at_once_all_arrive(nodes: TwoNodes) -> None:
    ana = await nodes.chat.person("Ana")
    others = [await nodes.chat.person(f"Person {number}") for number in range(12)]
    rooms = [await nodes.chat.room(ana, other) for other in others]
    client = await nodes.connect(ana)
    await nodes.get(ana, "/api/chat/rooms")
    await asyncio.gather(*(nodes.chat.provision(other, name=f"New {other.id}") for other in others))
    await asyncio.gather(
        *(
            nodes.chat.save_room([ana, other], id=room_id, type="group", title=f"With {other.id}")
            for room_id, other in zip(rooms, others, strict=True)
        )
    )
    wanted = {room_id: (f"With {other.id}", f"New {other.id}") for room_id, other in zip(rooms, others, strict=True)}

    def seen() -> dict[str, tuple[str, str]]:
        return {
            room["id"]: (room["title"], next(each["name"] for each in room["members"] if each["id"] != ana.id))
            for room in client.received("room_updated")
        }

    await client.wait_until(lambda: seen() == wanted)


async def test_a_block_between_people_holds_at_the_other_process_and_both_are_told_there(nodes: TwoNodes) -> None:
    va, company, room_id = await nodes.chat.pair()
    mine, theirs = await nodes.connect(va), await nodes.connect(company, join=room_id)
    path = f"/api/users/{company.id}/block"
    assert (await va.put(path, {"blocked": True})).status == 200
    await mine.wait_for("room_updated", lambda room: (room["status"], room["blockedBy"]) == ("blocked", "me"))
    await theirs.wait_for("room_updated", lambda room: (room["status"], room["blockedBy"]) == ("blocked", None))
    answer = await theirs.call("send_message", {"chatRoomId": room_id, "content": "Hello?"})
    assert answer["code"] == "room_blocked"
    assert (await va.put(path, {"blocked": False})).status == 200
    for client in (mine, theirs):
        await client.wait_for("room_updated", lambda room: (room["status"], room["blockedBy"]) == ("active", None))
    await theirs.send(room_id, "Hello again")
