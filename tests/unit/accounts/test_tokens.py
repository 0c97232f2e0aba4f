"""What a token proves, and what none proves."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hyred_chat.accounts.claims import Claims
from hyred_chat.accounts.id_tokens import OidcVerifier
from hyred_chat.accounts.keys import KeySet
from hyred_chat.accounts.tokens import DevelopmentVerifier, TokenVerifier
from hyred_chat.errors import TokenExpiredError, UnauthenticatedError, UnavailableError
from tests.unit.accounts.issuer import AUDIENCE, Issuer, as_jwk, claims, sign


class InSeconds(int):
    """So many seconds after the test begins. Its table is made at collection, which may be long before."""

    def resolve(self) -> int:
        return int(time.time()) + self


def segment(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


async def test_a_good_token_proves_an_address_until_it_ends(
    verifier: OidcVerifier, signing_key: rsa.RSAPrivateKey
) -> None:
    ends_at = int(time.time()) + 1800
    proven = await verifier.verify(sign(signing_key, claims(exp=ends_at)))
    assert proven == Claims(email="anna@example.com", expires_at=float(ends_at))


async def test_an_audience_among_several_is_enough(verifier: OidcVerifier, signing_key: rsa.RSAPrivateKey) -> None:
    assert (await verifier.verify(sign(signing_key, claims(aud=["other", AUDIENCE])))).email == "anna@example.com"


async def test_an_elliptic_key_signs_as_well(issuer: Issuer, verifier: OidcVerifier) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer.publish(as_jwk(key, "curve"))
    assert (await verifier.verify(sign(key, claims(), key_id="curve", algorithm="ES256"))).email == "anna@example.com"


async def test_a_clock_that_is_a_little_off_does_no_harm(
    verifier: OidcVerifier, signing_key: rsa.RSAPrivateKey
) -> None:
    soon = int(time.time()) + 5
    await verifier.verify(sign(signing_key, claims(iat=soon, auth_time=soon)))


async def test_a_token_that_has_ended_is_expired(verifier: OidcVerifier, signing_key: rsa.RSAPrivateKey) -> None:
    now = int(time.time())
    with pytest.raises(TokenExpiredError):
        await verifier.verify(sign(signing_key, claims(iat=now - 3600, exp=now - 60)))


@pytest.mark.parametrize(
    "changes",
    [
        {"iat": InSeconds(600)},
        {"nbf": InSeconds(600)},
        {"auth_time": InSeconds(600)},
        {"auth_time": "yesterday"},
        {"iss": "https://issuer.example.evil.example"},
        {"iss": "https://issuer.example/"},
        {"aud": "hyred-other"},
        {"aud": []},
        {"aud": {"hyred-test": 1}},
        {"iss": None},
        {"aud": None},
        {"exp": None},
        {"exp": "never"},
        {"exp": [1]},
        {"exp": 10**400},
        {"exp": "99999999999"},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "  "},
        {"sub": 7},
        {"email": None},
        {"email": ""},
        {"email": ["anna@example.com"]},
        {"email": "anna@example.com\0"},
        {"email": "\ud800@example.com"},
        {"email": "a" * 250 + "@example.com"},
        {"email_verified": None},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": 1},
    ],
    ids=str,
)
async def test_a_claim_that_is_not_as_it_should_be_is_refused(
    verifier: OidcVerifier, signing_key: rsa.RSAPrivateKey, changes: dict[str, Any]
) -> None:
    now = {name: value.resolve() if isinstance(value, InSeconds) else value for name, value in changes.items()}
    with pytest.raises(UnauthenticatedError) as refused:
        await verifier.verify(sign(signing_key, claims(**now)))
    assert refused.value.message == "Authentication failed"


async def test_an_unverified_address_is_enough_where_the_operator_says_so(
    key_set: KeySet, signing_key: rsa.RSAPrivateKey
) -> None:
    lenient = OidcVerifier(key_set, issuer="https://issuer.example", audience=AUDIENCE, require_verified_email=False)
    proven = await lenient.verify(sign(signing_key, claims(email_verified=False)))
    assert proven.email == "anna@example.com"
    with pytest.raises(UnauthenticatedError):
        await lenient.verify(sign(signing_key, claims(email=None)))


async def test_firebase_tokens_say_when_the_sign_in_was(key_set: KeySet, signing_key: rsa.RSAPrivateKey) -> None:
    issuer = "https://securetoken.google.com/hyred-test"
    firebase = OidcVerifier(key_set, issuer=issuer, audience=AUDIENCE)
    assert (await firebase.verify(sign(signing_key, claims(iss=issuer)))).email == "anna@example.com"
    with pytest.raises(UnauthenticatedError):
        await firebase.verify(sign(signing_key, claims(iss=issuer, auth_time=None)))


@pytest.mark.parametrize(
    ("tenant_id", "firebase", "is_let_in"),
    [
        (None, {"sign_in_provider": "password"}, True),
        (None, None, True),
        (None, {"tenant": "clients-x1y2z"}, False),
        (None, {"tenant": ""}, False),
        ("clients-x1y2z", {"tenant": "clients-x1y2z"}, True),
        ("clients-x1y2z", {"tenant": "others-x1y2z"}, False),
        ("clients-x1y2z", {"sign_in_provider": "password"}, False),
        ("clients-x1y2z", None, False),
        ("clients-x1y2z", ["clients-x1y2z"], False),
    ],
)
async def test_firebase_tokens_of_another_tenant_prove_nothing(
    key_set: KeySet, signing_key: rsa.RSAPrivateKey, tenant_id: str | None, firebase: object, is_let_in: bool
) -> None:
    """A tenant has identity providers of its own, which may assert anybody's address."""
    issuer = "https://securetoken.google.com/hyred-test"
    verifier = OidcVerifier(key_set, issuer=issuer, audience=AUDIENCE, tenant_id=tenant_id)
    token = sign(signing_key, claims(iss=issuer, firebase=firebase))
    if is_let_in:
        assert (await verifier.verify(token)).email == "anna@example.com"
    else:
        with pytest.raises(UnauthenticatedError):
            await verifier.verify(token)


