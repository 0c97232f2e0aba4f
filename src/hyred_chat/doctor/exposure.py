"""What is open to strangers that need not be."""

from collections.abc import Iterator

from hyred_chat.config import Settings, variable_of
from hyred_chat.doctor.findings import Finding, ok, warning
from hyred_chat.listening import raise_descriptor_limit, room_for_connections

SUBJECT = "exposure"
# Fewer connections than this are soon all taken, by people or by others.
FEW_CONNECTIONS = 4096
# What a key made of random characters should have at least; shorter ones are more often words.
SHORT_KEY_CHARS = 32
# Settings of which 0 is no limit, by what can happen then.
_LIMITS = {
    "one client can use up the server": (
        "max_connections_per_address",
        "max_handshakes_per_second",
        "rate_limit_messages_per_minute",
        "rate_limit_events_per_minute",
        "rate_limit_requests_per_minute",
        "rate_limit_downloads_per_minute",
    ),
    "one person can fill the disk": ("max_file_bytes_per_day",),
    "one person can write to any number of strangers": ("rate_limit_new_rooms_per_hour",),
    "one person can bury the moderators in reports": ("rate_limit_reports_per_hour",),
}


def check_exposure(settings: Settings) -> Iterator[Finding]:
    """What the settings and this machine leave open."""
    found = [*_proxies(settings), *_limits(settings), *_keys(settings), *_descriptors(settings)]
    if settings.is_production and settings.serves_api_docs:
        found.append("HYRED_API_DOCS=true shows all routes to everybody. Unset it in production.")
    yield from (warning(SUBJECT, sentence) for sentence in found)
    if not found:
        yield ok(SUBJECT, "Nothing is open that need not be.")


def _proxies(settings: Settings) -> Iterator[str]:
    if settings.is_production and not settings.trusted_proxies:
        yield (
            "No reverse proxy is configured, and this server does not speak TLS: tokens and messages cross the network "
            "in the clear. Put a proxy with a certificate in front, and set HYRED_TRUSTED_PROXIES to its address."
        )
    for network in settings.trusted_proxies:
        if network.prefixlen == 0:
            yield (
                f"HYRED_TRUSTED_PROXIES={network} believes everybody about their address, so limits by address do not "
                "work. Name the proxy's address."
            )


def _limits(settings: Settings) -> Iterator[str]:
    for consequence, names in _LIMITS.items():
        off = [variable_of(name) for name in names if not getattr(settings, name)]
        if off:
            verb = "is" if len(off) == 1 else "are"
            yield f"{', '.join(off)} {verb} 0: {consequence}. Unset it to have the default limit."


def _keys(settings: Settings) -> Iterator[str]:
    if any(len(key) < SHORT_KEY_CHARS for key in settings.admin_api_keys):
        yield (
            f"A key in HYRED_ADMIN_API_KEYS has fewer than {SHORT_KEY_CHARS} characters and might be guessed. "
            "Make one with: openssl rand -hex 32"
        )


def _descriptors(settings: Settings) -> Iterator[str]:
    raise_descriptor_limit()
    room = room_for_connections(settings)
    if room.connections < FEW_CONNECTIONS:
        yield (
            f"The system's limit of file descriptors leaves room for {room.connections} connections. Raise it: "
            "LimitNOFILE= in a systemd unit, --ulimit nofile= for a container, or ulimit -Hn."
        )
