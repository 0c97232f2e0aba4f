"""Channels and keys from settings."""

from hyred_chat.config import ConfigurationError, Settings, variable_of
from hyred_chat.push.bounds import BoundedChannel
from hyred_chat.push.channels import Channels
from hyred_chat.push.decisions import Patience
from hyred_chat.push.fcm import Fcm
from hyred_chat.push.google_tokens import ServiceAccountError, load_service_account
from hyred_chat.push.vapid import VapidKey, load_or_make
from hyred_chat.push.web_push import WebPush
from hyred_chat.push.worker import WorkerSettings

# A push that takes longer is tried again, well before another worker takes its lease over.
MAX_TIMEOUT_SECONDS = 10.0
DEVELOPER = "mailto:developer@localhost"


def vapid_key(settings: Settings) -> VapidKey | None:
    """The key of Web Push. Where there is none it is made, and kept beside the embedded database, in development only.

    Raises:
        ConfigurationError: it is none.
    """
    name = "vapid_private_key"
    given = settings.vapid_private_key
    if given is None and (settings.is_production or not settings.uses_embedded_database):
        return None
    try:
        key = given.get_secret_value() if given is not None else load_or_make(settings.data_dir)
        return VapidKey(key, settings.vapid_subject or DEVELOPER)
    except ValueError as error:
        raise ConfigurationError(variable_of(name), str(error)) from None
    except OSError as error:
        raise ConfigurationError(variable_of("data_dir"), f"cannot hold a key: {error.strerror}.") from None


def channels(settings: Settings, web_key: VapidKey | None) -> Channels:
    """The channels that are configured.

    Raises:
        ConfigurationError: the service account is none.
    """
    timeout_seconds = min(MAX_TIMEOUT_SECONDS, settings.push_lease_seconds / 2)
    concurrency = settings.push_concurrency
    fcm = web_push = None
    if settings.fcm_service_account is not None:
        try:
            account = load_service_account(settings.fcm_service_account)
        except ServiceAccountError as error:
            raise ConfigurationError(variable_of("fcm_service_account"), str(error)) from None
        way = Fcm(account, url=settings.fcm_url, timeout_seconds=timeout_seconds, connections=concurrency)
        fcm = BoundedChannel(way, concurrency=concurrency)
    if web_key is not None:
        browsers = WebPush(web_key, timeout_seconds=timeout_seconds, connections=concurrency)
        web_push = BoundedChannel(browsers, concurrency=concurrency)
    return Channels(fcm=fcm, web_push=web_push)


def worker_settings(settings: Settings) -> WorkerSettings:
    """How the worker works."""
    return WorkerSettings(
        patience=Patience(grace_seconds=settings.push_grace_seconds, ttl_seconds=settings.push_ttl_seconds),
        lease_seconds=settings.push_lease_seconds,
        concurrency=settings.push_concurrency,
    )
