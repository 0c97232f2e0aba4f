"""What a system message says: stored as who did what, and put into words whenever somebody reads it.

So names in it are those that people have by then, and nobody's name is kept in a message. The sentence is English, for
clients that know no better; `metadata` has all that it takes to say the same in any language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from hyred_chat.messages.records import MessageRecord
from hyred_chat.text.isolation import isolate

# Of those that an event is about; a group may begin with a thousand.
MAX_NAMED_PEOPLE = 100
# Of the people of an event, named in its sentence before the others are counted.
MAX_NAMES = 3

NameOf = Callable[[str], str]

_PHRASES = {
    "created": "{actor} created the group “{title}”.",
    "renamed": "{actor} renamed the group to “{title}”.",
    "avatar_changed": "{actor} changed the picture of the group.",
    "added": "{actor} added {people}.",
    "removed": "{actor} removed {people}.",
    "left": "{actor} left.",
    "role_changed owner": "{people} is an owner of the group now.",
    "role_changed admin": "{people} is an admin of the group now.",
    "role_changed member": "{people} is an ordinary member of the group now.",
}


@dataclass(frozen=True, slots=True)
class SystemEvent:
    """Something that somebody did in a group.

    Attributes:
        event: `created`, `added`, `removed`, `left`, `renamed`, `role_changed` or `avatar_changed`.
        user_ids: whom it is about; the first `MAX_NAMED_PEOPLE` are kept.
        title: the group's title from then on, where that is what it is about.
        role: the role from then on of whom it is about, likewise.
    """

    event: str
    actor_id: str
    user_ids: Sequence[str] = ()
    title: str | None = None
    role: str | None = None

    def as_metadata(self) -> str:
        """The message's `metadata`, as JSON."""
        metadata: dict[str, Any] = {
            "event": self.event,
            "actorId": self.actor_id,
            "userIds": list(self.user_ids[:MAX_NAMED_PEOPLE]),
            "title": self.title,
        }
        if self.role is not None:
            metadata["role"] = self.role
        return orjson.dumps(metadata).decode()

    def sentence(self, name_of: NameOf) -> str | None:
        """The event in words; None where this version has none for it."""
        phrase = _PHRASES.get(f"{self.event} {self.role}" if self.role else self.event)
        if phrase is None:
            return None
        return phrase.format(
            actor=isolate(name_of(self.actor_id)),
            people=_enumerate(self.user_ids, name_of),
            title=isolate(self.title or "Group"),
        )


def event_of(record: MessageRecord) -> SystemEvent | None:
    """What a message of the system is about; None of any other message."""
    if record.type != "system" or record.metadata is None:
        return None
    metadata = orjson.loads(record.metadata)
    try:
        return SystemEvent(
            metadata["event"], metadata["actorId"], metadata["userIds"], metadata.get("title"), metadata.get("role")
        )
    except KeyError:
        return None


def people_of(record: MessageRecord) -> set[str]:
    """Whom one has to know to show a message: its sender, and whoever a message of the system names."""
    event = event_of(record)
    if event is None:
        return {record.sender_id}
    return {record.sender_id, event.actor_id, *event.user_ids[:MAX_NAMES]}


def put_into_words(record: MessageRecord, name_of: NameOf) -> MessageRecord:
    """A message of the system with its sentence as its content; any other message as it is."""
    event = event_of(record)
    sentence = None if event is None else event.sentence(name_of)
    return record if sentence is None else replace(record, content=sentence)


def _enumerate(user_ids: Sequence[str], name_of: NameOf) -> str:
    names = [isolate(name_of(user_id)) for user_id in user_ids[:MAX_NAMES]]
    if (others := len(user_ids) - len(names)) > 0:
        names.append("1 other" if others == 1 else f"{others} others")
    if len(names) <= 1:
        return "".join(names) or "nobody"
    return f"{', '.join(names[:-1])} and {names[-1]}"
