"""What the page is told at start: `/app/config.json`. Everybody may read it, so nothing in it is a secret."""

from typing import Literal

from hyred_chat import __version__
from hyred_chat.config import Settings
from hyred_chat.demo import demo_people
from hyred_chat.http.models import WireModel


class DemoSignIn(WireModel):
    """Somebody to sign in as with one click. The token is a development token."""

    name: str
    role: str
    title: str
    avatar: str
    token: str


class FirebaseSignIn(WireModel):
    """How the page signs in with Firebase: REST addresses, to which it adds `:signInWithPassword` and the like."""

    project_id: str
    api_key: str
    accounts_url: str
    token_url: str

    @property
    def addresses(self) -> tuple[str, str]:
        """All that the page talks to."""
        return self.accounts_url, self.token_url


class PublicSettings(WireModel):
    """The whole."""

    environment: Literal["development", "production"]
    version: str
    max_message_chars: int
    max_file_bytes: int
    groups: Literal["nobody", "companies", "everybody"]
    demo_people: list[DemoSignIn]
    firebase: FirebaseSignIn | None
    job_url: str | None
    contract_url: str | None


def public_settings(settings: Settings) -> PublicSettings:
    """What of the settings is for the page."""
    return PublicSettings(
        environment=settings.env,
        version=__version__,
        max_message_chars=settings.max_message_chars,
        max_file_bytes=settings.max_file_bytes,
        groups=settings.groups,
        demo_people=_demo_people(settings),
        firebase=firebase_sign_in(settings),
        job_url=settings.job_url,
        contract_url=settings.contract_url,
    )


def firebase_sign_in(settings: Settings) -> FirebaseSignIn | None:
    """None when the web app does not sign in with Firebase."""
    if settings.firebase_project_id is None or settings.firebase_web_api_key is None:
        return None
    # A stand-in's first folders are the names of Google's hosts.
    base = f"{settings.firebase_emulator_url.rstrip('/')}/" if settings.firebase_emulator_url else "https://"
    return FirebaseSignIn(
        project_id=settings.firebase_project_id,
        api_key=settings.firebase_web_api_key,
        accounts_url=f"{base}identitytoolkit.googleapis.com/v1/accounts",
        token_url=f"{base}securetoken.googleapis.com/v1/token",
    )


def _demo_people(settings: Settings) -> list[DemoSignIn]:
    if not (settings.makes_demo_world and settings.accepts_dev_tokens):
        return []
    return [
        DemoSignIn(name=person.name, role=person.role, title=person.title, avatar=person.avatar_url, token=person.token)
        for person in demo_people()
    ]
