"""ID tokens of an OpenID Connect issuer. Firebase is one."""

import time
from typing import Any, TypeGuard

import jwt

from hyred_chat.accounts.claims import Claims, refusal
from hyred_chat.accounts.keys import KeySet
from hyred_chat.accounts.public_keys import ALGORITHMS
from hyred_chat.accounts.schemas import MAX_EMAIL_CHARS
from hyred_chat.errors import TokenExpiredError

FIREBASE_ISSUER_PREFIX = "https://securetoken.google.com/"

_LEEWAY_SECONDS = 10  # for clocks that are not quite the issuer's
_MAX_UNIX_SECONDS = 1e11


class OidcVerifier:
    """ID tokens of one issuer (OpenID Connect Core 1.0, 3.1.3.7).

    The signature is checked against the issuer's published keys and nothing else: what a token's header says about
    keys (`jku`, `x5u`, `x5c`, `jwk`) is ignored, and so is every algorithm but two asymmetric ones.
    """

    def __init__(
        self,
        keys: KeySet,
        *,
        issuer: str,
        audience: str,
        require_verified_email: bool = True,
        tenant_id: str | None = None,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._require_verified_email = require_verified_email
        self._tenant_id = tenant_id
        self._is_firebase = issuer.startswith(FIREBASE_ISSUER_PREFIX)

    async def verify(self, token: str) -> Claims:
        """See `Verifier.verify`."""
        key = await self._keys.find_key(_key_id(token))
        if key is None:
            raise refusal()
        payload = self._decode(token, key)
        self._check_sign_in(payload)
        return Claims(email=self._email(payload), expires_at=float(payload["exp"]))

    async def close(self) -> None:
        """See `Verifier.close`."""
        await self._keys.close()

    def _decode(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpiredError("The sign-in has expired. Please sign in again.") from None
        except jwt.PyJWTError:
            raise refusal() from None

    def _check_sign_in(self, payload: dict[str, Any]) -> None:
        """Firebase's own rules: `sub` is not empty, the sign-in itself (`auth_time`) has happened, the tenant is right.

        A tenant of a project has identity providers of its own, which may assert any address.
        """
        auth_time = payload.get("auth_time", None if self._is_firebase else 0)
        if not _is_numeric_date(auth_time) or auth_time > time.time() + _LEEWAY_SECONDS:
            raise refusal()
        if not _is_numeric_date(payload["exp"]) or not payload["sub"].strip():
            raise refusal()
        if self._is_firebase and _tenant_of(payload) != self._tenant_id:
            raise refusal()

    def _email(self, payload: dict[str, Any]) -> str:
        """People are found by e-mail and never by `sub`: the issuer's ids and the host's may be alike by chance."""
        email = payload.get("email")
        if not isinstance(email, str) or not 0 < len(email) <= MAX_EMAIL_CHARS or not email.isprintable():
            raise refusal()
        if self._require_verified_email and payload.get("email_verified") is not True:
            raise refusal()
        return email


def _tenant_of(payload: dict[str, Any]) -> Any:
    """The tenant (Identity Platform) that somebody signed in to; None for the project itself."""
    firebase = payload.get("firebase")
    return firebase.get("tenant") if isinstance(firebase, dict) else None


def _is_numeric_date(value: Any) -> TypeGuard[float]:
    """Whether it is a NumericDate (RFC 7519, 2), and one that people may live to see."""
    return isinstance(value, int | float) and 0 <= value <= _MAX_UNIX_SECONDS


def _key_id(token: str) -> str | None:
    """The `kid` of a token that is at least shaped like one of ours; the keys are not looked up for others."""
    if not token.isascii():
        raise refusal()
    try:
        # The header alone: decoding is what a token costs most, so the rest is decoded once, by whoever has the key.
        header = jwt.get_unverified_header(f"{token.partition('.')[0]}..")
    except jwt.PyJWTError:
        raise refusal() from None
    if header.get("alg") not in ALGORITHMS:
        raise refusal()
    return header.get("kid")
