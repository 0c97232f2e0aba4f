"""People of a running server: made as a host back end makes them, acting by socket and by REST."""

import itertools
from collections.abc import Collection
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx

from tests.acceptance.client import Client
from tests.acceptance.server import API_KEY, Server
from tests.postgres import SCHEMA

MAIL_DOMAIN = "mail.example"
_numbers = itertools.count(1)


class Answer:
    """An HTTP answer that must be an envelope."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.text = response.text
        self.envelope: dict[str, Any] = response.json()

    @property
    def data(self) -> Any:
        """Of a success."""
        assert self.envelope["success"] is True, self.text
        return self.envelope["data"]

    @property
    def code(self) -> str:
        """Of a refusal."""
        assert self.envelope["success"] is False, self.text
        return str(self.envelope["code"])

    @property
    def next_cursor(self) -> str | None:
        """Of a page."""
        cursor: str | None = self.envelope["page"]["nextCursor"]
        return cursor


class Person:
    """Somebody with a token.

    Attributes:
        clients: the sockets that `connect` opened.
        answers: the texts of all HTTP answers.
    """

    def __init__(self, chat: "Chat", user_id: str, name: str, role: str) -> None:
        self.id = user_id
        self.name = name
        self.role = role
        self.email = f"{user_id}@{MAIL_DOMAIN}"
        self.token = f"dev-token-{self.email}"
        self.clients: list[Client] = []
        self.answers: list[str] = []
        self._chat = chat

    async def connect(self, *, join: str | None = None, url: str | None = None, **options: Any) -> Client:
        """A new socket; with `join`, in that room already. `url` is another way to the server."""
        client = Client()
        self.clients.append(client)
        await client.connect(url or self._chat.server.url, {"token": self.token}, **options)
        if join is not None:
            await client.join(join)
        return client

    async def get(self, path: str, **params: Any) -> Answer:
        return await self.request("GET", path, params=params or None)

    async def post(self, path: str, body: Any) -> Answer:
        return await self.request("POST", path, json=body)

    async def put(self, path: str, body: Any = None) -> Answer:
        return await self.request("PUT", path, json=body)

    async def request(self, method: str, path: str, **options: Any) -> Answer:
        """With this person's token, unless `headers` has another."""
        options["headers"] = {"Authorization": f"Bearer {self.token}"} | options.get("headers", {})
        answer = Answer(await self._chat.http.request(method, path, **options))
        if self.role != "admin" or not path.startswith("/api/admin/"):  # where admins see addresses
            self.answers.append(answer.text)
        return answer

    async def post_message(self, room_id: str, content: str, **fields: Any) -> dict[str, Any]:
        """Send by REST: the Message."""
        answer = await self.post(f"/api/chat/rooms/{room_id}/messages", {"content": content, **fields})
        message: dict[str, Any] = answer.data
        return message

    async def history(self, room_id: str, **params: Any) -> list[dict[str, Any]]:
        """A page of messages."""
        messages: list[dict[str, Any]] = (await self.get(f"/api/chat/rooms/{room_id}/messages", **params)).data
        return messages

    async def room(self, room_id: str) -> dict[str, Any]:
        """The Room as this person sees it."""
        room: dict[str, Any] = (await self.get(f"/api/chat/rooms/{room_id}")).data
        return room


