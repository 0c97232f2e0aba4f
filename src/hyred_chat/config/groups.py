"""Groups that people make themselves."""

from typing import ClassVar, Literal

from pydantic import Field

from hyred_chat.config.subject import Subject


class GroupSettings(Subject):
    """Who may make groups, and how large they get."""

    title: ClassVar[str] = "Groups"

    groups: Literal["nobody", "companies", "everybody"] = Field(
        default="everybody",
        description="Which users may create groups: `nobody`, `companies` (and admins), or `everybody`. Your back end "
        "always can. Existing groups are not affected.",
    )
    max_group_members: int = Field(
        default=1000,
        ge=2,
        le=10_000,
        description="The most members of a group that users create. Groups that your back end creates may have more.",
    )
