"""Lists of rooms are right before this process has looked for the changes of others."""

from tests.acceptance.people import Chat


async def test_a_list_shows_what_another_process_has_just_changed_and_so_do_the_sockets(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme")
    room_id = await chat.room(va, company, title="Before")
    mine, theirs = await va.connect(join=room_id), await company.connect()
    async with chat.database.transaction():
        await chat.database.execute("UPDATE chat_rooms SET title = 'After' WHERE id = $1", room_id)
        await chat.database.execute("INSERT INTO node_events (kind, subject) VALUES ('room', $1)", room_id)
    [room] = (await va.get("/api/chat/rooms")).data
    assert room["title"] == "After"
    for client in (mine, theirs):
        await client.wait_for("room_updated", lambda room: room["title"] == "After")


async def test_a_list_leaves_out_a_room_that_another_process_has_put_somebody_out_of(chat: Chat) -> None:
    ana, bea, cem = [await chat.person(name) for name in ("Ana", "Bea", "Cem")]
    room_id = await chat.room(ana, bea, cem)
    mine, theirs = await ana.connect(join=room_id), await bea.connect(join=room_id)
    await chat.database.execute("DELETE FROM chat_members WHERE room_id = $1 AND user_id = $2", room_id, ana.id)
    assert (await ana.get("/api/chat/rooms")).data == []
    [room] = (await bea.get("/api/chat/rooms")).data
    assert sorted(member["id"] for member in room["members"]) == sorted([bea.id, cem.id])
    assert (await mine.wait_for("user_left"))["userId"] == ana.id
    assert (await theirs.wait_for("user_left"))["userId"] == ana.id
