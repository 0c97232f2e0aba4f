"""Two processes on one database: what people do in groups, or with rooms for themselves, at one holds at the other."""

import asyncio
import time
from typing import Any

from tests.acceptance.nodes import TwoNodes
from tests.acceptance.people import Person


async def make(maker: Person, *others: Person) -> str:
    body = {"type": "group", "title": "Launch", "memberIds": [person.id for person in others]}
    room_id: str = (await maker.post("/api/chat/rooms", body)).data["roomId"]
    return room_id


async def test_a_new_group_is_told_of_at_the_other_process(nodes: TwoNodes) -> None:
    ana, ben = await nodes.chat.person("Ana"), await nodes.chat.person("Ben")
    client = await nodes.connect(ben)
    room_id = await make(ana, ben)
    room = await client.wait_for("room_updated", lambda room: room["lastMessage"] is not None)
    assert (room["id"], room["lastMessage"]["content"]) == (room_id, "Ana created the group “Launch”.")
    assert (await client.join(room_id)).history[0]["metadata"]["event"] == "created"


async def test_what_happens_in_a_group_is_told_in_order_at_both_processes(nodes: TwoNodes) -> None:
    ana, ben, cem = [await nodes.chat.person(name) for name in ("Ana", "Ben", "Cem")]
    room_id = await make(ana, ben)
    here, there = await ana.connect(join=room_id), await nodes.connect(ben, join=room_id)
    second = nodes.second.url
    paths = (f"/api/chat/rooms/{room_id}", f"/api/chat/rooms/{room_id}/members")
    assert (await ana.put(f"{paths[1]}/{ben.id}", {"role": "admin"})).status == 200
    assert (await ben.request("PATCH", f"{second}{paths[0]}", json={"title": "Landing"})).data["myRole"] == "admin"
    assert (await ben.put(f"{second}{paths[1]}/{cem.id}", {})).status == 200
    for client in (here, there):
        messages = [await client.wait_for("new_message") for _ in range(3)]
        assert [message["content"] for message in messages] == [
            "Ben is an admin of the group now.", "Ben renamed the group to “Landing”.", "Ben added Cem.",
        ]  # fmt: skip
        assert [message["seq"] for message in messages] == [2, 3, 4]
        await client.wait_for("room_updated", lambda room: room["title"] == "Landing" and len(room["members"]) == 3)


async def test_whoever_is_removed_is_out_at_the_other_process_within_a_second(nodes: TwoNodes) -> None:
    ana, ben, cem = [await nodes.chat.person(name) for name in ("Ana", "Ben", "Cem")]
    room_id = await make(ana, ben, cem)
    removed, stays = await nodes.connect(cem, join=room_id), await nodes.connect(ben, join=room_id)
    started_at = time.monotonic()
    path = f"/api/chat/rooms/{room_id}/members/{cem.id}"
    assert (await ana.request("DELETE", path)).status == 200
    assert (await removed.wait_for("user_left"))["userId"] == cem.id
    assert time.monotonic() - started_at < 1
    assert (await stays.wait_for("new_message"))["content"] == "Ana removed Cem."
    await stays.send(room_id, "Without Cem")
    await stays.wait_for("new_message")
    await removed.catch_up()
    assert "Without Cem" not in [message["content"] for message in removed.received("new_message")]
    assert (await removed.call("send_message", {"chatRoomId": room_id, "content": "Here"}))["code"] == "access_denied"


async def test_owners_who_remove_one_another_at_two_processes_leave_one(nodes: TwoNodes) -> None:
    ana, ben, cem = [await nodes.chat.person(name) for name in ("Ana", "Ben", "Cem")]
    room_id = await make(ana, ben, cem)
    path = f"/api/chat/rooms/{room_id}/members"
    assert (await ana.put(f"{path}/{ben.id}", {"role": "owner"})).status == 200
    answers = await asyncio.gather(
        ana.request("DELETE", f"{path}/{ben.id}"), ben.request("DELETE", f"{nodes.second.url}{path}/{ana.id}")
    )
    assert sorted(answer.status for answer in answers) == [200, 403]
    members = (await nodes.get(cem, f"/api/chat/rooms/{room_id}"))["members"]
    assert sorted(member["memberRole"] for member in members) == ["member", "owner"]


async def test_what_somebody_makes_of_a_room_is_seen_by_their_sockets_at_the_other_process_alone(
    nodes: TwoNodes,
) -> None:
    va, company, room_id = await nodes.chat.pair()
    await nodes.post_message(company, room_id, "Hello")
    own, theirs = await nodes.connect(va, join=room_id), await nodes.connect(company, join=room_id)
    await own.ask("mark_read", {"chatRoomId": room_id, "seq": 1})
    await theirs.wait_for("message_read")
    await theirs.catch_up()
    told = len(theirs.received("room_updated"))
    for path, body, field in (
        ("archive", {"archived": True}, "archived"),
        ("unread", {"unread": True}, "markedUnread"),
        ("mute", {"until": "2999-01-01T00:00:00Z"}, "muted"),
    ):
        assert (await va.put(f"/api/chat/rooms/{room_id}/{path}", body)).status == 200
        assert (await nodes.listed(va, room_id))[field], "lists are right at once"

        def is_told(room: dict[str, Any], field: str = field) -> bool:
            return bool(room[field])

        await own.wait_for("room_updated", is_told)
    await own.ask("mark_read", {"chatRoomId": room_id, "seq": 1})
    await own.wait_for("room_updated", lambda room: not room["markedUnread"])
    assert (await va.room(room_id))["archived"] is True
    await theirs.catch_up()
    rooms = theirs.received("room_updated")[told:]
    assert not any(room["archived"] or room["markedUnread"] or room["muted"] for room in rooms)
