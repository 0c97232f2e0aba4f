"""People as clients see them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from hyred_chat.http.models import WireModel

Role = Literal["va", "company", "admin"]
MAX_EMAIL_CHARS = 254  # RFC 5321, 4.5.3.1.3, as in its erratum 1690


class User(WireModel):
    """A person as everybody may see them: no e-mail address leaves the server.

    `name` is the VA profile's name, else the company's, else the part of the e-mail address before the @.
    """

    id: str
    name: str
    avatar: str | None
    role: Role

    def as_json(self) -> bytes:
        """The shape itself, to be put into others as it is.

        A copy of what orjson returns: that keeps a buffer of 4 KB for a hundred bytes, for as long as somebody is here.
        """
        return bytes(bytearray(orjson.dumps(self.model_dump(by_alias=True))))


class WorkingHours(WireModel):
    """When somebody works: from one time of day (`22:30`) until another, on days 1 (Monday) to 7, by their clock."""

    begin: Annotated[str, Field(alias="from")]
    until: str
    days: list[int]


class PersonProfile(User):
    """A person with what their host tells of them, so that others can work with them."""

    headline: str | None
    time_zone: str | None
    working_hours: WorkingHours | None


def profile_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row with `db.people.PROFILE_COLUMNS` adds to a person: the fields of `PersonProfile`."""
    hours = row["working_hours"]
    return {
        "headline": row["headline"],
        "time_zone": row["time_zone"],
        "working_hours": None if hours is None else WorkingHours.model_validate_json(hours),
    }


FORMER_MEMBER_NAME = "Former member"


def former_member(user_id: str) -> User:
    """Somebody whose account is not there any more."""
    return User(id=user_id, name=FORMER_MEMBER_NAME, avatar=None, role="va")
