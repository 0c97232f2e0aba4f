"""Pictures of groups that members upload: at addresses of each member's own, for as long as it is the picture."""

import asyncio
import io
import re
import zipfile
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from PIL import Image

from tests.acceptance.bad_input import check_answer
from tests.acceptance.client import PATIENCE_SECONDS, Client
from tests.acceptance.files import (
    Uploader,
    announce,
    files_of,
    load,
    picture,
    ready_file,
    send_file,
    upload,
    wait_until_examined,
)
from tests.acceptance.groups import Group, group_of, make
from tests.acceptance.nodes import TwoNodes
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import API_KEY
from tests.acceptance.shapes import check_room
from tests.acceptance.test_erasure import erase
from tests.looking import look_until


async def ready_picture(chat: Chat, person: Person, group: Group, width: int = 60) -> str:
    """The id of a picture that can be the group's."""
    return await ready_file(chat, person, group.id, picture(width), f"{width}.jpg")


async def pictured_group(chat: Chat, *names: str) -> tuple[Group, list[Person], str]:
    """A group with a picture that its owner, the first of them, has uploaded: it, its members, and the file's id."""
    group, members = await group_of(chat, *names)
    file_id = await ready_picture(chat, members[0], group)
    assert (await group.change(members[0], avatar=file_id)).status == 200
    return group, members, file_id


async def avatar_of(reader: Person, group: Group) -> str | None:
    """The picture that a group shows to somebody."""
    room = await reader.room(group.id)
    check_room(room)
    avatar: str | None = room["otherParticipant"]["avatar"]
    return avatar


async def statuses(chat: Chat, *addresses: str | None) -> list[int]:
    """What addresses are answered with."""
    assert all(addresses)
    return [(await load(chat, address)).status_code for address in addresses if address is not None]


async def is_removed(chat: Chat, file_id: str) -> bool:
    """Whether nobody may have a file any more, and nothing is left of its name."""
    row: Any = await chat.database.fetchrow("SELECT name, removed_at FROM files WHERE id = $1", file_id)
    assert (row["name"] == "") == (row["removed_at"] is not None)
    return row["removed_at"] is not None


async def wait_for_picture(client: Client, wanted: str | None) -> str:
    """The picture of a group, once it is this one: a file, an address, or none."""

    def is_it(room: dict[str, Any]) -> bool:
        avatar = room["otherParticipant"]["avatar"]
        return avatar is None if wanted is None else wanted in (avatar or "")

    room = await client.wait_for("room_updated", is_it)
    avatar: str = room["otherParticipant"]["avatar"]
    return avatar


async def count_changes(reader: Person, group: Group) -> int:
    """How often the group has said that its picture was changed."""
    return [event["event"] for event in await group.events(reader)].count("avatar_changed")


async def test_a_group_shows_its_picture_to_each_member_by_an_address_of_their_own(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    file_id = await ready_file(chat, ana, group.id, picture(2000, 1500), "team.jpg")
    live = await ben.connect()
    changed = (await group.change(ana, avatar=file_id)).data
    check_room(changed)
    own = changed["otherParticipant"]["avatar"]
    told = await live.wait_for("room_updated", lambda room: room["otherParticipant"]["avatar"] is not None)
    theirs = told["otherParticipant"]["avatar"]
    assert own != theirs
    assert await avatar_of(ana, group) == own, "it stays the same for a while"
    assert await avatar_of(ben, group) == theirs
    [listed] = (await ben.get("/api/chat/rooms")).data
    joined = (await (await ben.connect()).join(group.id)).room
    assert [room["otherParticipant"]["avatar"] for room in (listed, joined)] == [theirs, theirs]
    for address in (own, theirs):
        response = await load(chat, address)
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "private, no-cache")
        with Image.open(io.BytesIO(response.content)) as shown:
            assert (shown.format, *shown.size) == ("WEBP", 800, 600)
        assert (await load(chat, address, If_None_Match=response.headers["ETag"])).status_code == 304
    assert ana.id not in theirs
    assert ben.id not in own
    assert (await group.events(ben))[-1]["content"] == "Ana changed the picture of the group."


