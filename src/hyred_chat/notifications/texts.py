"""What the server says in its own words, in the languages that it knows. People's and the host's are left alone."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """One language. `new_messages` holds `{count}`, of more than one."""

    new_message: str
    new_messages: str
    new_notice: str
    picture: str
    file: str


ENGLISH = Texts(
    new_message="New message",
    new_messages="{count} new messages",
    new_notice="You have a new notification",
    picture="Sent a picture",
    file="Sent a file",
)

SPANISH = Texts(
    new_message="Mensaje nuevo",
    new_messages="{count} mensajes nuevos",
    new_notice="Tienes una notificación nueva",
    picture="Ha enviado una foto",
    file="Ha enviado un archivo",
)


def texts_of(locale: str | None) -> Texts:
    """In the language of a device's locale (`es`, `es-MX`, `es_AR.UTF-8`), English where there is none for it."""
    language = re.split(r"[-_.@]", locale or "", maxsplit=1)[0]
    return SPANISH if language.lower() == "es" else ENGLISH
