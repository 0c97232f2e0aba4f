"""People as clients see them."""

from typing import Literal

from hyred_chat.http.models import WireModel

Role = Literal["va", "company", "admin"]


class User(WireModel):
    """A person as everybody may see them: no e-mail address leaves the server.

    `name` is the VA profile's name, else the company's, else the part of the e-mail address before the @.
    """

    id: str
    name: str
    avatar: str | None
    role: Role