async def test_a_group_that_is_found_by_a_message_has_its_picture_for_whoever_searched(chat: Chat) -> None:
    group, [ana, ben], _ = await pictured_group(chat, "Ana", "Ben")
    await ana.post_message(group.id, "Quarterly figures")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (hits := (await ben.get("/api/chat/search", q="quarterly", roomId=group.id)).data):  # noqa: ASYNC110  # nobody is told that the index has followed
            await asyncio.sleep(0.05)
    assert hits[0]["room"]["otherParticipant"]["avatar"] == await avatar_of(ben, group)


async def test_nobody_is_told_the_address_of_another_whatever_happens_in_the_group(chat: Chat) -> None:
    group, members, _ = await pictured_group(chat, "Ana", "Ben", "Cem")
    ana, ben, cem = members
    joined, elsewhere = await ben.connect(join=group.id), await cem.connect()
    await ana.post_message(group.id, "Hello")
    notification = await elsewhere.wait_for("notification")
    assert "avatar" not in repr(notification), "what a device shows has no picture"
    await group.change(ana, title="Landing")
    await group.put(ana, ben, "admin")
    await ben.put(f"/api/chat/rooms/{group.id}/archive", {"archived": True})
    await elsewhere.wait_for("room_updated", lambda room: room["title"] == "Landing")
    await ben.request("DELETE", f"/api/chat/rooms/{group.id}/members/{cem.id}")
    await joined.wait_for("room_updated", lambda room: room["title"] == "Landing" and len(room["members"]) == 2)
    for person in members:
        told = " ".join(person.answers + [repr(event) for client in person.clients for event in client.events])
        assert set(re.findall(r"/preview\?user=([^&]+)&", told)) == {person.id}
    assert not [line for line in chat.server.log if "signature=" in line]


async def test_the_address_of_one_member_is_nobody_else_s_and_leads_to_nothing_else(chat: Chat) -> None:
    group, [ana, ben], _ = await pictured_group(chat, "Ana", "Ben")
    stranger = await chat.person("Eve")
    parts = urlsplit(await avatar_of(ana, group) or "")
    query = dict(parse_qsl(parts.query))
    other = dict(parse_qsl(urlsplit(await avatar_of(ben, group) or "").query))
    wrong = [{"user": ben.id}, {"user": stranger.id}, {"signature": other["signature"]}, {"until": "9999999999"}]
    assert await statuses(chat, *(f"{parts.path}?{urlencode(query | fields)}" for fields in wrong)) == [404] * 4
    for variant in ("content", "large"):
        assert (await load(chat, f"{parts.path.replace('/preview', f'/{variant}')}?{parts.query}")).status_code == 404
    check_answer(await stranger.get(f"/api/chat/rooms/{group.id}"), "access_denied")


async def test_whoever_is_put_out_or_disabled_gets_nothing_more_by_their_address(chat: Chat) -> None:
    group, [ana, ben, cem], _ = await pictured_group(chat, "Ana", "Ben", "Cem")
    addresses = [await avatar_of(person, group) for person in (ana, ben, cem)]
    assert await statuses(chat, *addresses) == [200, 200, 200]
    await group.remove(ana, ben)
    await chat.provision(cem, disabled=True)
    assert await statuses(chat, *addresses) == [200, 404, 404]
    await group.put(ana, ben)
    assert await statuses(chat, *addresses) == [200, 200, 404]


async def test_the_same_picture_asked_for_again_changes_nothing_whoever_asks(chat: Chat) -> None:
    group, [ana, ben], file_id = await pictured_group(chat, "Ana", "Ben")
    await group.put(ana, ben, "admin")
    before = await ben.room(group.id)
    answers = await asyncio.gather(*(group.change(person, avatar=file_id) for person in (ana, ana, ben)))
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert (await group.change(ana, title="Launch")).status == 200, "what is left out stays"
    assert await ben.room(group.id) == before
    assert await count_changes(ben, group) == 1


