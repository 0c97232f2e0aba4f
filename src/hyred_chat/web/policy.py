"""What the page may do in a browser: its Content-Security-Policy, and the headers that go with it."""

import re
from urllib.parse import urlsplit

from hyred_chat.config import Settings
from hyred_chat.web.public_settings import firebase_sign_in

# The one Trusted Types policy: it lets the page register its service worker (`lib/serviceWorker.ts` in web/).
TRUSTED_TYPES_POLICY = "hyred-chat"
# A Host header goes into the policy only if it is nothing but a host.
_HOST = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)

PAGE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # Voice is recorded, and pictures are taken, by the page itself.
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), display-capture=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def content_security_policy(settings: Settings, host: str) -> str:
    """The value of the header.

    Args:
        settings: say who may frame the page, and whether it talks to Firebase.
        host: of the request. Older browsers do not take `'self'` to mean its WebSockets.
    """
    sockets = (f"ws://{host}", f"wss://{host}") if _HOST.fullmatch(host) else ()
    directives = {
        "default-src": ("'none'",),
        "script-src": ("'self'",),
        "style-src": ("'self'",),
        # Pictures of people are wherever the host keeps them; those of the demo world are here, by one of our names.
        # `blob:` is what is in the page alone: what somebody has chosen, before it is sent, and what is kept to be read
        # without a network.
        "img-src": ("'self'", "data:", "blob:", "https:", *_demo_origins(settings)),
        "media-src": ("'self'", "blob:"),
        "font-src": ("'self'",),
        "connect-src": ("'self'", *sockets, *_sign_in_origins(settings)),
        "manifest-src": ("'self'",),
        "worker-src": ("'self'",),
        "base-uri": ("'none'",),
        "form-action": ("'self'",),
        "frame-ancestors": settings.frame_ancestors or ("'none'",),
        "require-trusted-types-for": ("'script'",),
        "trusted-types": (TRUSTED_TYPES_POLICY,),
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def _demo_origins(settings: Settings) -> tuple[str, ...]:
    return (settings.own_origin,) if settings.makes_demo_world and settings.own_origin else ()


def _sign_in_origins(settings: Settings) -> tuple[str, ...]:
    firebase = firebase_sign_in(settings)
    if firebase is None:
        return ()
    addresses = (urlsplit(url) for url in firebase.addresses)
    # A stand-in is one origin for both.
    return tuple(dict.fromkeys(f"{address.scheme}://{address.netloc}" for address in addresses))
