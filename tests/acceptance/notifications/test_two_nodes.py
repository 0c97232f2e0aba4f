"""A push worker at one process, and a person who looks at the conversation at another."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hyred_chat.broker.embedded import ValkeyServer
from tests.acceptance.conftest import StartChat
from tests.acceptance.nodes import BROKER_SETTINGS, TwoNodes, two_nodes
from tests.acceptance.notifications.conftest import NewPhone
from tests.acceptance.notifications.phones import Providers, wait_for_state
from tests.acceptance.test_presence import wait_for_presence


@pytest.fixture
async def pushing_nodes(start_chat: StartChat, providers: Providers, valkey: ValkeyServer) -> AsyncIterator[TwoNodes]:
    """Two processes on one database, the first of which pushes."""
    broker = {"HYRED_REDIS_URL": valkey.url, "HYRED_REDIS_PREFIX": "two-pushing-nodes"}
    settings = BROKER_SETTINGS | broker | providers.settings | {"HYRED_PUSH_GRACE_SECONDS": "2"}
    async with start_chat(**settings) as chat, two_nodes(chat, **settings, HYRED_PUSH_WORKER="false") as nodes:
        yield nodes


async def test_nobody_is_pushed_about_the_room_that_they_look_at_at_the_other_process(
    pushing_nodes: TwoNodes, new_phone: NewPhone
) -> None:
    va, company, room_id = await pushing_nodes.chat.pair()
    phone, watching = new_phone(), await va.connect()
    await phone.sign_in(company)
    desk = await pushing_nodes.connect(company, join=room_id)
    await wait_for_presence(watching, company, online=True)
    await desk.ask("set_visibility", {"isVisible": True})
    await va.post_message(room_id, "Seen")
    looked = asyncio.create_task(wait_for_state(pushing_nodes.chat, company, "cancelled", "looking"))
    while not looked.done():  # the page shows life until the look, a second later
        await desk.ask("mark_delivered", {"chatRoomId": room_id, "seq": 1})
        await asyncio.wait([looked], timeout=0.1)
    await looked
    assert phone.pushes == []
    await desk.ask("set_visibility", {"isVisible": False})
    await va.post_message(room_id, "Not seen")
    assert (await phone.wait_for()).data["seq"] == "2"
