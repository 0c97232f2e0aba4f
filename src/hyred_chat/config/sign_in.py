"""Who signs in, and with what."""

from typing import Any, ClassVar

from pydantic import Field, model_validator

from hyred_chat.config.subject import Subject
from hyred_chat.config.values import ApiKeys, ProjectId, TenantId, WebApiKey, WebUrl, is_plain_http
from hyred_chat.config.variables import ConfigurationError, variable_of

_FIREBASE_KEYS = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"


class SignInSettings(Subject):
    """Identity providers, and the keys of the host's back ends."""

    title: ClassVar[str] = "Signing in"

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
        description="API keys of back ends that provision users and rooms, comma-separated, each of at least 16 "
        "characters. Default: no key is accepted.",
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in_firebase(cls, values: dict[str, Any]) -> dict[str, Any]:
        project = values.get("firebase_project_id")
        if not project:
            return values
        for name in ("oidc_issuer", "oidc_audience"):
            if values.get(name):
                sentence = f"must not be set together with {variable_of('firebase_project_id')}."
                raise ConfigurationError(variable_of(name), sentence)
        firebase = {"oidc_issuer": f"https://securetoken.google.com/{project}", "oidc_audience": project}
        return {"oidc_jwks_url": _FIREBASE_KEYS, **values, **firebase}

    def check(self, *, in_production: bool) -> None:
        """What belongs together is set together, and nobody can sign in as anybody. Raises `ConfigurationError`."""
        super().check(in_production=in_production)
        oidc = {name: getattr(self, name) for name in ("oidc_issuer", "oidc_audience", "oidc_jwks_url")}
        missing = [variable_of(name) for name, value in oidc.items() if value is None]
        if 0 < len(missing) < len(oidc):
            raise ConfigurationError(missing[0], "must be set too: issuer, audience and key set belong together.")
        project = variable_of("firebase_project_id")
        if self.firebase_web_api_key and not self.firebase_project_id:
            raise ConfigurationError(project, "must be set too: the web API key is of a project.")
        if self.firebase_tenant_id and not self.firebase_project_id:
            raise ConfigurationError(project, "must be set too: the tenant is of a project.")
        if in_production:
            self._check_production()

    def _check_production(self) -> None:
        if self.dev_tokens:
            raise ConfigurationError(
                variable_of("dev_tokens"), "must not be true in production: anybody could be anybody."
            )
        if not self.oidc_issuer:
            issuer = variable_of("oidc_issuer")
            sentence = f"production needs a way to sign in: set this, or {issuer}, _AUDIENCE and _JWKS_URL."
            raise ConfigurationError(variable_of("firebase_project_id"), sentence)
        if self.firebase_emulator_url:
            raise ConfigurationError(
                variable_of("firebase_emulator_url"), "must not be set in production: passwords would go there."
            )
        if is_plain_http(self.oidc_jwks_url):
            sentence = "must start with https:// in production: whoever can change its answers can sign in as anybody."
            raise ConfigurationError(variable_of("oidc_jwks_url"), sentence)