@pytest.mark.parametrize("successor", ["file", "address", "nothing"])
async def test_what_was_replaced_or_removed_is_out_of_reach_at_once(chat: Chat, successor: str) -> None:
    group, [ana, ben], first = await pictured_group(chat, "Ana", "Ben")
    addresses = [await avatar_of(person, group) for person in (ana, ben)]
    assert await statuses(chat, *addresses) == [200, 200]
    second = await ready_picture(chat, ana, group, 80)
    wanted = {"file": second, "address": "https://cdn.example/a.png", "nothing": None}
    assert (await group.change(ana, avatar=wanted[successor])).status == 200
    assert await statuses(chat, *addresses) == [404, 404]
    assert await is_removed(chat, first)
    present = await avatar_of(ben, group)
    if successor == "file":
        assert present not in (None, *addresses)
        assert await statuses(chat, present) == [200]
    else:
        assert present == wanted[successor]
    assert await count_changes(ben, group) == 2
    check_answer(await group.change(ana, avatar=first), "conflict")
    assert await avatar_of(ben, group) == present


async def refusals(chat: Chat, group: Group, ana: Person, ben: Person) -> dict[str, list[str]]:
    """Files that cannot be the picture of Ana's group, by the code of the refusal."""
    other_room = await chat.room(ana, ben)
    broken = await upload(chat, ana, group.id, picture()[:200], "broken.jpg")
    assert (await wait_until_examined(ana, broken))["state"] == "refused"
    late = await ready_picture(chat, ana, group)
    await chat.database.execute("UPDATE files SET expires_at = now() - interval '1 s' WHERE id = $1", late)
    sent = await send_file(chat, ana, group.id, picture(), "sent.jpg")
    return {
        "file_not_ready": [(await announce(ana, group.id, 10))["fileId"]],
        "file_refused": [broken],
        "not_found": [
            await ready_picture(chat, ben, group),
            await ready_file(chat, ana, other_room, picture(), "elsewhere.jpg"),
            late,
            "0" * 32,
            "nothing",
        ],
        "conflict": [sent["attachments"][0]["id"]],
        "bad_request": [await ready_file(chat, ana, group.id, b"text", "photo.jpg"), "/api/chat/files/x", "a.b", " "],
    }


async def test_a_file_that_cannot_be_the_picture_is_refused_with_a_reason_and_nothing_changes(chat: Chat) -> None:
    group, [ana, ben], file_id = await pictured_group(chat, "Ana", "Ben")
    wrong = await refusals(chat, group, ana, ben)
    before = await ana.room(group.id), await ana.history(group.id)
    for code, values in wrong.items():
        for value in values:
            answer = await group.change(ana, avatar=value, title="Another")
            check_answer(answer, code)
            if code == "file_refused":
                assert answer.envelope["details"] == {"reason": "broken"}
    assert (await ana.room(group.id), await ana.history(group.id)) == before
    assert not await is_removed(chat, file_id)


