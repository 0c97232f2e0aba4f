"""What the settings of all subjects have in common."""

from typing import ClassVar

from pydantic_settings import BaseSettings, SettingsConfigDict

from hyred_chat.config.variables import PREFIX


class Subject(BaseSettings):
    """The settings of one subject, and what they have to agree on. `Settings` is all subjects together.

    Attributes:
        title: the heading of the subject in `docs/configuration.md`.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, populate_by_name=True, allow_inf_nan=False
    )

    title: ClassVar[str]

    def check(self, *, in_production: bool) -> None:
        """Raise `ConfigurationError` when settings of the subject contradict one another."""
