"""The people of the demo world. Their names say that they are made up."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as, with the development token `dev-token-<email>`."""

    key: str
    name: str
    role: Literal["va", "company", "admin"]

    @property
    def id(self) -> str:
        """`demo-<key>`: readable, because people type it into curl."""
        return f"demo-{self.key}"

    @property
    def email(self) -> str:
        """An address in a domain that cannot exist."""
        return f"{self.key}@demo.hyred.example"

    @property
    def avatar_url(self) -> str:
        """The path of a picture that this server has."""
        return f"/demo/avatars/{self.key}.svg"


def demo_people() -> list[DemoPerson]:
    """Two virtual assistants, two companies and an admin, in the order in which to offer them."""
    return [
        DemoPerson("maya", "Maya Santos (demo)", "va"),
        DemoPerson("theo", "Theo Lindqvist (demo)", "va"),
        DemoPerson("juniper", "Juniper & Pine (demo)", "company"),
        DemoPerson("brightline", "Brightline Logistics (demo)", "company"),
        DemoPerson("admin", "Hyred Support (demo)", "admin"),
    ]
