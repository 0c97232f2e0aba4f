"""Who looks at a room, and whose connection has died while nobody knows it yet."""

from collections.abc import AsyncIterator

import pytest

from tests.acceptance.conftest import StartChat
from tests.acceptance.notifications.conftest import NewPhone
from tests.acceptance.notifications.phones import Providers, wait_for_state
from tests.acceptance.people import Chat, Person
from tests.faulty_proxy import tunnel


@pytest.fixture
async def tunnel_chat(start_chat: StartChat, providers: Providers) -> AsyncIterator[Chat]:
    """Dead connections are found within three seconds."""
    pings = {"HYRED_PING_INTERVAL_SECONDS": "2", "HYRED_PING_TIMEOUT_SECONDS": "1"}
    async with start_chat(**providers.settings, **pings, HYRED_PUSH_GRACE_SECONDS="1") as chat:
        yield chat


async def events_of(chat: Chat, person: Person) -> list[str]:
    rows = await chat.database.fetch(
        "SELECT event.state FROM notification_events event JOIN notifications n ON n.id = event.notification_id"
        " WHERE n.user_id = $1 ORDER BY event.at",
        person.id,
    )
    return [row["state"] for row in rows]


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_what_comes_before_a_dead_connection_is_found_is_pushed(
    tunnel_chat: Chat, new_phone: NewPhone, transport: str
) -> None:
    va, company, room_id = await tunnel_chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    async with tunnel(tunnel_chat.server.url) as way:
        desk = await company.connect(url=way.url, join=room_id, transports=[transport])
        await desk.ask("set_visibility", {"isVisible": True})
        way.silence()
        await va.post_message(room_id, "Hello")
        assert (await phone.wait_for()).body == "Hello"
        await wait_for_state(tunnel_chat, company, "sent")
        assert [entry["body"] for entry in (await company.get("/api/notifications")).data] == ["Hello"]


async def test_a_page_that_only_answers_pings_is_looked_at(tunnel_chat: Chat, new_phone: NewPhone) -> None:
    va, company, room_id = await tunnel_chat.pair()
    phone, desk = new_phone(), await company.connect(join=room_id)
    await phone.sign_in(company)
    await desk.ask("set_visibility", {"isVisible": True})
    await va.post_message(room_id, "Hello")
    await wait_for_state(tunnel_chat, company, "cancelled", "looking")
    assert phone.pushes == []
    assert await events_of(tunnel_chat, company) == ["cancelled"]


async def test_what_was_looked_at_before_the_connection_died_is_not_pushed_and_what_comes_then_is(
    tunnel_chat: Chat, new_phone: NewPhone
) -> None:
    va, company, room_id = await tunnel_chat.pair()
    phone = new_phone()
    await phone.sign_in(company)
    async with tunnel(tunnel_chat.server.url) as way:
        desk = await company.connect(url=way.url, join=room_id)
        await desk.ask("set_visibility", {"isVisible": True})
        await va.post_message(room_id, "Seen")
        await wait_for_state(tunnel_chat, company, "cancelled", "looking")
        way.silence()
        await va.post_message(room_id, "Lost")
        push = await phone.wait_for()
        assert push.data["seq"] == "2"
        assert len(phone.pushes) == 1
