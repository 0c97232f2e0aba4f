"""What pushes say, each in its device's language."""

import pytest

from hyred_chat.push.channels import Push
from hyred_chat.push.content import push_of, title_and_body
from hyred_chat.push.facts import Due
from tests.unit.push.facts import NOTICE, due, reader, room

HIDDEN = reader(wants_preview=False)


def pushed(subject: Due, locale: str | None) -> Push:
    return push_of(subject, locale=locale, badge=3, ttl_seconds=60)


@pytest.mark.parametrize(
    ("subject", "english", "spanish"),
    [
        (due(room(read_seq=0)), "3 new messages", "3 mensajes nuevos"),
        (due(room(message_type="image")), "Sent a picture", "Ha enviado una foto"),
        (due(room(message_type="file")), "Sent a file", "Ha enviado un archivo"),
        (due(reader=HIDDEN), "New message", "Mensaje nuevo"),
        (due(room(read_seq=0), reader=HIDDEN), "3 new messages", "3 mensajes nuevos"),
        (due(NOTICE, reader=HIDDEN), "You have a new notification", "Tienes una notificación nueva"),
    ],
    ids=["count", "picture", "file", "hidden", "hidden count", "hidden notice"],
)
def test_the_server_s_own_words_are_in_the_language_of_the_device(subject: Due, english: str, spanish: str) -> None:
    for locale in ("es", "es-MX", "ES-419", "es_AR.UTF-8"):
        assert pushed(subject, locale).body == spanish
    for other in (None, "en", "en-GB", "de-DE", "est", ""):
        assert pushed(subject, other).body == english


def test_people_s_words_and_the_host_s_are_never_translated() -> None:
    assert (pushed(due(), "es").title, pushed(due(), "es").body) == ("Ana", "Hello")
    assert (pushed(due(NOTICE), "es").title, pushed(due(NOTICE), "es").body) == ("A job for you", "Look")


def test_the_list_is_in_english_for_all_devices() -> None:
    assert title_and_body(due(room(read_seq=0))) == ("Ana", "3 new messages")
