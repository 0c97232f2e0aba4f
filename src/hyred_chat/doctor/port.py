"""Whether the server can listen, or is the one that does."""

import httpx

from hyred_chat.config import ConfigurationError, Settings
from hyred_chat.config.values import origin_of
from hyred_chat.doctor.findings import Finding, ok, problem
from hyred_chat.healthcheck import nearest_address
from hyred_chat.listening import check_can_listen

SUBJECT = "port"
TIMEOUT_SECONDS = 2.0


def check_port(settings: Settings) -> Finding:
    """Free, or ours."""
    if _is_served_by_us(settings.host, settings.port):
        return ok(SUBJECT, f"Hyred Chat is running on {settings.host}:{settings.port}.")
    try:
        check_can_listen(settings.host, settings.port)
    except ConfigurationError as error:
        return problem(SUBJECT, str(error))
    return ok(SUBJECT, f"{settings.host}:{settings.port} is free.")


def _is_served_by_us(host: str, port: int) -> bool:
    origin = origin_of("http", nearest_address(host), port)
    try:
        answer = httpx.get(f"{origin}/api/health/live", timeout=TIMEOUT_SECONDS, trust_env=False).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return False
    return isinstance(answer, dict) and answer.get("success") is True
