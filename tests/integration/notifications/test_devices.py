"""Devices of people: twenty, however many register at once, whoever takes whose."""

import asyncio

import pytest

from hyred_chat.db.pool import Database
from hyred_chat.devices import repository
from hyred_chat.devices.repository import MAX_DEVICES
from hyred_chat.devices.schemas import DeviceFields
from hyred_chat.devices.service import Devices
from tests.postgres import wait_in_postgres

PHONE = DeviceFields.model_validate({"platform": "android"})
PEOPLE = ("ana", "ben", "cem", "dov")


@pytest.fixture
async def devices(database: Database) -> Devices:
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO users (id, email, role)"
            " SELECT name, name || '@mail.example', 'va' FROM unnest($1::text[]) name",
            list(PEOPLE),
        )
    return Devices(database, web_push_hosts=(), web_key=None)


async def tokens_of(database: Database, user_id: str) -> list[str]:
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT token FROM device_tokens WHERE user_id = $1", user_id)
    return [row["token"] for row in rows]


async def test_sixty_that_register_at_once_are_twenty(database: Database, devices: Devices) -> None:
    tokens = [f"token-{number:02}" for number in range(60)]
    await asyncio.gather(*(devices.register("ana", token, PHONE) for token in tokens))
    assert len(await tokens_of(database, "ana")) == MAX_DEVICES


async def test_the_first_devices_of_a_person_wait_for_one_another(database: Database, devices: Devices) -> None:
    """Of none of them there is a row yet that could be waited for."""
    async with database.transaction("user ana") as connection:
        await repository.lock_devices(connection, "token-one", "ana")
        await repository.save_device(connection, "one", "token-one", "ana", PHONE)
        other = asyncio.create_task(devices.register("ana", "token-two", PHONE))
        async with database.connection() as watching:
            await wait_in_postgres(watching, "EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
    await other
    assert set(await tokens_of(database, "ana")) == {"token-one", "token-two"}


async def test_the_one_that_was_seen_longest_ago_goes_first(database: Database, devices: Devices) -> None:
    for number in range(MAX_DEVICES):
        await devices.register("ana", f"token-{number:02}", PHONE)
    await devices.register("ana", "token-00", PHONE)
    await devices.register("ana", "token-new", PHONE)
    assert set(await tokens_of(database, "ana")) == {
        "token-new",
        *(f"token-{number:02}" for number in range(MAX_DEVICES) if number != 1),
    }


async def test_people_who_take_one_another_s_devices_never_wait_in_a_circle(
    database: Database, devices: Devices
) -> None:
    """Everybody takes the device that its owner is about to lose, while the owner does the same elsewhere."""
    for turn in range(10):
        mine = {person: [f"{person}-{turn}-{number:02}" for number in range(MAX_DEVICES)] for person in PEOPLE}
        for number in range(MAX_DEVICES):
            await asyncio.gather(*(devices.register(person, mine[person][number], PHONE) for person in PEOPLE))
        others = dict(zip(PEOPLE, (*PEOPLE[1:], PEOPLE[0]), strict=True))
        await asyncio.gather(*(devices.register(person, mine[others[person]][0], PHONE) for person in PEOPLE))
        for person in PEOPLE:
            kept = await tokens_of(database, person)
            assert mine[others[person]][0] in kept
            assert len(kept) == MAX_DEVICES
