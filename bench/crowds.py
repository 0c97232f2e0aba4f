"""Many people who sign in and join their rooms, some dozens at a time."""

import asyncio
from collections.abc import Iterator, Sequence

from bench.clients import Client
from bench.servers import Person, Server

AT_ONCE = 64

Seat = tuple[str, Person]


async def gather_crowd(server: Server, seats: Sequence[Seat], *, from_address: str | None = None) -> list[Client]:
    """Connects, authenticates and joins everybody, each to the room beside them.

    Args:
        from_address: as of `Client.connect`.

    Raises:
        ExceptionGroup: of what went wrong first (refused, timed out, closed).
    """
    waiting, crowd = iter(seats), list[Client]()
    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(seats))):
            group.create_task(usher(server, waiting, crowd, from_address))
    return crowd


async def usher(server: Server, waiting: Iterator[Seat], crowd: list[Client], from_address: str | None) -> None:
    """Brings in one after another, until nobody waits."""
    for room_id, person in waiting:
        client = Client(person.token)
        await client.connect(server.port, from_address=from_address)
        await client.join(room_id)
        crowd.append(client)
