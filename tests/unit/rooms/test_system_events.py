"""What a system message says."""

import json

import pytest

from hyred_chat.messages.records import MessageRecord
from hyred_chat.rooms.system_events import MAX_NAMED_PEOPLE, SystemEvent, people_of, put_into_words

NAMES = {"ana": "Ana", "ben": "Ben", "cem": "Cem", "dan": "Dan", "eve": "Eve", "dov": "\u05d3\u05d1"}


def message(metadata: str | None, *, message_type: str = "system") -> MessageRecord:
    return MessageRecord("room", 1, "m-1", None, "ana", "as it was", message_type, metadata, "2026-01-01T00:00:00.000Z")


def words(event: SystemEvent) -> str:
    return put_into_words(message(event.as_metadata()), NAMES.__getitem__).content


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (SystemEvent("created", "ana", ["ben"], title="Launch"), "Ana created the group “Launch”."),
        (SystemEvent("renamed", "ana", title="Landing"), "Ana renamed the group to “Landing”."),
        (SystemEvent("avatar_changed", "ana"), "Ana changed the picture of the group."),
        (SystemEvent("left", "ana", ["ana"]), "Ana left."),
        (SystemEvent("added", "ana", ["ben"]), "Ana added Ben."),
        (SystemEvent("added", "ana", ["ben", "cem"]), "Ana added Ben and Cem."),
        (SystemEvent("added", "ana", ["ben", "cem", "dan"]), "Ana added Ben, Cem and Dan."),
        (SystemEvent("added", "ana", ["ben", "cem", "dan", "eve"]), "Ana added Ben, Cem, Dan and 1 other."),
        (SystemEvent("removed", "ana", ["ben"]), "Ana removed Ben."),
        (SystemEvent("role_changed", "ana", ["ben"], role="owner"), "Ben is an owner of the group now."),
        (SystemEvent("role_changed", "ana", ["ben"], role="admin"), "Ben is an admin of the group now."),
        (SystemEvent("role_changed", "ana", ["ben"], role="member"), "Ben is an ordinary member of the group now."),
        (SystemEvent("added", "ana", ["dov"]), "Ana added \u2068\u05d3\u05d1\u2069."),
        (SystemEvent("renamed", "ana", title="{actor} %s"), "Ana renamed the group to “{actor} %s”."),
    ],
)
def test_each_event_has_a_sentence_with_the_names_of_now(event: SystemEvent, sentence: str) -> None:
    assert words(event) == sentence


@pytest.mark.parametrize(
    "metadata",
    [None, "{}", '{"event": "levitated", "actorId": "ana", "userIds": []}', '{"event": "left", "userIds": []}'],
)
def test_what_this_version_has_no_words_for_is_shown_as_it_was_stored(metadata: str | None) -> None:
    assert put_into_words(message(metadata), NAMES.__getitem__).content == "as it was"


def test_other_messages_are_shown_as_they_are_whatever_their_metadata() -> None:
    text = message(SystemEvent("left", "ana").as_metadata(), message_type="text")
    assert put_into_words(text, NAMES.__getitem__) is text
    assert people_of(text) == {"ana"}


def test_an_event_keeps_the_first_of_many_people() -> None:
    event = SystemEvent("created", "ana", [f"user-{number}" for number in range(1000)], title="All")
    assert json.loads(event.as_metadata())["userIds"] == list(event.user_ids[:MAX_NAMED_PEOPLE])


def test_showing_an_event_takes_its_people() -> None:
    assert people_of(message(SystemEvent("removed", "cem", ["ben"]).as_metadata())) == {"ana", "ben", "cem"}
