"""What the server says in its own words, in the languages that it knows. People's and the host's are left alone."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """One language. `new_messages` holds `{count}`, of more than one.

    Attributes:
        picture: a message of this type, without anything known of what is in it.
        file: likewise.
        files: by their kind, what one file and what several are, which hold `{count}`.
    """

    new_message: str
    new_messages: str
    new_notice: str
    picture: str
    file: str
    files: dict[str, tuple[str, str]]


ENGLISH = Texts(
    new_message="New message",
    new_messages="{count} new messages",
    new_notice="You have a new notification",
    picture="Sent a picture",
    file="Sent a file",
    files={
        "image": ("Photo", "{count} photos"),
        "video": ("Video", "{count} videos"),
        "audio": ("Audio file", "{count} audio files"),
        "voice": ("Voice message", "{count} voice messages"),
        "pdf": ("PDF document", "{count} PDF documents"),
        "file": ("File", "{count} files"),
    },
)

SPANISH = Texts(
    new_message="Mensaje nuevo",
    new_messages="{count} mensajes nuevos",
    new_notice="Tienes una notificación nueva",
    picture="Ha enviado una foto",
    file="Ha enviado un archivo",
    files={
        "image": ("Foto", "{count} fotos"),
        "video": ("Vídeo", "{count} vídeos"),
        "audio": ("Archivo de audio", "{count} archivos de audio"),
        "voice": ("Mensaje de voz", "{count} mensajes de voz"),
        "pdf": ("Documento PDF", "{count} documentos PDF"),
        "file": ("Archivo", "{count} archivos"),
    },
)


def texts_of(locale: str | None) -> Texts:
    """In the language of a device's locale (`es`, `es-MX`, `es_AR.UTF-8`), English where there is none for it."""
    language = re.split(r"[-_.@]", locale or "", maxsplit=1)[0]
    return SPANISH if language.lower() == "es" else ENGLISH
