"""Changing messages: editing, deleting, reacting, pinning, answering; and what everybody sees of it."""

import asyncio
import secrets
from typing import Any

import pytest

from tests.acceptance.client import PATIENCE_SECONDS
from tests.acceptance.people import Chat, Person
from tests.acceptance.shapes import check_message, seqs
from tests.looking import look_until

DELETED = "This message was deleted."


async def test_an_edit_is_seen_by_everybody_and_everywhere(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    elsewhere = await company.connect()
    message = await mine.send(room_id, "Helo", metadata={"a": 1})
    edited = await mine.ask("edit_message", {"messageId": message["id"], "content": "Hello"})
    check_message(edited)
    assert (edited["content"], edited["change"], edited["seq"]) == ("Hello", 1, 1)
    assert edited["editedAt"] >= edited["createdAt"]
    assert edited == message | {"content": "Hello", "change": 1, "editedAt": edited["editedAt"]}
    for client, is_own in ((mine, True), (theirs, False)):
        event = await client.wait_for("message_changed")
        assert event.keys() == {"chatRoomId", "change", "message"}
        assert (event["chatRoomId"], event["change"]) == (room_id, 1)
        assert event["message"] | {"status": ""} == edited | {"isOwn": is_own, "status": ""}
    room = await elsewhere.wait_for("room_updated", lambda room: room["lastChange"] == 1)
    assert (room["lastMessage"]["content"], room["lastSeq"], room["unreadCount"]) == ("Hello", 1, 1)
    assert [each["content"] for each in await company.history(room_id)] == ["Hello"]
    versions = (await company.get(f"/api/chat/messages/{message['id']}/versions")).data
    assert versions == [{"content": "Helo", "createdAt": message["createdAt"]}]


async def test_the_same_edit_again_changes_nothing(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    message = await client.send(room_id, "One")
    first = await client.ask("edit_message", {"messageId": message["id"], "content": "Two"})
    again = await client.ask("edit_message", {"messageId": message["id"], "content": "Two", "ifChange": 0})
    assert again == first
    assert (await va.room(room_id))["lastChange"] == 1
    refused = await client.call("edit_message", {"messageId": message["id"], "content": "Three", "ifChange": 0})
    assert refused["code"] == "conflict"
    assert refused["details"]["message"] == first
    third = await client.ask("edit_message", {"messageId": message["id"], "content": "Three", "ifChange": 1})
    assert third["change"] == 2


async def test_what_a_message_said_before_has_a_bound(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    message = {"messageId": (await client.send(room_id, "Short"))["id"]}
    await client.ask("edit_message", {**message, "content": "Still short"})
    await chat.database.execute(
        "INSERT INTO message_versions (room_id, seq, change, content, created_at)"
        " SELECT $1, 1, -n, repeat('x', 1000), now() FROM generate_series(1, 242) n",
        room_id,
    )
    await client.ask("edit_message", {**message, "content": "y" * 1000})
    refused = await client.call("edit_message", {**message, "content": "z"})
    assert (refused["code"], refused["details"]) == ("limit_reached", {"limit": 262_144})
    versions = await company.get(f"/api/chat/messages/{message['messageId']}/versions")
    assert len(versions.data) == 244
    assert len(versions.text.encode()) <= 262_144
    await client.ask("react", {**message, "emoji": "👍", "on": True})
    await client.ask("delete_message", message)
    kept = "SELECT json_array_length(versions) FROM deleted_messages WHERE room_id = $1"
    assert await chat.database.fetchval(kept, room_id) == 244


async def test_an_edit_right_behind_its_send_finds_it(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client, other = await va.connect(join=room_id), await company.connect(join=room_id)
    for number in range(30):
        await client.emit("send_message", {"chatRoomId": room_id, "content": "Draft", "clientMessageId": f"c{number}"})
        await client.emit("edit_message", {"clientMessageId": f"c{number}", "content": f"Final {number}"})
    await other.wait_until(lambda: len(other.received("message_changed")) == 30)
    assert [each["change"] for each in other.received("message_changed")] == list(range(1, 31))
    assert [each["content"] for each in await company.history(room_id)] == [f"Final {n}" for n in range(30)]
    assert not client.received("error")
    # A late repeat of a send is still one, and gets what the message is by now.
    again = await client.send(room_id, "Draft", clientMessageId="c7")
    assert (again["content"], again["seq"]) == ("Final 7", 8)
    refused = await client.call("send_message", {"chatRoomId": room_id, "content": "Another", "clientMessageId": "c7"})
    assert refused["code"] == "conflict"


async def test_a_deleted_message_is_nowhere(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    marker, edited = f"marker{secrets.token_hex(8)}", f"edited{secrets.token_hex(8)}"
    message = await mine.send(room_id, marker, metadata={"marker": marker}, clientMessageId="first")
    answer = await theirs.send(room_id, "Yes", replyTo=message["id"])
    await theirs.ask("react", {"messageId": message["id"], "emoji": "👍", "on": True})
    await mine.ask("edit_message", {"messageId": message["id"], "content": f"{marker} {edited}"})
    await mine.ask("pin_message", {"messageId": message["id"], "on": True})

    async def can_be_found() -> bool:
        return "message_terms" in await chat.tables_with(edited)

    await look_until(can_be_found, seconds=PATIENCE_SECONDS)
    assert await chat.tables_with(marker) >= {"messages", "message_versions", "message_terms"}
    deleted = await mine.ask("delete_message", {"messageId": message["id"]})
    check_message(deleted)
    assert (deleted["content"], deleted["type"], deleted["metadata"]) == (DELETED, "text", None)
    assert (deleted["deletedBy"], deleted["reactions"], deleted["pinnedAt"]) == (va.id, [], None)
    assert deleted["deletedAt"] is not None
    assert await mine.ask("delete_message", {"messageId": message["id"]}) == deleted
    history = await company.history(room_id)
    assert [each["content"] for each in history] == [DELETED, "Yes"]
    quote = history[1]["replyTo"]
    assert (quote["id"], quote["content"], quote["deletedAt"]) == (message["id"], DELETED, deleted["deletedAt"])
    assert (await company.get(f"/api/chat/messages/{message['id']}/versions")).data == []
    room = await company.room(room_id)
    assert (room["lastSeq"], room["lastChange"], room["pinned"]) == (2, 4, [])
    assert answer["replyTo"]["content"] == marker
    assert await chat.tables_with(marker) == {"deleted_messages"}
    kept = await chat.database.fetchrow("SELECT * FROM deleted_messages WHERE message_id = $1", message["id"])
    assert kept is not None
    assert (kept["content"], kept["deleted_by"]) == (f"{marker} {edited}", va.id)
    assert marker in kept["versions"]
    assert marker not in "\n".join(chat.server.log)
    # Its send, tried again, is a repeat of what is deleted; changing or answering it is refused.
    assert (await mine.send(room_id, marker, clientMessageId="first"))["content"] == DELETED
    refused: dict[str, dict[str, Any]] = {
        "edit_message": {"content": "Back"},
        "react": {"emoji": "👍", "on": True},
        "pin_message": {"on": True},
    }
    for event, fields in refused.items():
        assert (await mine.call(event, {"messageId": message["id"], **fields}))["code"] == "message_deleted"
    reply = {"chatRoomId": room_id, "content": "Late", "replyTo": message["id"]}
    assert (await mine.call("send_message", reply))["code"] == "message_deleted"


async def test_deleted_messages_do_not_count_as_unread(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    watching = await company.connect()
    messages = [await va.post_message(room_id, f"Number {number}") for number in range(5)]
    for message in (messages[1], messages[3]):
        assert (await va.request("DELETE", f"/api/chat/messages/{message['id']}")).status == 200
    room = await watching.wait_for("room_updated", lambda room: room["lastChange"] == 2)
    assert room["unreadCount"] == 3
    assert (await company.get("/api/chat/unread-count")).data["rooms"] == {room_id: 3}
    await watching.ask("mark_read", {"chatRoomId": room_id, "seq": 2})
    assert (await company.room(room_id))["unreadCount"] == 2
    assert (await company.get("/api/chat/unread-count")).data["rooms"] == {room_id: 2}
    await watching.ask("mark_read", {"chatRoomId": room_id, "seq": 3})
    for message in messages[4:]:
        await va.request("DELETE", f"/api/chat/messages/{message['id']}")
    assert (await company.room(room_id))["unreadCount"] == 0
    assert (await company.get("/api/chat/unread-count")).data["rooms"] == {}


async def test_reactions_are_set_and_taken_back(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    message = await mine.send(room_id, "Good news")
    await mine.ask("react", {"messageId": message["id"], "emoji": "❤️", "on": True})
    both = await theirs.ask("react", {"messageId": message["id"], "emoji": "❤", "on": True})
    heart = {"emoji": "❤️", "count": 2, "userIds": [va.id, company.id], "isOwn": True}
    assert both["reactions"] == [heart]
    for emoji in ("👍🏽", "🇲🇽"):
        both = (await company.put(f"/api/chat/messages/{message['id']}/reactions/{emoji}")).data
    assert [each["emoji"] for each in both["reactions"]] == ["❤️", "👍🏽", "🇲🇽"]
    refused = await theirs.call("react", {"messageId": message["id"], "emoji": "🎉", "on": True})
    assert (refused["code"], refused["details"]) == ("limit_reached", {"limit": 3})
    event = await mine.wait_for("message_changed", lambda event: event["change"] == 4)
    assert [each["isOwn"] for each in event["message"]["reactions"]] == [True, False, False]
    assert event["message"]["isOwn"] is True
    await theirs.ask("react", {"messageId": message["id"], "emoji": "❤", "on": False})
    left = (await company.request("DELETE", f"/api/chat/messages/{message['id']}/reactions/👍🏽")).data
    assert left["reactions"] == [
        {"emoji": "❤️", "count": 1, "userIds": [va.id], "isOwn": False},
        {"emoji": "🇲🇽", "count": 1, "userIds": [company.id], "isOwn": True},
    ]
    again = await theirs.ask("react", {"messageId": message["id"], "emoji": "❤", "on": False})
    assert again == left
    assert (await company.history(room_id))[0]["reactions"] == left["reactions"]


async def test_fifty_people_set_and_unset_one_reaction(chat: Chat) -> None:
    people = [await chat.person(f"Person {number}") for number in range(50)]
    room_id = await chat.room(*people)
    clients = [await person.connect(join=room_id) for person in people]
    message = await clients[0].send(room_id, "Vote")

    async def vote(place: int) -> None:
        for turn in range(6):
            on = (place + turn) % 2 == 0
            await clients[place].ask("react", {"messageId": message["id"], "emoji": "👍", "on": on})

    await asyncio.gather(*(vote(place) for place in range(50)))
    expected = {people[place].id for place in range(50) if (place + 5) % 2 == 0}
    state = (await people[0].history(room_id))[0]
    assert state["reactions"][0]["count"] == len(expected) == 25
    rows = await chat.database.fetch("SELECT user_id FROM message_reactions WHERE room_id = $1", room_id)
    assert {row["user_id"] for row in rows} == expected
    assert state["change"] == (await people[0].room(room_id))["lastChange"]
    for person, client in zip(people, clients, strict=True):
        event = await client.wait_for("message_changed", lambda event: event["change"] == state["change"])
        changes = [each["change"] for each in client.received("message_changed")]
        assert changes == list(range(1, state["change"] + 1))
        assert event["message"]["reactions"][0]["isOwn"] is (person.id in expected)
        assert (await person.history(room_id))[0]["reactions"][0]["isOwn"] is (person.id in expected)


async def test_pins(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    messages = [await client.send(room_id, f"Number {number}") for number in range(3)]
    await client.ask("pin_message", {"messageId": messages[2]["id"], "on": True})
    pinned = (await company.put(f"/api/chat/rooms/{room_id}/pins/{messages[0]['id']}")).data
    assert pinned["pinnedAt"] is not None
    assert (await va.room(room_id))["pinned"] == [3, 1]
    assert (await company.put(f"/api/chat/rooms/{room_id}/pins/{messages[0]['id']}")).data == pinned
    assert (await company.put(f"/api/chat/rooms/{UNKNOWN}/pins/{messages[0]['id']}")).code == "not_found"
    await va.request("DELETE", f"/api/chat/rooms/{room_id}/pins/{messages[2]['id']}")
    assert (await va.room(room_id))["pinned"] == [1]
    assert (await va.room(room_id))["lastChange"] == 3


UNKNOWN = "0" * 32


async def test_only_admins_of_a_group_pin(chat: Chat) -> None:
    people = [await chat.person(name) for name in ("Ana", "Bob", "Cem")]
    room_id = await chat.room(*people)
    message = await people[0].post_message(room_id, "Rules")
    await chat.database.execute(
        "UPDATE chat_members SET role = 'admin' WHERE room_id = $1 AND user_id = $2", room_id, people[1].id
    )
    assert (await people[0].put(f"/api/chat/rooms/{room_id}/pins/{message['id']}")).code == "access_denied"
    assert (await people[1].put(f"/api/chat/rooms/{room_id}/pins/{message['id']}")).status == 200
    assert (await people[2].request("DELETE", f"/api/chat/messages/{message['id']}")).code == "access_denied"
    deleted = (await people[1].request("DELETE", f"/api/chat/messages/{message['id']}")).data
    assert deleted["deletedBy"] == people[1].id


async def test_a_quote_is_cut_between_what_people_see_as_characters(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await company.connect(join=room_id)
    message = await va.post_message(room_id, "x" * 198 + "👨\u200d👩\u200d👧 and more")
    answer = await company.post_message(room_id, "Yes", replyTo=message["id"])
    heard = await client.wait_for("new_message", lambda each: each["id"] == answer["id"])
    [_, listed] = await va.history(room_id)
    for told in (answer, heard, listed):
        assert told["replyTo"]["content"] == "x" * 198
    edited = {"content": "x" * 199 + "👍🏽 and more"}
    assert (await va.request("PATCH", f"/api/chat/messages/{message['id']}", json=edited)).status == 200
    [_, listed] = await va.history(room_id)
    assert listed["replyTo"]["content"] == "x" * 199


async def test_an_answer_quotes_what_is_there_now(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    mine, theirs = await va.connect(join=room_id), await company.connect(join=room_id)
    message = await mine.send(room_id, "x" * 300)
    answer = await theirs.send(room_id, "Yes", replyTo=message["id"], clientMessageId="r", mentions=[va.id, "nobody"])
    check_message(answer)
    assert answer["replyTo"] == {
        "id": message["id"],
        "seq": 1,
        "senderId": va.id,
        "senderName": "Ana",
        "content": "x" * 200,
        "type": "text",
        "deletedAt": None,
        "attachments": 0,
        "attachmentKind": None,
        "hasCaption": True,
    }
    assert answer["mentions"] == [va.id]
    heard = await mine.wait_for("new_message", lambda each: each["id"] == answer["id"])
    assert heard["replyTo"] == answer["replyTo"]
    await mine.ask("edit_message", {"messageId": message["id"], "content": "Short"})
    assert (await company.history(room_id))[1]["replyTo"]["content"] == "Short"
    # A repeat is one if it answers the same.
    again = await theirs.send(room_id, "Yes", replyTo=message["id"], clientMessageId="r")
    assert (again["id"], again["replyTo"]["content"]) == (answer["id"], "Short")
    for reply_to in (None, answer["id"]):
        payload = {"chatRoomId": room_id, "content": "Yes", "clientMessageId": "r", "replyTo": reply_to}
        assert (await theirs.call("send_message", payload))["code"] == "conflict"
    other_room = await chat.room(va, company)
    payload = {"chatRoomId": other_room, "content": "Hm", "replyTo": message["id"]}
    assert (await theirs.call("send_message", payload))["code"] == "not_found"


async def test_who_may_change_what(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    stranger, admin = await chat.person("Eve"), await chat.person("Root", role="admin")
    message = await va.post_message(room_id, "Mine")
    path = f"/api/chat/messages/{message['id']}"
    assert (await company.request("PATCH", path, json={"content": "Yours"})).code == "access_denied"
    assert (await company.request("DELETE", path)).code == "access_denied"
    for person in (stranger, admin):
        assert (await person.request("PATCH", path, json={"content": "Yours"})).code == "not_found"
        assert (await person.put(f"{path}/reactions/👍")).code == "not_found"
        assert (await person.put(f"/api/chat/rooms/{room_id}/pins/{message['id']}")).code == "not_found"
        assert (await person.get(f"{path}/versions")).code == "not_found"
    assert (await stranger.request("DELETE", path)).code == "not_found"
    assert (await admin.request("DELETE", path)).data["deletedBy"] == admin.id


async def test_what_is_too_late_or_closed(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await va.post_message(room_id, "Old")
    path = f"/api/chat/messages/{message['id']}"
    await chat.database.execute(
        "UPDATE messages SET created_at = created_at - interval '25 hours' WHERE id = $1", message["id"]
    )
    late = await va.request("PATCH", path, json={"content": "New"})
    assert (late.status, late.code) == (409, "too_late")
    assert (await va.request("PATCH", path, json={"content": "Old"})).data["change"] == 0
    assert (await va.request("DELETE", path)).code == "too_late"
    await chat.database.execute("UPDATE messages SET created_at = now() WHERE id = $1", message["id"])
    await chat.database.execute("UPDATE chat_rooms SET status = 'blocked' WHERE id = $1", room_id)
    assert (await va.request("PATCH", path, json={"content": "New"})).code == "room_blocked"
    assert (await company.put(f"{path}/reactions/👍")).code == "room_blocked"
    assert (await company.put(f"/api/chat/rooms/{room_id}/pins/{message['id']}")).code == "room_blocked"
    assert (await va.request("DELETE", path)).status == 200


NO_EMOJI = ["", "a", "👍👍", "❤️\u200d", ":+1:", "🏽", "e" + "\u0301" * 5_000, 1, None, ["👍"]]


@pytest.mark.parametrize("emoji", NO_EMOJI)
async def test_what_is_no_emoji_is_refused(chat: Chat, emoji: Any) -> None:
    va, _, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    message = await client.send(room_id, "Hello")
    envelope = await client.call("react", {"messageId": message["id"], "emoji": emoji, "on": True})
    assert envelope["code"] == "bad_request"


async def test_sync_brings_what_has_changed_as_it_is_now(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    client = await va.connect(join=room_id)
    messages = [await client.send(room_id, f"Number {number}") for number in range(4)]
    for number in range(5):
        await client.ask("edit_message", {"messageId": messages[0]["id"], "content": f"Edit {number}"})
    await client.ask("delete_message", {"messageId": messages[1]["id"]})
    await client.ask("react", {"messageId": messages[3]["id"], "emoji": "👍", "on": True})
    answer = (await company.post("/api/chat/sync", {"rooms": {room_id: {"seq": 2, "change": 1}}})).data
    [room] = answer["rooms"]
    assert answer["more"] is False
    assert [(each["seq"], each["change"]) for each in room["messages"]] == [(3, 0), (4, 7)]
    assert [(each["seq"], each["change"], each["content"]) for each in room["changed"]] == [
        (1, 5, "Edit 4"),
        (2, 6, DELETED),
    ]
    assert (room["lastSeq"], room["lastChange"], room["reload"]) == (4, 7, False)
    for message in room["changed"]:
        check_message(message)
    plain = (await company.post("/api/chat/sync", {"rooms": {room_id: 2}})).data["rooms"][0]
    assert plain.keys() == {"roomId", "messages", "lastSeq", "cursors", "reload"}
    beyond = (await company.post("/api/chat/sync", {"rooms": {room_id: {"seq": 4, "change": 8}}})).data["rooms"][0]
    assert beyond["reload"] is True


async def test_joining_brings_what_has_changed_between_history_and_acknowledgement(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    messages = [await va.post_message(room_id, f"Number {number}") for number in range(3)]
    await va.request("PATCH", f"/api/chat/messages/{messages[0]['id']}", json={"content": "Edited"})
    await va.request("DELETE", f"/api/chat/messages/{messages[2]['id']}")
    client = await company.connect()
    joined = await client.join(room_id, afterSeq=2, afterChange=0)
    assert [each["content"] for each in joined.history] == [DELETED]
    changed = client.received("message_changed")
    assert [(each["change"], each["message"]["content"]) for each in changed] == [(1, "Edited")]
    assert (joined.reload, joined.room["lastChange"]) == (False, 2)
    assert [each.event for each in client.events].index("chat_history") < [each.event for each in client.events].index(
        "message_changed"
    )
    again = await company.connect()
    assert (await again.join(room_id, afterSeq=3, afterChange=2)).reload is False
    assert again.received("message_changed") == []
    beyond = await (await company.connect()).join(room_id, afterSeq=3, afterChange=3)
    assert (beyond.reload, len(beyond.history)) == (True, 3)


async def room_with_changes(chat: Chat, count: int) -> tuple[Person, str]:
    """A member of a room in which each of this many messages was changed once, the newest first, before all joined."""
    va, _, room_id = await chat.filled_pair(count)
    async with chat.database.transaction():
        await chat.database.execute(
            "UPDATE messages SET change = $2::int + 1 - seq, edited_at = now() WHERE room_id = $1", room_id, count
        )
        await chat.database.execute("UPDATE chat_rooms SET last_change = $2 WHERE id = $1", room_id, count)
    return va, room_id


@pytest.mark.parametrize(("after_change", "reload"), [(0, True), (1, False)])
async def test_who_joins_is_told_of_five_hundred_changes_and_reloads_after_more(
    chat: Chat, after_change: int, reload: bool
) -> None:
    va, room_id = await room_with_changes(chat, 501)
    client = await va.connect()
    joined = await client.join(room_id, afterSeq=501, afterChange=after_change)
    await client.catch_up()
    assert (joined.reload, joined.room["lastChange"]) == (reload, 501)
    assert seqs(joined.history) == (list(range(452, 502)) if reload else [])
    told = [(each["change"], each["message"]["seq"]) for each in client.received("message_changed")]
    assert told == ([] if reload else [(change, 502 - change) for change in range(2, 502)])


async def test_sync_goes_on_until_it_has_brought_every_change_once(chat: Chat) -> None:
    va, room_id = await room_with_changes(chat, 1_203)
    pages: list[list[int]] = []
    change, more = 0, True
    while more:
        answer = (await va.post("/api/chat/sync", {"rooms": {room_id: {"seq": 1_203, "change": change}}})).data
        [room] = answer["rooms"]
        assert (room["messages"], room["lastChange"], room["reload"]) == ([], 1_203, False)
        assert [each["seq"] for each in room["changed"]] == [1_204 - each["change"] for each in room["changed"]]
        pages.append([each["change"] for each in room["changed"]])
        assert pages[-1], "it gets further each time"
        change, more = pages[-1][-1], answer["more"]
    assert [len(page) for page in pages] == [500, 500, 203]
    assert [each for page in pages for each in page] == list(range(1, 1_204))


async def test_a_page_around_a_message(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    for number in range(20):
        await va.post_message(room_id, f"Number {number}")
    assert [each["seq"] for each in await va.history(room_id, around=10, limit=6)] == [7, 8, 9, 10, 11, 12]
    assert [each["seq"] for each in await va.history(room_id, around=1, limit=3)] == [1, 2, 3]
    assert [each["seq"] for each in await va.history(room_id, around=999, limit=3)] == [18, 19, 20]
    answer = await va.get(f"/api/chat/rooms/{room_id}/messages", around=10, limit=6)
    assert answer.next_cursor == "7"
    assert (await va.get(f"/api/chat/rooms/{room_id}/messages", around=10, after=3)).code == "bad_request"