async def test_a_token_without_a_signature_is_refused(issuer: Issuer, verifier: OidcVerifier) -> None:
    for algorithm in ("none", "None", "NONE", "", None, ["RS256"], {"RS256": 1}):
        header = {"alg": algorithm, "typ": "JWT", "kid": "one"}
        for signature in ("", segment(b"signature")):
            with pytest.raises(UnauthenticatedError):
                await verifier.verify(f"{segment(header)}.{segment(claims())}.{signature}")
    assert issuer.requests == 0


async def test_the_public_key_is_no_secret_to_sign_with(verifier: OidcVerifier, signing_key: rsa.RSAPrivateKey) -> None:
    public = signing_key.public_key()
    forms = [
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
    ]
    for secret in forms:
        for algorithm in ("HS256", "RS256"):
            signed = f"{segment({'alg': algorithm, 'kid': 'one'})}.{segment(claims())}"
            signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
            with pytest.raises(UnauthenticatedError):
                await verifier.verify(f"{signed}.{segment(signature)}")


async def test_a_signature_by_another_key_is_refused(verifier: OidcVerifier, next_key: rsa.RSAPrivateKey) -> None:
    with pytest.raises(UnauthenticatedError):
        await verifier.verify(sign(next_key, claims()))


async def test_a_token_cannot_bring_its_own_key(
    issuer: Issuer, verifier: OidcVerifier, next_key: rsa.RSAPrivateKey
) -> None:
    own = as_jwk(next_key, "own")
    for header in ({"jwk": own}, {"jku": issuer.url}, {"x5u": issuer.url}, {"x5c": ["MIIB"]}):
        with pytest.raises(UnauthenticatedError):
            await verifier.verify(sign(next_key, claims(), **header))


async def test_a_changed_claim_breaks_the_signature(verifier: OidcVerifier, signing_key: rsa.RSAPrivateKey) -> None:
    header, _, signature = sign(signing_key, claims()).split(".")
    with pytest.raises(UnauthenticatedError):
        await verifier.verify(f"{header}.{segment(claims(email='boss@example.com'))}.{signature}")


async def test_an_extension_that_must_be_understood_is_refused(
    verifier: OidcVerifier, signing_key: rsa.RSAPrivateKey
) -> None:
    with pytest.raises(UnauthenticatedError):
        await verifier.verify(sign(signing_key, claims(), crit=["http://example.com/unknown"]))


@pytest.mark.parametrize(
    "token",
    [
        "", ".", "..", "...", "a.b.c", "garbage", "\0", "\ud800.x.y", "ключ.ключ.ключ", "a" * 8192, "." * 8192,
        segment({"alg": "RS256"}), f"{segment({'alg': 'RS256', 'kid': 'one'})}..",
        f"{segment({'alg': 'RS256', 'kid': ['one']})}.e30.", f"{segment(b'[' * 6000)}.e30.", f"{segment([])}.e30.",
        f"{segment({'alg': 'RS256', 'kid': 'one'})}.{segment(b'[' * 3000)}.{segment(b'x')}",
    ],
    ids=range(17),
)  # fmt: skip
async def test_garbage_is_refused(verifier: OidcVerifier, token: str) -> None:
    with pytest.raises(UnauthenticatedError):
        await verifier.verify(token)


async def test_development_tokens_name_an_address_or_an_id() -> None:
    verifier = DevelopmentVerifier()
    assert await verifier.verify("dev-token-anna@example.com") == Claims("anna@example.com", "anna@example.com")
    assert await verifier.verify("dev-token-user 7") == Claims("user 7", "user 7")
    assert await verifier.verify("dev-token-admin") == Claims(is_first_admin=True)


@pytest.mark.parametrize("token", ["dev-token-", "dev-token-a\0b", "dev-token-\ud800", "dev-token", "anna@example.com"])
async def test_a_development_token_that_names_nobody_is_refused(token: str) -> None:
    with pytest.raises(UnauthenticatedError):
        await DevelopmentVerifier().verify(token)


async def test_a_kind_of_token_that_is_not_configured_is_refused(
    verifier: OidcVerifier, signing_key: rsa.RSAPrivateKey
) -> None:
    good = sign(signing_key, claims())
    with pytest.raises(UnauthenticatedError):
        await TokenVerifier(oidc=verifier).verify("dev-token-admin")
    with pytest.raises(UnauthenticatedError):
        await TokenVerifier(development=DevelopmentVerifier()).verify(good)
    both = TokenVerifier(development=DevelopmentVerifier(), oidc=verifier)
    assert (await both.verify(good)).email == "anna@example.com"
    assert (await both.verify("dev-token-admin")).is_first_admin


async def test_an_issuer_that_is_not_there_is_no_refusal(signing_key: rsa.RSAPrivateKey) -> None:
    keys = KeySet("http://127.0.0.1:9/keys", cache_seconds=60)
    verifier = OidcVerifier(keys, issuer="https://issuer.example", audience=AUDIENCE)
    with pytest.raises(UnavailableError):
        await verifier.verify(sign(signing_key, claims()))
    await verifier.close()
