"""Every setting, read from the environment once at start. `docs/configuration.md` is generated from this file.

A setting's variable is `HYRED_` and the field's name in upper case. Host and port are also read from `HOST` and
`PORT`, which hosting platforms set. Bounds are part of the fields, so that a wrong value is refused at start and not
found out in use.
"""

import difflib
import os
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hyred_chat.config_values import (
    ApiKeys,
    DatabaseUrl,
    Folder,
    Hosts,
    Networks,
    Origins,
    PageUrl,
    ProjectId,
    SchemaName,
    TenantId,
    VapidSubject,
    WebApiKey,
    WebUrl,
    Word,
    expected_value,
    origin_of,
)
from hyred_chat.pages import PAGE_BYTES

_PREFIX = "HYRED_"
_FIREBASE_KEYS = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"
_PUSH_SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")
_UNSAFE_IN_PLAIN_HTTP = {
    "oidc_jwks_url": "whoever can change its answers can sign in as anybody.",
    "fcm_url": "whoever can read its requests can push in your name.",
    "job_url": "anybody on the way can replace the page.",
    "contract_url": "anybody on the way can replace the page.",
}
_MAX_UTF8_BYTES_PER_CHAR = 4
# Of a request: many clients write JSON in ASCII, where a character beyond the first 65,536 is two escapes of six bytes.
_MAX_ESCAPED_BYTES_PER_CHAR = 12
_ENVELOPE_BYTES = 2048  # what a message's request needs beside its content and its metadata, generously
# What a stored message has beside them: its sender with name and picture, and ids.
_SENDER_BYTES = 8192
# A join sends a page of history and a room with its newest message, and a message may come at the same time. A page is
# a third of the buffer at most, and a message a sixth, so that all of it fits.
_PAGES_PER_BUFFER = 3
_ALL_ADDRESSES = ("0.0.0.0", "::")
_MESSAGES_PER_BUFFER = 6


class ConfigurationError(Exception):
    """A setting that the server cannot start with.

    Attributes:
        variable: the environment variable to change.
        sentence: what it should be, in one line. Holds no secret.
    """

    def __init__(self, variable: str, sentence: str) -> None:
        super().__init__(f"{variable}: {sentence}")
        self.variable = variable
        self.sentence = sentence


