"""Input from outside, checked against its schema: the same check for both doors."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from hyred_chat.errors import BadRequestError

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], payload: object) -> Model:
    """`payload` as a `model`; raises `BadRequestError` with a sentence that names the field."""
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        raise BadRequestError(describe_first_error(error.errors(include_url=False, include_input=False))) from None


def check_printable(text: str) -> str:
    """`text` itself, when ids may look like that: no control characters, no halves. Raises `ValueError`."""
    if not text.isprintable():
        raise ValueError("holds characters that no id has")
    return text


# pydantic's words for a programmer, in words for whoever reads the answer.
_REASONS = {
    "missing": "is required",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "string_type": "must be text",
    "string_unicode": "holds half a character (a lone surrogate)",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "dict_type": "must be an object",
    "json_invalid": "is not valid JSON",
}


def describe_first_error(errors: Sequence[Any]) -> str:
    """The first of pydantic's errors (dicts with `loc` and `msg`) as a sentence, without the value that was sent."""
    first = errors[0]
    field = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "path", "header"})
    reason = _REASONS.get(first["type"]) or str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{field or 'The payload'}: {reason}."
