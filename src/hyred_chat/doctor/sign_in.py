"""Whether the issuer's keys can be fetched: without them nobody's token can be checked."""

import httpx

from hyred_chat.config import Settings
from hyred_chat.doctor.findings import Finding, ok, problem

SUBJECT = "key set"
TIMEOUT_SECONDS = 5.0


def check_key_set(settings: Settings) -> Finding:
    """Fetch the key set once and count its keys."""
    url = settings.oidc_jwks_url
    if url is None:
        return ok(SUBJECT, "Not needed: no issuer is configured.")
    try:
        response = httpx.get(url, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        keys = response.json()["keys"]
        count = len([key for key in keys if "kty" in key])
    except httpx.HTTPStatusError as error:
        return problem(SUBJECT, f"{url} answers {error.response.status_code}. {_ADVICE}")
    except httpx.HTTPError:
        return problem(SUBJECT, f"{url} cannot be reached from here. {_ADVICE}")
    except (ValueError, TypeError, KeyError):
        return problem(SUBJECT, f"{url} does not answer with a JSON Web Key Set. {_ADVICE}")
    if count == 0:
        return problem(SUBJECT, f"{url} holds no keys. {_ADVICE}")
    return ok(SUBJECT, f"{url} holds {count} {'key' if count == 1 else 'keys'}.")


_ADVICE = "Check HYRED_OIDC_JWKS_URL and this machine's way out."
