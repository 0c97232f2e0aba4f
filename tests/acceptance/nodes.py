"""Two processes of the server on one database: what one stores, the other is told, or finds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.acceptance.client import Client
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import Server, start_server

# How often a process looks at the database, so that tests need not wait for the usual five and ten seconds.
SETTINGS = {"HYRED_SWEEP_SECONDS": "0.4", "HYRED_CHANGES_POLL_SECONDS": "0.3"}
# With a broker they are told at once; the database is looked at so rarely that nobody is helped by it.
BROKER_SETTINGS = {
    "HYRED_SWEEP_SECONDS": "60",
    "HYRED_CHANGES_POLL_SECONDS": "60",
    "HYRED_METRICS_ADDRESS": "127.0.0.1:0",
}


class TwoNodes:
    """People who are provisioned, and send by REST, at the first process, and connect to either.

    Attributes:
        chat: the first process, with everybody.
        second: the second one.
    """

    def __init__(self, chat: Chat, second: Server) -> None:
        self.chat = chat
        self.second = second

    async def connect(self, person: Person, *, join: str | None = None) -> Client:
        """A socket of somebody's to the second process."""
        return await person.connect(join=join, url=self.second.url)

    async def get(self, person: Person, path: str) -> Any:
        """What the second process answers."""
        return (await person.get(f"{self.second.url}{path}")).data

    async def listed(self, person: Person, room_id: str) -> dict[str, Any]:
        """A room in somebody's list, as the second process has it."""
        rooms = {room["id"]: room for room in await self.get(person, "/api/chat/rooms")}
        room: dict[str, Any] = rooms[room_id]
        return room

    async def post_message(self, person: Person, room_id: str, content: str, **fields: Any) -> dict[str, Any]:
        """Send by REST to the second process: the Message."""
        url = f"{self.second.url}/api/chat/rooms/{room_id}/messages"
        message: dict[str, Any] = (await person.post(url, {"content": content, **fields})).data
        return message


@asynccontextmanager
async def two_nodes(chat: Chat, **settings: str) -> AsyncIterator[TwoNodes]:
    """A second process beside the one that `chat` is on."""
    async with start_server(chat.server.database_url, **(SETTINGS | settings)) as second:
        yield TwoNodes(chat, second)
        assert not second.faults(), second.faults()
