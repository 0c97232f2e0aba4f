"""People as clients see them."""

from typing import Literal

import orjson

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


FORMER_MEMBER_NAME = "Former member"


def former_member(user_id: str) -> User:
    """Somebody whose account is not there any more."""
    return User(id=user_id, name=FORMER_MEMBER_NAME, avatar=None, role="va")