class Settings(BaseSettings):
    """What the operator decides. Frozen: nothing changes a setting while the server runs.

    Raises:
        ConfigurationError: when settings contradict one another.
        pydantic.ValidationError: when one is wrong by itself; `load_settings` turns it into a ConfigurationError.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, populate_by_name=True, allow_inf_nan=False
    )

    host: str = Field(default="127.0.0.1", validation_alias="HOST", description="The address to listen on.")
    port: int = Field(
        default=3000,
        ge=0,
        le=65535,
        validation_alias="PORT",
        description="The port to listen on. 0 takes any free one.",
    )
    env: Word[Literal["development", "production"]] = Field(
        default="development",
        description="`production` refuses development tokens, requires an identity provider and creates no demo world.",
    )
    data_dir: Folder = Field(
        default_factory=lambda: user_data_path("hyred-chat", appauthor=False),
        description="The folder of the embedded database. Default: `hyred-chat` in the user's data folder "
        "(`~/.local/share/hyred-chat` on Linux).",
    )
    log_level: Word[Literal["debug", "info", "warning", "error"]] = Field(
        default="info", description="The lowest level that is logged."
    )
    log_format: Word[Literal["text", "json"]] = Field(
        default="text", description="`text` for people, `json` (one object a line) for machines."
    )
    demo: bool = Field(
        default=True,
        description="Create a small demo world on the first start. Only in development, with the embedded database.",
    )

    database_url: DatabaseUrl | None = Field(
        default=None,
        repr=False,
        description="A PostgreSQL of your own, 14 or newer: `postgresql://user:password@host:5432/database`. Several "
        "hosts (`host1:5432,host2:5432`) are a primary and its standbys; the server uses the one that accepts writes. "
        "Default: an embedded PostgreSQL.",
    )
    database_schema: SchemaName = Field(
        default="blytz_hire", description="The PostgreSQL schema that holds the tables."
    )
    database_pool_size: int = Field(default=8, ge=2, le=100, description="Database connections that requests share.")

    message_lanes: int = Field(
        default=1,
        ge=1,
        le=16,
        description="How many batches of messages may be stored at once, each over its own database connection. One is "
        "the cheapest; more help when the database is far away.",
    )
    message_batch_size: int = Field(
        default=128, ge=1, le=1000, description="The most messages that one statement stores."
    )
    send_timeout_seconds: float = Field(
        default=10,
        ge=1,
        le=60,
        description="How long a message may take to be stored. After that the answer is `unavailable`.",
    )

    max_message_chars: int = Field(
        default=1000, ge=1, le=100_000, description="The longest message, in Unicode code points."
    )
    max_metadata_bytes: int = Field(
        default=4096, ge=2, le=65_536, description="The largest `metadata` of a message, as JSON."
    )
    max_body_bytes: int = Field(
        default=65_536, ge=4096, le=10_000_000, description="The largest body of a REST request."
    )
    max_payload_bytes: int = Field(
        default=100_000, ge=4096, le=10_000_000, description="The largest frame that a client may send over a socket."
    )
    max_buffered_bytes: int = Field(
        default=1_000_000,
        ge=65_536,
        le=100_000_000,
        description="How much may be buffered for a slow socket. Past this the socket is closed, and its client "
        "resumes. Six of the longest messages always fit.",
    )
    max_connections_per_address: int = Field(
        default=1000,
        ge=0,
        le=1_000_000,
        description="Connections of any kind, and sessions, that one address may hold. IPv6 is counted by /64 network. "
        "0: no limit. Behind a reverse proxy, set `HYRED_TRUSTED_PROXIES` as well.",
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses or networks (CIDR) of the reverse proxies in front of the server, comma-separated, such "
        "as `127.0.0.1,10.0.0.0/8`. `X-Forwarded-For` and `X-Forwarded-Proto` are trusted from these only. Default: "
        "none.",
    )
    max_rooms_per_socket: int = Field(
        default=1000, ge=1, le=100_000, description="Rooms that one socket may be in at once."
    )
    allowed_origins: Origins = Field(
        default=(),
        description="Web origins that may connect, comma-separated, such as `https://app.example.com`. Default: the "
        "server's own, `http://localhost:3000` and `http://localhost:3001`. `*` allows all, in development only.",
    )
    frame_ancestors: Origins = Field(
        default=(),
        description="Web origins whose pages may show the web app in a frame, comma-separated. Default: none.",
    )
    job_url: PageUrl | None = Field(
        default=None,
        description="The page of a job on your site, such as `https://www.example.com/jobs/{id}`. In the web app, "
        "notifications with a `jobId` link to it. https only in production. Default: they link to nothing.",
    )
    contract_url: PageUrl | None = Field(
        default=None,
        description="The page of a contract, likewise, for notifications with a `contractId`: "
        "`https://www.example.com/contracts/{id}`.",
    )

    api_docs: bool | None = Field(
        default=None,
        description="Serve the description of the REST API at `/api/docs` and `/api/openapi.json`. Default: only in "
        "development.",
    )

    ping_interval_seconds: float = Field(default=25, ge=0.1, le=300, description="How often the server pings a socket.")
    ping_timeout_seconds: float = Field(default=20, ge=0.1, le=300, description="How long a pong may take.")
    connect_timeout_seconds: float = Field(
        default=10, ge=0.1, le=300, description="How long a new socket has to sign in."
    )
    presence_offline_grace_seconds: float = Field(
        default=2.0,
        ge=0,
        le=4,
        description="How long after losing their last socket (a reload, a tunnel) a person is shown as offline.",
    )

    rate_limit_messages_burst: int = Field(
        default=60, ge=1, le=100_000, description="Messages that a person may send in a burst."
    )
    rate_limit_messages_per_minute: int = Field(
        default=600, ge=0, le=10_000_000, description="Messages of a person in the long run. 0: no limit."
    )
    rate_limit_events_burst: int = Field(
        default=240, ge=1, le=100_000, description="Other socket events of a person in a burst."
    )
    rate_limit_events_per_minute: int = Field(
        default=3000, ge=0, le=10_000_000, description="Other socket events of a person in the long run. 0: no limit."
    )
    rate_limit_requests_burst: int = Field(
        default=240, ge=1, le=100_000, description="REST requests of a person in a burst."
    )
    rate_limit_requests_per_minute: int = Field(
        default=3000, ge=0, le=10_000_000, description="REST requests of a person in the long run. 0: no limit."
    )
    rate_limit_new_rooms_per_hour: int = Field(
        default=20,
        ge=0,
        le=1_000_000,
        description="New conversations that a person may open within any hour. Conversations that admins open, or that "
        "are opened with admins, are not limited. 0: no limit.",
    )

    push_grace_seconds: float = Field(
        default=5,
        ge=0,
        le=300,
        description="How long somebody who is in the chat, but not in that room, has to read a message before it is "
        "pushed.",
    )
    push_worker: bool = Field(
        default=True, description="Send pushes from this process. Off: a separate `hyred-chat worker` sends them."
    )
    push_concurrency: int = Field(
        default=50,
        ge=1,
        le=1000,
        description="Pushes to each provider that may be in progress at once, in each process.",
    )
    push_lease_seconds: float = Field(
        default=30, ge=1, le=600, description="After this long, other workers take over the pushes of a killed process."
    )
    push_ttl_seconds: int = Field(
        default=86_400,
        ge=60,
        le=2_419_200,
        description="How long a push may be delivered: retries to a provider that is down, and then by the provider to "
        "a device that is off.",
    )
    notification_days: int = Field(
        default=90, ge=1, le=3650, description="How long notices and the record of notifications are kept."
    )
    fcm_service_account: Folder | None = Field(
        default=None,
        description="Push by Firebase Cloud Messaging (Android, iOS): the file with a service account's JSON key.",
    )
    fcm_url: WebUrl = Field(
        default="https://fcm.googleapis.com", description="The address of FCM, or of a stand-in for tests."
    )
    vapid_private_key: SecretStr | None = Field(
        default=None,
        repr=False,
        description="Push to browsers by Web Push: a VAPID private key, 32 bytes in base64url. Default: in development "
        "with the embedded database, a key is created; otherwise there is no Web Push.",
    )
    vapid_subject: VapidSubject | None = Field(
        default=None,
        description="A contact for push services: `mailto:…` or `https://…`. Required with the key in production.",
    )
    web_push_hosts: Hosts = Field(
        default=_PUSH_SERVICES,
        description="Hosts (and their subdomains) of push services, comma-separated. Browsers name the address for "
        "their pushes; the server sends to these hosts only. Default: those of Chrome, Firefox, Safari and Edge.",
    )

    legacy_backup_sends: bool = Field(
        default=True,
        description="Clients of the first design send each message by socket and by REST. On: the second copy is "
        "recognised, and stores nothing.",
    )

    dev_tokens: bool | None = Field(
        default=None,
        description="Accept `dev-token-…` tokens, which anybody can make up. Default: only in development with the "
        "embedded database. Never in production.",
    )
    firebase_project_id: ProjectId | None = Field(
        default=None, description="Sign in with Firebase: the project's id. Sets issuer, audience and key set."
    )
    firebase_web_api_key: WebApiKey | None = Field(
        default=None,
        description="The (public) API key of a web app of that Firebase project. With it the web app signs people in "
        "by e-mail and password.",
    )
    firebase_emulator_url: WebUrl | None = Field(
        default=None,
        description="The address of a stand-in for Firebase Authentication, such as `http://127.0.0.1:9099`, where the "
        "web app signs in. Never in production.",
    )
    firebase_tenant_id: TenantId | None = Field(
        default=None,
        description="Accept only users of this tenant of the Firebase project (Identity Platform). Default: only users "
        "without a tenant.",
    )
    oidc_issuer: WebUrl | None = Field(
        default=None, description="Sign in with any OpenID Connect issuer: the `iss` of its ID tokens."
    )
    oidc_audience: str | None = Field(default=None, description="The `aud` of the ID tokens for this chat.")
    oidc_jwks_url: WebUrl | None = Field(
        default=None, description="The address of the issuer's keys (a JSON Web Key Set)."
    )
    oidc_require_verified_email: bool = Field(
        default=True, description="Refuse tokens whose `email_verified` is not true. Users are looked up by e-mail."
    )
    jwks_cache_seconds: float = Field(
        default=3600, ge=60, le=86_400, description="The longest time for which the issuer's keys are cached."
    )
    admin_api_keys: ApiKeys = Field(
        default=(),
        description="API keys of host back ends that provision people and rooms, comma-separated, each of at least 16 "
        "characters. Default: those routes are closed.",
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in_firebase(cls, values: dict[str, Any]) -> dict[str, Any]:
        project = values.get("firebase_project_id")
        if not project:
            return values
        for name in ("oidc_issuer", "oidc_audience"):
            if values.get(name):
                raise ConfigurationError(
                    variable_of(name), f"must not be set together with {_PREFIX}FIREBASE_PROJECT_ID."
                )
        firebase = {"oidc_issuer": f"https://securetoken.google.com/{project}", "oidc_audience": project}
        return {"oidc_jwks_url": _FIREBASE_KEYS, **values, **firebase}

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        oidc = {name: getattr(self, name) for name in ("oidc_issuer", "oidc_audience", "oidc_jwks_url")}
        missing = [variable_of(name) for name, value in oidc.items() if value is None]
        if 0 < len(missing) < len(oidc):
            raise ConfigurationError(missing[0], "must be set too: issuer, audience and key set belong together.")
        needed_bytes = _MAX_ESCAPED_BYTES_PER_CHAR * self.max_message_chars + self.max_metadata_bytes + _ENVELOPE_BYTES
        if self.firebase_web_api_key and not self.firebase_project_id:
            raise ConfigurationError(
                f"{_PREFIX}FIREBASE_PROJECT_ID", "must be set too: the web API key is of a project."
            )
        if self.firebase_tenant_id and not self.firebase_project_id:
            raise ConfigurationError(f"{_PREFIX}FIREBASE_PROJECT_ID", "must be set too: the tenant is of a project.")
        for name in ("max_body_bytes", "max_payload_bytes"):
            if getattr(self, name) < needed_bytes:
                sentence = f"must be at least {needed_bytes}, so that the longest message and its metadata fit."
                raise ConfigurationError(variable_of(name), sentence)
        if self.is_production:
            self._check_production()
        return self

    def _check_production(self) -> None:
        if self.dev_tokens:
            raise ConfigurationError(
                f"{_PREFIX}DEV_TOKENS", "must not be true in production: anybody could be anybody."
            )
        if not self.oidc_issuer:
            sentence = f"production needs a way to sign in: set this, or {_PREFIX}OIDC_ISSUER, _AUDIENCE and _JWKS_URL."
            raise ConfigurationError(f"{_PREFIX}FIREBASE_PROJECT_ID", sentence)
        if self.firebase_emulator_url:
            raise ConfigurationError(
                f"{_PREFIX}FIREBASE_EMULATOR_URL", "must not be set in production: passwords would go there."
            )
        for name, harm in _UNSAFE_IN_PLAIN_HTTP.items():
            if (getattr(self, name) or "https:").lower().startswith("http:"):
                raise ConfigurationError(variable_of(name), f"must start with https:// in production: {harm}")
        if self.vapid_private_key and not self.vapid_subject:
            raise ConfigurationError(f"{_PREFIX}VAPID_SUBJECT", "must be set too: it belongs to the key.")
        if "*" in self.allowed_origins:
            raise ConfigurationError(
                f"{_PREFIX}ALLOWED_ORIGINS", "must name the web app's origins in production, not *."
            )

    @property
    def is_production(self) -> bool:
        """Whether the server must be safe to show to the world."""
        return self.env == "production"

    @property
    def uses_embedded_database(self) -> bool:
        """Whether the server runs its own PostgreSQL, in `data_dir`."""
        return self.database_url is None

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
    def own_origin(self) -> str | None:
        """The origin that this server is reached at, where HOST names one address; None where it names all."""
        return None if self.host in _ALL_ADDRESSES else origin_of("http", self.host, self.port)

    @property
    def buffered_bytes(self) -> int:
        """What may wait for a slow socket, as it is kept: `max_buffered_bytes`, or more where messages are long."""
        longest = _MAX_UTF8_BYTES_PER_CHAR * self.max_message_chars + self.max_metadata_bytes + _SENDER_BYTES
        return max(self.max_buffered_bytes, _MESSAGES_PER_BUFFER * longest)

    @property
    def page_bytes(self) -> int:
        """The bound of an answer with messages: it never outgrows the buffer of a socket that has read the rest."""
        return min(PAGE_BYTES, self.buffered_bytes // _PAGES_PER_BUFFER)

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


def load_settings() -> Settings:
    """The settings of this process's environment.

    Raises:
        ConfigurationError: for the first one that is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise _one_line(error) from None


def _one_line(error: ValidationError) -> ConfigurationError:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]).lower()  # HOST and PORT are located by their variables
    if first["type"] == "value_error":
        return ConfigurationError(variable_of(name), str(first["ctx"]["error"]))
    return ConfigurationError(variable_of(name), f"must be {expected_value(Settings.model_fields[name])}.")


def variable_of(name: str) -> str:
    """The environment variable of a field."""
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"{_PREFIX}{name.upper()}"


def unknown_variables() -> list[str]:
    """A sentence for each `HYRED_…` variable of the environment that no setting reads: most often a misspelt one."""
    known = {variable_of(name) for name in Settings.model_fields} | {f"{_PREFIX}HOST", f"{_PREFIX}PORT"}
    unknown = sorted(name for name in os.environ if name.startswith(_PREFIX) and name.upper() not in known)
    return [_describe_unknown(name, known) for name in unknown]


def _describe_unknown(variable: str, known: set[str]) -> str:
    names = [name.removeprefix(_PREFIX) for name in known]
    close = difflib.get_close_matches(variable.removeprefix(_PREFIX), names, n=1)
    hint = f" Is {_PREFIX}{close[0]} meant?" if close else ""
    return f"{variable}: no such setting.{hint}"
