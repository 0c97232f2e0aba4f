"""Settings that are valid, and yet probably not what somebody wants."""

import ipaddress
from collections.abc import Iterator

from hyred_chat.config import Settings, unknown_variables
from hyred_chat.doctor.findings import Finding, ok, warning

SUBJECT = "configuration"


def check_configuration(settings: Settings) -> Iterator[Finding]:
    """What the settings say, and what is odd about it."""
    for sentence in unknown_variables():
        yield warning(SUBJECT, sentence)
    if settings.accepts_dev_tokens and not _is_loopback(settings.host):
        yield warning(
            SUBJECT,
            f"Development tokens are on, and HOST={settings.host} lets others in: anybody can be anybody. "
            "Set HYRED_DEV_TOKENS=false, or HOST=127.0.0.1.",
        )
    if settings.oidc_issuer is None and not settings.accepts_dev_tokens:
        yield warning(
            SUBJECT,
            "Nobody can sign in: set HYRED_FIREBASE_PROJECT_ID, or the three HYRED_OIDC_… variables, or, to try things "
            "out, HYRED_DEV_TOKENS=true.",
        )
    if settings.is_production and settings.uses_embedded_database:
        yield warning(
            SUBJECT,
            f"The embedded database keeps all messages in {settings.data_dir}. Back it up, or set HYRED_DATABASE_URL.",
        )
    yield ok(SUBJECT, f"Every setting is valid, for {settings.env}.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