class Chat:
    """A server, an HTTP client, a look into its database, and the people that a test has made."""

    def __init__(self, server: Server, http: httpx.AsyncClient, database: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.server = server
        self.http = http
        self.database = database
        self.people: list[Person] = []

    @classmethod
    async def open(cls, server: Server) -> "Chat":
        database = await asyncpg.connect(server.database_url, server_settings={"search_path": SCHEMA})
        return cls(server, httpx.AsyncClient(base_url=server.url, timeout=20), database)

    async def send_everybody_home(self) -> None:
        """Close all sockets."""
        for person in self.people:
            for client in person.clients:
                await client.disconnect()
        self.people.clear()

    async def close(self) -> None:
        await self.send_everybody_home()
        await self.http.aclose()
        await self.database.close()

    async def person(self, name: str = "Ana", role: str = "va", **fields: Any) -> Person:
        """Somebody new."""
        person = Person(self, f"user-{next(_numbers)}", name, role)
        await self.provision(person, **fields)
        self.people.append(person)
        return person

    async def provision(self, person: Person, **fields: Any) -> None:
        """Write somebody down again, changed: `disabled=True`, `name="…"`."""
        body = {"email": person.email, "role": person.role, "name": person.name, **fields}
        assert (await self.admin("PUT", f"/api/admin/users/{quote(person.id, safe='')}", json=body)).data[
            "id"
        ] == person.id

    async def room(self, *members: Person, type: str = "group", **fields: Any) -> str:  # noqa: A002  # the wire's word
        """The id of a new room (of the pair's only one, for `direct`)."""
        return await self.save_room(members, type=type, **fields)

    async def save_room(self, members: Collection[Person], **fields: Any) -> str:
        """Make a room, or (with `id`) make it so."""
        body = {"memberIds": [person.id for person in members], **fields}
        room_id: str = (await self.admin("POST", "/api/admin/rooms", json=body)).data["id"]
        return room_id

    async def pair(self) -> tuple[Person, Person, str]:
        """A VA and a company with their direct room."""
        va, company = await self.person("Ana"), await self.person("Acme", role="company")
        return va, company, await self.room(va, company, type="direct")

    async def admin(self, method: str, path: str, **options: Any) -> Answer:
        """A request of the host back end."""
        return Answer(await self.http.request(method, path, headers={"X-API-Key": API_KEY}, **options))

    async def hang_up(self) -> None:
        """Close the HTTP client's connection to the server, which counts it."""
        assert (await self.http.get("/api/health/live", headers={"Connection": "close"})).status_code == 200

    async def count_messages(self, room_id: str) -> int:
        """Rows of a room's messages."""
        count: int = await self.database.fetchval("SELECT count(*) FROM messages WHERE room_id = $1", room_id)
        return count

    async def tables_with(self, marker: str) -> set[str]:
        """The tables that have a marker in any column of any row."""
        statement = "SELECT tablename FROM pg_tables WHERE schemaname = $1"
        tables = [row["tablename"] for row in await self.database.fetch(statement, SCHEMA)]
        return {
            table
            for table in tables
            if await self.database.fetchval(
                f"SELECT EXISTS (SELECT FROM {table} t WHERE t::text ILIKE '%' || $1 || '%')",  # noqa: S608  # a table's name
                marker,
            )
        }

    async def filled_pair(self, count: int) -> tuple[Person, Person, str]:
        """A pair whose room has this many messages of the company, past the server: from before it was started."""
        va, company = await self.person("Ana"), await self.person("Acme", role="company")
        room_id = f"room-{va.id}"
        async with self.database.transaction():
            await self.database.execute(
                """
                INSERT INTO chat_rooms (id, type, last_seq, last_message_at)
                VALUES ($1, 'direct', $2::int, '2026-01-01T00:00:00Z'::timestamptz + $2::int * interval '1 ms')
                """,
                room_id,
                count,
            )
            await self.database.execute(
                "INSERT INTO chat_members (room_id, user_id) SELECT $1, unnest($2::text[])",
                room_id,
                [va.id, company.id],
            )
            await self.database.execute(
                """
                INSERT INTO messages (room_id, seq, id, sender_id, content, created_at)
                SELECT $1, n, $1 || '-' || n, $2, 'Message ' || n,
                       '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 ms'
                FROM generate_series(1, $3::int) n
                """,
                room_id,
                company.id,
                count,
            )
        return va, company, room_id

    def texts(self) -> list[str]:
        """All that the people have received, by either way."""
        events = [repr(event) for person in self.people for client in person.clients for event in client.events]
        return events + [answer for person in self.people for answer in person.answers]
