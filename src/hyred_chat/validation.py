"""Input from outside, checked against its schema: the same check for both doors."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, Field, ValidationError
from pydantic.alias_generators import to_camel

from hyred_chat.errors import BadRequestError

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], payload: object) -> Model:
    """`payload` as a `model`; raises `BadRequestError` with a sentence that names the field."""
    try:
        # As `model_validate`, whose options cost a quarter of the whole check.
        validated: Model = model.__pydantic_validator__.validate_python(payload)
    except ValidationError as error:
        raise BadRequestError(describe_first_error(error.errors(include_url=False, include_input=False))) from None
    return validated


def check_printable(text: str) -> str:
    """`text` itself, when ids may look like that: no control characters, no halves. Raises `ValueError`."""
    if not text.isprintable():
        raise ValueError("holds characters that no id has")
    return text


MAX_ID_CHARS = 128
# The form of every id; whether there is such a thing is another question.
Id = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS), AfterValidator(check_printable)]

# pydantic's words for a programmer, in words for whoever reads the answer.
_REASONS = {
    "missing": "is required",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "string_type": "must be text",
    "string_unicode": "holds half a character (a lone surrogate)",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "json_invalid": "is not valid JSON",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "literal_error": "must be {expected}",
}


_FIELD = re.compile("[a-z][A-Za-z0-9_]*")


def describe_first_error(errors: Sequence[Any]) -> str:
    """The first of pydantic's errors (dicts with `loc` and `msg`) as a sentence, without the value that was sent.

    `loc` leads from the payload to the value, field by field. What is no field on the way is left out: keys that were
    sent, and pydantic's names for one of several forms of a value.
    """
    first = errors[0]
    path = () if first["type"] == "json_invalid" else first["loc"]
    named = [str(part) for part in path if isinstance(part, int) or _FIELD.fullmatch(part)]
    field = ".".join(map(to_camel, named))
    bounds = first.get("ctx") or {}
    reason = _REASONS.get(first["type"], str(first["msg"]).removeprefix("Value error, ").rstrip("."))
    return f"{field or 'The payload'}: {reason.format(**bounds) if first['type'] in _REASONS else reason}."
