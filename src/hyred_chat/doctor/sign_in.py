"""Whether the issuer's keys can be fetched: without them nobody's token can be checked."""

import asyncio

import httpx

from hyred_chat.accounts.public_keys import KeySetError, PublicKeys, download_keys
from hyred_chat.config import Settings
from hyred_chat.doctor.findings import Finding, ok, problem

SUBJECT = "key set"


def check_key_set(settings: Settings) -> Finding:
    """Fetch the key set once, as sign-in does, and count the keys that it could use."""
    url = settings.oidc_jwks_url
    if url is None:
        return ok(SUBJECT, "Not needed: no issuer is configured.")
    try:
        count = len(asyncio.run(_download(url)).keys)
    except KeySetError as error:
        return problem(SUBJECT, f"{error}. Check HYRED_OIDC_JWKS_URL and this machine's access to the internet.")
    return ok(SUBJECT, f"{url} holds {count} {'key' if count == 1 else 'keys'}.")


async def _download(url: str) -> PublicKeys:
    async with httpx.AsyncClient() as client:
        return await download_keys(client, url)
