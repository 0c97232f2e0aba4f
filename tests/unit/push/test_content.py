"""What pushes say, each in its device's language."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from hyred_chat.messages.attached import FilesInShort
from hyred_chat.notifications.previews import PREVIEW_CHARS
from hyred_chat.push.channels import DeviceAddress, Push
from hyred_chat.push.content import push_of, title_and_body
from hyred_chat.push.facts import Due
from hyred_chat.push.fcm import message_of
from hyred_chat.push.web_push import payload_of
from tests.unit.push.facts import NOTICE, due, reader, room
from tests.unit.text.tables import rows_of

PHONE = DeviceAddress("d-1", "token-12345678", "android", None, None)
PREVIEWS = [(text, cut) for text, limit, cut in rows_of("previews", "text", "limit", "cut") if limit == PREVIEW_CHARS]
HIDDEN = reader(wants_preview=False)


def pushed(subject: Due, locale: str | None) -> Push:
    return push_of(subject, locale=locale, badge=3, ttl_seconds=60)


@pytest.mark.parametrize(
    ("subject", "english", "spanish"),
    [
        (due(room(read_seq=0)), "3 new messages", "3 mensajes nuevos"),
        (due(room(message_type="image")), "Sent a picture", "Ha enviado una foto"),
        (due(room(message_type="file")), "Sent a file", "Ha enviado un archivo"),
        (due(room(files=FilesInShort(1, "image", has_caption=False))), "Photo", "Foto"),
        (due(room(files=FilesInShort(1, "voice", has_caption=False))), "Voice message", "Mensaje de voz"),
        (due(room(files=FilesInShort(3, "file", has_caption=False))), "3 files", "3 archivos"),
        (due(room(content="plan.pdf", files=FilesInShort(1, "pdf", has_caption=False))), "plan.pdf", "plan.pdf"),
        (due(room(files=FilesInShort(3, "image", has_caption=True))), "Hello", "Hello"),
        (due(reader=HIDDEN), "New message", "Mensaje nuevo"),
        (due(room(read_seq=0), reader=HIDDEN), "3 new messages", "3 mensajes nuevos"),
        (due(NOTICE, reader=HIDDEN), "You have a new notification", "Tienes una notificación nueva"),
    ],
    ids=[
        "count",
        "picture",
        "file",
        "photo",
        "voice",
        "several",
        "named",
        "caption",
        "hidden",
        "hidden-count",
        "hidden-notice",
    ],
)
def test_the_server_s_own_words_are_in_the_language_of_the_device(subject: Due, english: str, spanish: str) -> None:
    for locale in ("es", "es-MX", "ES-419", "es_AR.UTF-8"):
        assert pushed(subject, locale).body == spanish
    for other in (None, "en", "en-GB", "de-DE", "est", ""):
        assert pushed(subject, other).body == english


def test_without_previews_a_push_holds_nothing_of_the_host_s_and_still_leads_to_the_conversation() -> None:
    notice = due(replace(NOTICE, data={"company": "Acme", "rate": 12}), reader=HIDDEN)
    assert set(pushed(notice, None).data) == {"type", "notificationId", "badge"}
    photo = room(message_type="image", files=FilesInShort(1, "image", has_caption=False))
    data = pushed(due(photo, reader=HIDDEN), None).data
    assert data["chatRoomId"] == "room"
    hidden = {"messageType", "attachments", "attachmentKind", "hasCaption"}
    assert not hidden & data.keys(), "which kind of message it is, is a preview too"
    assert hidden <= pushed(due(photo), None).data.keys()


def test_a_push_of_several_messages_says_nothing_of_the_files_of_the_last() -> None:
    several = due(room(read_seq=0, files=FilesInShort(1, "image", has_caption=False)))
    assert "attachmentKind" not in pushed(several, None).data


def test_people_s_words_and_the_host_s_are_never_translated() -> None:
    assert (pushed(due(), "es").title, pushed(due(), "es").body) == ("Ana", "Hello")
    assert (pushed(due(NOTICE), "es").title, pushed(due(NOTICE), "es").body) == ("A job for you", "Look")


def test_the_list_is_in_english_for_all_devices() -> None:
    assert title_and_body(due(room(read_seq=0))) == ("Ana", "3 new messages")


@pytest.mark.parametrize(("text", "body"), PREVIEWS)
def test_a_long_message_is_cut_at_what_people_see_as_a_character(text: str, body: str) -> None:
    assert pushed(due(room(content=text)), "es").body == body


@pytest.mark.parametrize(
    ("sender", "title", "expected"),
    [
        ("Ana", "The move", "Ana · The move"),
        ("\u202eante Max", "The move", "\u2068\u202eante Max\u2069 · The move"),
        ("\u05e0\u05d5\u05e2\u05d4", "Ready (soon)!", "\u2068\u05e0\u05d5\u05e2\u05d4\u2069 · Ready (soon)!"),
        ("Ana", "\u2067The move", "Ana · \u2068\u2067The move\u2069\u2069"),
        ("Max\u2069", "The move", "Max · The move"),
        ("\u05e0\u05d5\u05e2\u05d4", None, "\u05e0\u05d5\u05e2\u05d4"),
    ],
    ids=ascii,
)
def test_a_name_turns_nothing_round_that_stands_beside_it(sender: str, title: str | None, expected: str) -> None:
    assert pushed(due(room(sender_name=sender, room_title=title)), "en").title == expected


@pytest.mark.parametrize(
    "shown",
    [lambda push: message_of(PHONE, push)["notification"], lambda push: orjson.loads(payload_of(push))],
    ids=["fcm", "web push"],
)
def test_what_is_too_long_for_a_provider_is_cut_there_too(shown: Callable[[Push], dict[str, Any]]) -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    notice = replace(NOTICE, title="t" * 198 + family, body="b" * 198 + family, data={"more": "x" * 4000})
    said = shown(pushed(due(notice), "en"))
    assert (said["title"], said["body"]) == ("t" * 198 + "…", "b" * 198 + "…")


def test_messages_are_urgent_and_notices_can_wait_until_the_device_wakes_up() -> None:
    for subject, priority, urgency in ((due(), "HIGH", "high"), (due(NOTICE), "NORMAL", "normal")):
        message = message_of(PHONE, pushed(subject, None))
        assert message["android"]["priority"] == priority
        assert message["webpush"]["headers"]["Urgency"] == urgency
