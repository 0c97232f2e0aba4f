"""Groups, and what people ask of them."""

from typing import Any

from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.shapes import check_message, check_room


class Group:
    """A group, and what people ask of it."""

    def __init__(self, room_id: str) -> None:
        self.id = room_id

    async def change(self, actor: Person, **fields: Any) -> Answer:
        return await actor.request("PATCH", f"/api/chat/rooms/{self.id}", json=fields)

    async def put(self, actor: Person, person: Person, role: str | None = None) -> Answer:
        return await actor.put(self._path(person), {} if role is None else {"role": role})

    async def remove(self, actor: Person, person: Person) -> Answer:
        return await actor.request("DELETE", self._path(person))

    async def events(self, reader: Person) -> list[dict[str, Any]]:
        """What the system has said, with `content` and `seq`."""
        messages = await reader.history(self.id)
        for message in messages:
            check_message(message)
        return [
            message["metadata"] | {"content": message["content"], "seq": message["seq"]}
            for message in messages
            if message["type"] == "system"
        ]

    async def roles(self, reader: Person) -> dict[str, str]:
        """By name, in the order of the members."""
        room = await reader.room(self.id)
        check_room(room)
        return {member["name"]: member["memberRole"] for member in room["members"]}

    def _path(self, person: Person) -> str:
        return f"/api/chat/rooms/{self.id}/members/{person.id}"


async def make(maker: Person, *others: Person, title: str = "Launch", **fields: Any) -> Group:
    body = {"type": "group", "title": title, "memberIds": [person.id for person in others], **fields}
    data = (await maker.post("/api/chat/rooms", body)).data
    assert data == {"roomId": data["roomId"], "existing": False}
    return Group(data["roomId"])


async def people(chat: Chat, *names: str) -> list[Person]:
    return [await chat.person(name) for name in names]


async def group_of(chat: Chat, *names: str) -> tuple[Group, list[Person]]:
    """A group whose maker is the first of them."""
    maker, *others = await people(chat, *names)
    return await make(maker, *others), [maker, *others]
