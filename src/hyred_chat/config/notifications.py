"""When people are notified, and by which providers."""

from typing import ClassVar

from pydantic import Field, SecretStr

from hyred_chat.config.subject import Subject
from hyred_chat.config.values import Folder, Hosts, VapidSubject, WebUrl, is_plain_http
from hyred_chat.config.variables import ConfigurationError, variable_of

_PUSH_SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")


class NotificationSettings(Subject):
    """Notifications, and the worker that pushes them."""

    title: ClassVar[str] = "Notifications"

    push_grace_seconds: float = Field(
        default=5,
        ge=0,
        le=300,
        description="How long a user who is in the chat, but not in that room, has to read a message before it is "
        "pushed.",
    )
    push_worker: bool = Field(
        default=True, description="Send pushes from this process. Off: a separate `hyred-chat worker` sends them."
    )
    push_concurrency: int = Field(
        default=50,
        ge=1,
        le=1000,
        description="Pushes to each provider that may be in progress at once, in each process.",
    )
    push_lease_seconds: float = Field(
        default=30,
        ge=1,
        le=600,
        description="How long it takes until other workers take over the pushes of a killed process.",
    )
    push_ttl_seconds: int = Field(
        default=86_400,
        ge=60,
        le=2_419_200,
        description="How long a push stays deliverable: the server retries a provider that is down, and the provider "
        "keeps the push for a device that is off.",
    )
    notification_days: int = Field(
        default=90, ge=1, le=3650, description="How long notices and the record of notifications are kept."
    )
    fcm_service_account: Folder | None = Field(
        default=None,
        description="Push by Firebase Cloud Messaging (Android, iOS): the file with a service account's JSON key.",
    )
    fcm_url: WebUrl = Field(
        default="https://fcm.googleapis.com", description="The address of FCM, or of a stand-in for tests."
    )
    vapid_private_key: SecretStr | None = Field(
        default=None,
        repr=False,
        description="Push to browsers by Web Push: a VAPID private key, 32 bytes in base64url. Default: in development "
        "with the embedded database, a key is created; otherwise there is no Web Push.",
    )
    vapid_subject: VapidSubject | None = Field(
        default=None,
        description="A contact for push services: `mailto:…` or `https://…`. Required with the key in production.",
    )
    web_push_hosts: Hosts = Field(
        default=_PUSH_SERVICES,
        description="Hosts (and their subdomains) of push services, comma-separated. Browsers name the address for "
        "their pushes; the server sends to these hosts only. Default: those of Chrome, Firefox, Safari and Edge.",
    )

    def check(self, *, in_production: bool) -> None:
        """Production pushes encrypted, and says who it is. Raises `ConfigurationError`."""
        super().check(in_production=in_production)
        if not in_production:
            return
        if is_plain_http(self.fcm_url):
            sentence = "must start with https:// in production: whoever can read its requests can push in your name."
            raise ConfigurationError(variable_of("fcm_url"), sentence)
        if self.vapid_private_key and not self.vapid_subject:
            raise ConfigurationError(variable_of("vapid_subject"), "must be set too: it belongs to the key.")
