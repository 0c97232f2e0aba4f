"""What somebody was signed in by is not theirs any more: it ends on every door, within a second."""

import asyncio
import json

import pytest
from websockets import ConnectionClosed

from tests.acceptance.client import ConnectError
from tests.acceptance.conftest import StartChat
from tests.acceptance.failures import raw_socket
from tests.acceptance.notifications.phones import register
from tests.acceptance.oidc import SignIn
from tests.acceptance.people import Chat, Person
from tests.acceptance.pouring import open_poll


async def change_email(chat: Chat, person: Person, email: str) -> None:
    """As the host does; the person keeps the token that they have."""
    token = person.token
    await chat.provision(person, email=email)
    person.token = token


async def test_a_changed_address_ends_what_was_signed_in_by_the_old_one(chat: Chat) -> None:
    va, _, room_id = await chat.pair()
    client, path = await va.connect(join=room_id), await open_poll(chat, va.token)
    async with asyncio.timeout(1):
        await change_email(chat, va, f"new-{va.email}")
        await client.wait_until_disconnected()
        assert '"code":"user_not_found"' in (await chat.http.get(path)).text
        while (await chat.http.get(path)).status_code == 200:
            pass
    assert client.received("error")[-1]["code"] == "user_not_found"
    assert (await va.get("/api/users/me")).status == 403
    with pytest.raises(ConnectError):
        await va.connect()
    va.token = f"dev-token-new-{va.email}"
    assert (await (await va.connect()).send(room_id, "Here again"))["seq"] == 1


async def test_a_changed_address_ends_pushes_to_devices_that_were_registered_under_the_old_one(chat: Chat) -> None:
    va, other = await chat.person("Ana"), await chat.person("Bea")
    for person in (va, other):
        await register(person, f"token-of-{person.id}")
    await chat.provision(va, name="Ana Maria")
    devices = "SELECT user_id FROM device_tokens WHERE user_id = ANY($1) ORDER BY user_id"
    ids = sorted([va.id, other.id])
    assert [row["user_id"] for row in await chat.database.fetch(devices, ids)] == ids
    await change_email(chat, va, f"new-{va.email}")
    assert [row["user_id"] for row in await chat.database.fetch(devices, ids)] == [other.id]


async def test_an_address_in_other_letters_or_another_name_ends_nothing(chat: Chat) -> None:
    va = await chat.person("Ana")
    client = await va.connect()
    await change_email(chat, va, va.email.upper())
    await chat.provision(va, email=va.email.upper(), name="Ana Maria")
    await client.catch_up()
    assert client.connected


async def test_who_was_not_signed_in_by_an_address_stays(chat: Chat) -> None:
    va = await chat.person("Ana")
    va.token = f"dev-token-{va.id}"
    client = await va.connect()
    await change_email(chat, va, f"new-{va.email}")
    await client.catch_up()
    assert client.connected


async def test_an_address_that_somebody_else_has_now_ends_the_one_and_lets_the_other_in(
    chat: Chat, sign_in: SignIn
) -> None:
    before, after = await chat.person("Before"), await chat.person("After")
    shared = before.email
    before.token = sign_in.token(before)
    client = await before.connect()
    async with asyncio.timeout(1):
        await change_email(chat, before, f"new-{shared}")
        await client.wait_until_disconnected()
    await chat.provision(after, email=shared)
    after.token = sign_in.token(before)  # the same mailbox
    assert (await after.get("/api/users/me")).data["id"] == after.id


async def test_a_token_of_the_new_address_keeps_the_socket_that_has_it(chat: Chat, sign_in: SignIn) -> None:
    """Signed in again by `authenticate`, a socket is held to the address of that token."""
    va = await chat.person("Ana")
    va.token = f"dev-token-{va.id}"
    client = await va.connect()
    await client.ask("authenticate", {"token": sign_in.token(va)})
    async with asyncio.timeout(1):
        await change_email(chat, va, f"new-{va.email}")
        await client.wait_until_disconnected()


async def connect_again_and_again(chat: Chat, person: Person, times: int) -> str:
    """Connect and disconnect by one session until that is refused: what the server answers."""
    connect_packet = "40" + json.dumps({"token": person.token})
    async with raw_socket(chat.server, person) as socket:
        for _ in range(times):
            await socket.send("41")
            await socket.send(connect_packet)
            answer = str(await socket.recv())
            while answer == "2":
                answer = str(await socket.recv())
            if answer.startswith("44"):
                return answer
            assert answer.startswith("40"), answer
    raise AssertionError("never refused")


async def test_connecting_again_and_again_has_a_rate(start_chat: StartChat) -> None:
    async with start_chat(HYRED_MAX_HANDSHAKES_PER_SECOND="0") as chat:
        answer = await connect_again_and_again(chat, await chat.person("Ana"), 400)
        refusal = json.loads(answer[2:])
        assert refusal["data"]["code"] == "rate_limited"
        assert refusal["data"]["details"]["retryAfterMs"] > 0
        await (await (await chat.person("Bea")).connect()).catch_up()


async def test_a_session_that_connects_while_too_many_do_is_told_to_come_back(start_chat: StartChat) -> None:
    async with start_chat(HYRED_MAX_HANDSHAKES_PER_SECOND="2") as chat:
        ana = await chat.person("Ana")
        with pytest.raises(ConnectionClosed) as closed:
            await connect_again_and_again(chat, ana, 400)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013


async def test_refused_tokens_have_a_rate_by_address_for_both_doors_and_good_ones_pass(start_chat: StartChat) -> None:
    async with start_chat() as chat:
        va = await chat.person("Ana")
        codes: set[str] = set()
        async with asyncio.timeout(60):
            while "rate_limited" not in codes:
                async with raw_socket(chat.server, va) as socket:
                    await socket.send("41")
                    for _ in range(12):
                        await socket.send('40{"token":"dev-token-nobody"}')
                        codes.add(json.loads(str(await socket.recv())[2:])["data"]["code"])
        assert codes == {"user_not_found", "rate_limited"}
        nobody = {"Authorization": "Bearer dev-token-nobody"}
        answers = [await va.request("GET", "/api/users/me", headers=nobody) for _ in range(20)]
        assert (429, "rate_limited") in {(answer.status, answer.code) for answer in answers}
        client = await va.connect()
        again = [await client.call("authenticate", {"token": "dev-token-nobody"}) for _ in range(20)]
        assert "rate_limited" in {answer["code"] for answer in again}
        assert (await client.call("authenticate", {"token": va.token}))["success"]
        await client.catch_up()
        assert (await va.get("/api/users/me")).data["id"] == va.id
