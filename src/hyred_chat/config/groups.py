"""Groups that people make themselves."""

from typing import ClassVar, Literal

from pydantic import Field

from hyred_chat.config.subject import Subject


class GroupSettings(Subject):
    """Who may make groups, and how large they get."""

    title: ClassVar[str] = "Groups"

    groups: Literal["nobody", "companies", "everybody"] = Field(
        default="everybody",
        description="Who may make groups: `nobody` but the host, `companies` and admins, or `everybody`. Groups that "
        "exist are not affected.",
    )
    max_group_members: int = Field(
        default=1000,
        ge=2,
        le=10_000,
        description="Members that people may bring together in a group. Groups of the host may have more.",
    )
