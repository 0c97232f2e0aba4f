"""The people of the demo world. Their names say that they are made up."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as."""

    key: str
    name: str
    role: Literal["va", "company", "admin"]
    time_zone: str
    title: str  # one line about them

    @property
    def id(self) -> str:
        """`demo-<key>`: readable, because people type it into curl."""
        return f"demo-{self.key}"

    @property
    def email(self) -> str:
        """An address in a domain that cannot exist."""
        return f"{self.key}@demo.hyred.example"

    @property
    def token(self) -> str:
        """The development token that signs in as this person."""
        return f"dev-token-{self.email}"

    @property
    def avatar_url(self) -> str:
        """The path of a picture that this server has."""
        return f"/demo/avatars/{self.key}.svg"


def demo_people() -> list[DemoPerson]:
    """Two virtual assistants, two companies and an admin, in the order in which to offer them."""
    return [
        DemoPerson("maya", "Maya Santos (demo)", "va", "Asia/Manila", "Calms chaotic inboxes"),
        DemoPerson("theo", "Theo Lindqvist (demo)", "va", "Europe/Stockholm", "Dispatch and carrier bookings"),
        DemoPerson("juniper", "Juniper & Pine (demo)", "company", "America/New_York", "A shop with 90 e-mails a day"),
        DemoPerson(
            "brightline", "Brightline Logistics (demo)", "company", "America/Chicago", "Looks for help with bookings"
        ),
        DemoPerson("admin", "Hyred Support (demo)", "admin", "Europe/Madrid", "Answers questions about Hyred"),
    ]
