"""All settings together, and what follows from settings of several subjects."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import model_validator

from hyred_chat.config.changes import ChangeSettings
from hyred_chat.config.database import DatabaseSettings, StoringSettings
from hyred_chat.config.files import FileSettings
from hyred_chat.config.groups import GroupSettings
from hyred_chat.config.limits import Bounds, RateLimits
from hyred_chat.config.moderation import ModerationSettings
from hyred_chat.config.nodes import NodeSettings
from hyred_chat.config.notifications import NotificationSettings
from hyred_chat.config.observability import ObservabilitySettings
from hyred_chat.config.server import ServerSettings
from hyred_chat.config.sign_in import SignInSettings
from hyred_chat.config.sockets import SocketSettings
from hyred_chat.config.subject import Subject
from hyred_chat.config.values import origin_of
from hyred_chat.config.web import WebSettings


class Settings(
    ServerSettings,
    ObservabilitySettings,
    DatabaseSettings,
    StoringSettings,
    NodeSettings,
    Bounds,
    ChangeSettings,
    FileSettings,
    SocketSettings,
    RateLimits,
    GroupSettings,
    WebSettings,
    NotificationSettings,
    ModerationSettings,
    SignInSettings,
):
    """What the operator decides: the subjects, in the order of `docs/configuration.md`.

    Frozen: nothing changes a setting while the server runs.

    Raises:
        ConfigurationError: when settings contradict one another.
        pydantic.ValidationError: when one is wrong by itself; `load_settings` turns it into a ConfigurationError.
    """

    @model_validator(mode="after")
    def _check_subjects(self) -> Self:
        for subject in Settings.subjects():
            subject.check(self, in_production=self.is_production)
        return self

    @staticmethod
    def subjects() -> tuple[type[Subject], ...]:
        """The classes of the subjects, in their order."""
        return tuple(base for base in Settings.__bases__ if issubclass(base, Subject))

    @property
    def accepts_dev_tokens(self) -> bool:
        """Whether `dev-token-…` signs in."""
        if self.dev_tokens is None:
            return self.uses_embedded_database and not self.is_production
        return self.dev_tokens

    @property
    def makes_demo_world(self) -> bool:
        """Whether an empty database is filled with the demo world at start."""
        return self.demo and self.uses_embedded_database and not self.is_production

    @property
    def work_folder(self) -> Path:
        """Where files are while they are examined: on this machine, where there is room for them."""
        url = self.store_url if self.store_url.startswith("file:") else self._default_store_url
        return Path(url.removeprefix("file:")) / ".work"

    @property
    def store_url(self) -> str:
        """Where files are kept, as `files_url` says it."""
        return self.files_url or self._default_store_url

    @property
    def _default_store_url(self) -> str:
        return f"file:{self.data_dir / 'files'}"

    @property
    def serves_api_docs(self) -> bool:
        """Whether the REST API describes itself."""
        return not self.is_production if self.api_docs is None else self.api_docs

    @property
    def host_names(self) -> frozenset[str] | None:
        """The names, besides `localhost`, that requests may address. None: any.

        In production the certificate and the proxy decide that; a development server has neither.
        """
        if self.is_production or "*" in self.allowed_origins:
            return None
        named = (urlsplit(origin).hostname for origin in self.allowed_origins)
        return frozenset(name for name in (self.host.lower(), *named) if name)

    @property
    def origins(self) -> frozenset[str] | None:
        """The web origins that may connect, as browsers write them. None: any."""
        if "*" in self.allowed_origins:
            return None
        if self.allowed_origins:
            return frozenset(self.allowed_origins)
        own = (origin_of("http", host, self.port) for host in (self.host, "localhost", "127.0.0.1"))
        return frozenset((*own, "http://localhost:3000", "http://localhost:3001"))
