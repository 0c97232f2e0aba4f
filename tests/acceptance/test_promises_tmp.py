import pytest
from tests.acceptance.test_promises_order import *
from tests.acceptance.people import Chat
@pytest.mark.parametrize("n", range(40))
async def test_it(chat: Chat, n: int) -> None:
    people = [await chat.person(f"Member {number}") for number in range(WRITERS)]
    room_id = await chat.room(*people)
    watchers = [
        (transport, await connect(chat, person, join=[room_id], transport=transport))
        for person in people[:WATCHERS]
        for transport in ("websocket", "polling")
    ]
    async with flooding() as flood:
        for person in people:
            flood.write(person, await connect(chat, person), room_id, limit=MESSAGES_EACH)
        await flood.wait_for_the_end()
    total = WRITERS * MESSAGES_EACH
    history = await read_history(people[0], room_id)
    for transport, watcher in watchers:
        try:
            await watcher.wait_until(lambda watcher=watcher: len(live_order(watcher)) >= total)
        except TimeoutError:
            pass
        got=live_order(watcher)
        if got != history:
            print(n, transport, watcher.connected, len(got), [s for s,_ in history if s not in {x for x,_ in got}], [a for a,b in zip(got,history) if a!=b][:3], [e.event for e in watcher.events][-3:])
    assert not chat.server.faults()