async def test_only_owners_and_admins_choose_the_picture_and_not_of_a_blocked_group(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    stranger = await chat.person("Eve")
    theirs = await ready_picture(chat, ben, group)
    for person in (ben, stranger):
        check_answer(await group.change(person, avatar=theirs), "access_denied")
    await group.put(ana, ben, "admin")
    assert (await group.change(ben, avatar=theirs)).status == 200
    own = await ready_picture(chat, ana, group)
    await chat.save_room([ana, ben], id=group.id, type="group", status="blocked")
    check_answer(await group.change(ana, avatar=own), "room_blocked")
    assert await statuses(chat, await avatar_of(ana, group)) == [200]


async def test_a_new_group_takes_no_file(chat: Chat) -> None:
    group, [ana, _] = await group_of(chat, "Ana", "Ben")
    file_id = await ready_picture(chat, ana, group)
    body = {"type": "group", "title": "Launch", "memberIds": [], "avatar": file_id}
    check_answer(await ana.post("/api/chat/rooms", body), "bad_request")


async def test_a_picture_in_use_is_no_file_of_the_conversation_and_waits_for_nothing(chat: Chat) -> None:
    group, [ana, ben], file_id = await pictured_group(chat, "Ana", "Ben")
    body = {"content": "Look", "attachments": [file_id]}
    check_answer(await ana.post(f"/api/chat/rooms/{group.id}/messages", body), "conflict")
    assert (await Uploader(chat, ana, f"/api/chat/files/{file_id}/upload").delete()).status_code == 409
    assert await files_of(ben, group.id) == []
    row: Any = await chat.database.fetchrow("SELECT expires_at, removed_at FROM files WHERE id = $1", file_id)
    assert tuple(row) == (None, None)
    [said] = [each for each in await ana.history(group.id) if each["metadata"]["event"] == "avatar_changed"]
    assert (await ana.request("DELETE", f"/api/chat/messages/{said['id']}")).status == 200
    assert await statuses(chat, await avatar_of(ben, group)) == [200], "that it was changed needs not be said"


async def test_of_two_pictures_chosen_at_once_one_stays_and_the_other_is_removed(chat: Chat) -> None:
    group, [ana, ben] = await group_of(chat, "Ana", "Ben")
    await group.put(ana, ben, "admin")
    for round_number in range(3):
        chosen = {person: await ready_picture(chat, person, group, 50 + round_number) for person in (ana, ben)}
        answers = await asyncio.gather(*(group.change(person, avatar=file_id) for person, file_id in chosen.items()))
        assert [answer.status for answer in answers] == [200, 200]
        [kept] = [file_id for file_id in chosen.values() if not await is_removed(chat, file_id)]
        for person in (ana, ben):
            address = await avatar_of(person, group) or ""
            assert kept in address
            assert await statuses(chat, address) == [200]
    left = "SELECT count(*) FROM files WHERE room_id = $1 AND removed_at IS NULL"
    assert await chat.database.fetchval(left, group.id) == 1


async def test_what_the_host_says_of_a_picture_holds_and_nobody_s_address_is_told_to_it(chat: Chat) -> None:
    group, [ana, ben], file_id = await pictured_group(chat, "Ana", "Ben")
    address = await avatar_of(ben, group)
    admin = await chat.person("Sam", role="admin")
    await chat.save_room([ana, ben], id=group.id, type="group", title="Renamed")
    assert await statuses(chat, address) == [200], "what is left out stays"
    for answer in (
        await chat.admin("GET", f"/api/admin/rooms/{group.id}"),
        await admin.get(f"/api/admin/rooms?memberId={ana.id}"),
    ):
        rooms = answer.data if isinstance(answer.data, list) else [answer.data]
        assert [room["avatar"] for room in rooms if room["id"] == group.id] == [None]
        assert file_id not in answer.text
    live = await ben.connect()
    for avatar in ("https://cdn.example/host.png", None):
        await chat.save_room([ana, ben], id=group.id, type="group", avatar=avatar)
        assert await avatar_of(ana, group) == avatar
        await wait_for_picture(live, avatar)
        assert await statuses(chat, address) == [404]
    assert await is_removed(chat, file_id)


async def test_an_erasure_takes_the_pictures_of_a_person_along_also_of_groups_that_they_left(nodes: TwoNodes) -> None:
    chat = nodes.chat
    group, [ana, ben], file_id = await pictured_group(chat, "Ana", "Ben")
    left = await make(ana, ben, title="Left")
    left_file = await ready_picture(chat, ana, left)
    assert (await left.change(ana, avatar=left_file)).status == 200
    assert (await left.remove(ana, ana)).status == 200
    # Rooms in which nothing has happened for a while: nobody looks at them by themselves.
    await chat.database.execute("UPDATE chat_rooms SET last_message_at = last_message_at - interval '1 day'")
    clients = [await ben.connect(join=left.id), await nodes.connect(ben, join=left.id)]
    addresses = [await avatar_of(ben, each) for each in (group, left)]
    assert await statuses(chat, *addresses) == [200, 200]
    await erase(chat, ana)
    assert await statuses(chat, *addresses) == [404, 404]
    for client in clients:
        told = {"Launch", "Left"}
        while told:
            room = await client.wait_for("room_updated", lambda room: room["otherParticipant"]["avatar"] is None)
            told.discard(room["title"])
    assert [await is_removed(chat, each) for each in (file_id, left_file)] == [True, True]
    check_answer(await left.change(ben, avatar=left_file), "not_found")  # it is nobody's, and not what the group has
    assert (await left.change(ben, avatar=await ready_picture(chat, ben, left))).status == 200
    assert await statuses(chat, await avatar_of(ben, left)) == [200]


async def test_an_erasure_takes_along_what_was_being_uploaded_when_it_began(chat: Chat) -> None:
    _, [ana, _], file_id = await pictured_group(chat, "Ana", "Ben")
    await erase(chat, ana)
    # As it is when a process of the version before has erased its owner, or the request was under way.
    await chat.database.execute("UPDATE files SET removed_at = NULL, name = 'late' WHERE id = $1", file_id)
    await chat.database.execute(
        "UPDATE erasures SET requested_at = now() - interval '1 hour' WHERE user_id = $1", ana.id
    )
    await erase_again(chat, ana)
    assert await is_removed(chat, file_id)


async def erase_again(chat: Chat, person: Person) -> None:
    async def finished_at() -> object:
        return (await chat.admin("DELETE", f"/api/admin/users/{person.id}/data")).data["finishedAt"]

    await look_until(finished_at, seconds=PATIENCE_SECONDS)


async def test_a_picture_over_which_an_older_version_has_put_an_address_is_out_of_reach(chat: Chat) -> None:
    group, [ana, ben], file_id = await pictured_group(chat, "Ana", "Ben")
    address = await avatar_of(ben, group)
    await chat.database.execute(
        "WITH changed AS (UPDATE chat_rooms SET avatar_url = 'https://cdn.example/old.png' WHERE id = $1 RETURNING id)"
        " INSERT INTO node_events (kind, subject) SELECT 'room', id FROM changed",
        group.id,
    )
    assert await statuses(chat, address) == [404]
    [listed] = (await ben.get("/api/chat/rooms")).data
    assert listed["otherParticipant"]["avatar"] == "https://cdn.example/old.png"
    assert (await group.change(ana, title="Landing")).status == 200
    assert not await is_removed(chat, file_id)
    assert (await group.change(ana, avatar=None)).data["otherParticipant"]["avatar"] is None
    assert await is_removed(chat, file_id)


async def test_an_export_has_the_pictures_that_somebody_uploaded_and_not_those_of_others(chat: Chat) -> None:
    _, [ana, ben], file_id = await pictured_group(chat, "Ana", "Ben")
    assert await exported_files(chat, ana) == [f"files/{file_id}/60.jpg"]
    assert await exported_files(chat, ben) == []


async def exported_files(chat: Chat, person: Person) -> list[str]:
    response = await chat.http.get(f"/api/admin/users/{person.id}/data", headers={"X-API-Key": API_KEY})
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        return [name for name in archive.namelist() if name.startswith("files/")]


async def test_a_picture_chosen_at_one_process_is_shown_and_replaced_at_the_other(nodes: TwoNodes) -> None:
    group, [ana, ben] = await group_of(nodes.chat, "Ana", "Ben")
    first = await ready_picture(nodes.chat, ana, group)
    second = await ready_picture(nodes.chat, ana, group, 80)
    here, there = await ana.connect(), await nodes.connect(ben)
    old: list[str] = []
    for url, file_id in (("", first), (nodes.second.url, second)):
        answer = await ana.request("PATCH", f"{url}/api/chat/rooms/{group.id}", json={"avatar": file_id})
        assert answer.status == 200
        for client in (here, there):
            address = await wait_for_picture(client, file_id)
            for server in ("", nodes.second.url):
                assert await statuses(nodes.chat, f"{server}{address}") == [200]
                assert await statuses(nodes.chat, *(f"{server}{each}" for each in old)) == [404] * len(old)
        old = [address]
