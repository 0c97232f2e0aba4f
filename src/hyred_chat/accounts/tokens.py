"""The tokens that this server accepts: ID tokens of the configured issuer, and development tokens."""

from hyred_chat.accounts.claims import Claims, Verifier, refusal
from hyred_chat.accounts.id_tokens import OidcVerifier
from hyred_chat.accounts.keys import KeySet
from hyred_chat.config import Settings

DEVELOPMENT_PREFIX = "dev-token-"


class DevelopmentVerifier:
    """`dev-token-<e-mail or user id>`, and `dev-token-admin` for the first admin: they prove nothing and never end."""

    async def verify(self, token: str) -> Claims:
        """See `Verifier.verify`."""
        name = token.removeprefix(DEVELOPMENT_PREFIX)
        if name == token or not name.isprintable() or not name:
            raise refusal()
        if name == "admin":
            return Claims(is_first_admin=True)
        return Claims(email=name, user_id=name)

    async def close(self) -> None:
        """See `Verifier.close`."""


class TokenVerifier:
    """Each kind of token by its own verifier. A kind that is not configured is refused."""

    def __init__(self, *, development: Verifier | None = None, oidc: Verifier | None = None) -> None:
        self._development = development
        self._oidc = oidc

    async def verify(self, token: str) -> Claims:
        """See `Verifier.verify`."""
        verifier = self._development if token.startswith(DEVELOPMENT_PREFIX) else self._oidc
        if verifier is None:
            raise refusal()
        return await verifier.verify(token)

    async def close(self) -> None:
        """See `Verifier.close`."""
        for verifier in (self._development, self._oidc):
            if verifier is not None:
                await verifier.close()


def create_verifier(settings: Settings) -> TokenVerifier:
    """The verifier of the tokens that the settings allow."""
    development = DevelopmentVerifier() if settings.accepts_dev_tokens else None
    if settings.oidc_jwks_url is None or settings.oidc_issuer is None or settings.oidc_audience is None:
        return TokenVerifier(development=development)
    oidc = OidcVerifier(
        KeySet(settings.oidc_jwks_url, cache_seconds=settings.jwks_cache_seconds),
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        require_verified_email=settings.oidc_require_verified_email,
        tenant_id=settings.firebase_tenant_id,
    )
    return TokenVerifier(development=development, oidc=oidc)
