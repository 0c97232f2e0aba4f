"""Input against its schema: a refusal is a sentence that names the field, and says nothing of what was sent."""

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from hyred_chat.errors import BadRequestError
from hyred_chat.http.models import RequestModel
from hyred_chat.validation import validate

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Inner(RequestModel):
    tag: str


class Draft(RequestModel):
    room_id: Annotated[str, Field(min_length=1, max_length=5)]
    seq: Annotated[int, Field(ge=0)] = 0
    is_typing: bool = False
    inner: Inner | None = None
    tags: dict[str, Any] | None = None
    body: str | None = None
    places: dict[Annotated[str, Field(min_length=1)], Annotated[int, Field(ge=0)] | Inner] | None = None


def refusal(payload: object) -> str:
    with pytest.raises(BadRequestError) as caught:
        validate(Draft, payload)
    return caught.value.message


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (None, "The payload: must be an object."),
        ("text", "The payload: must be an object."),
        ([], "The payload: must be an object."),
        ({}, "roomId: is required."),
        ({"room_id": "r"}, "roomId: is required."),
        ({"roomId": None}, "roomId: must be text."),
        ({"roomId": 7}, "roomId: must be text."),
        ({"roomId": "\ud800"}, "roomId: holds half a character (a lone surrogate)."),
        ({"roomId": "r", "seq": "1"}, "seq: must be a whole number."),
        ({"roomId": "r", "seq": 1.0}, "seq: must be a whole number."),
        ({"roomId": "r", "seq": True}, "seq: must be a whole number."),
        ({"roomId": "r", "isTyping": 1}, "isTyping: must be true or false."),
        ({"roomId": "r", "inner": []}, "inner: must be an object."),
        ({"roomId": "r", "inner": {"tag": 1}}, "inner.tag: must be text."),
        ({"roomId": "r", "tags": []}, "tags: must be an object."),
        ({"roomId": "r", "body": 1}, "body: must be text."),
        ({"roomId": "r", "places": {"01aB": "1"}}, "places: must be a whole number."),
        ({"roomId": "r", "places": {"A secret": -1}}, "places: must be at least 0."),
        ({"roomId": "r", "places": {"": 1}}, "places: must have at least 1 characters."),
    ],
    ids=ascii,
)
def test_a_refusal_names_the_field_and_what_is_wrong(payload: object, sentence: str) -> None:
    assert refusal(payload) == sentence


def test_good_input_comes_out_typed_and_unknown_fields_are_ignored() -> None:
    draft = validate(Draft, {"roomId": "r", "seq": 3, "colour": "red", "inner": {"tag": "x", "more": 1}})
    assert (draft.room_id, draft.seq, draft.inner) == ("r", 3, Inner(tag="x"))


FIELDS = ("roomId", "seq", "isTyping", "inner", "tags")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)) | JSON)
def test_whatever_comes_is_taken_or_refused_in_one_short_sentence(payload: object) -> None:
    sentence = ""
    try:
        validate(Draft, payload)
    except BadRequestError as error:
        sentence = error.message
    assert sentence == "" or sentence.endswith(".")
    assert len(sentence) < 200
    assert "pydantic" not in sentence


@given(st.text(min_size=40, max_size=80))
def test_a_refusal_never_repeats_what_was_sent(secret: str) -> None:
    for payload in (
        {"roomId": secret},
        {"roomId": "r", "seq": secret},
        {"roomId": "r", "inner": secret},
        {"roomId": "r", "places": {f"-{secret}": secret}},
    ):
        assert secret not in refusal(payload)
