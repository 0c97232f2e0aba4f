"""The description of the REST API as a page: plain HTML of `/api/openapi.json`, without any script."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE_PATH = "/api/docs.css"
STYLE = """\
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
nav ul { columns: 20rem; padding: 0; list-style: none; }
section { margin-block: 2rem; border-block-start: 1px solid GrayText; }
code { font: 0.9em ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.25rem 0.5rem; border-block-end: 1px solid GrayText; text-align: start; vertical-align: top; }
"""
_SHAPES = "#/components/schemas/"
_Json = Mapping[str, Any]


def render_page(document: _Json) -> str:
    """The whole page.

    Args:
        document: an OpenAPI 3.1 description.
    """
    title = f"{document['info']['title']} {document['info']['version']}: REST API"
    operations = list(_operations(document))
    links = "".join(f'<li><a href="#{_id(name)}"><code>{escape(name)}</code></a></li>' for name, _ in operations)
    parts = [_section(name, operation) for name, operation in operations]
    shapes = document.get("components", {}).get("schemas", {})
    parts += [_shape(name, shape) for name, shape in sorted(shapes.items())]
    return f"""\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{STYLE_PATH}"></head>
<body>
<h1>{escape(title)}</h1>
<p>Requests carry <code>Authorization: Bearer TOKEN</code>: an ID token or a development token, and for
<code>/api/admin</code> one of the host's API keys. The same description for programs is
<a href="/api/openapi.json">/api/openapi.json</a>.</p>
<nav aria-label="Routes"><ul>{links}</ul></nav>
<main>{"".join(parts)}</main>
</body>
</html>
"""


def _operations(document: _Json) -> Iterator[tuple[str, _Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _section(name: str, operation: _Json) -> str:
    rows = [
        (parameter["name"], f"{parameter['in']}, {_type(parameter['schema'])}", _remark(parameter))
        for parameter in operation.get("parameters", ())
    ]
    body = _content(operation.get("requestBody", {}))
    if body is not None:
        rows.append(("(body)", _type(body), "required" if operation["requestBody"].get("required") else ""))
    answer = _content(operation["responses"].get("200", {}))
    if answer is not None:
        rows.append(("(answer)", _type(answer), ""))
    text = f"<p>{escape(operation.get('description') or operation.get('summary', ''))}</p>"
    return f'<section id="{_id(name)}"><h2><code>{escape(name)}</code></h2>{text}{_table(rows)}</section>'


def _shape(name: str, shape: _Json) -> str:
    required = shape.get("required", ())
    rows = [
        (field, _type(schema), ", ".join(filter(None, ("required" if field in required else "", _remark(schema)))))
        for field, schema in shape.get("properties", {}).items()
    ]
    text = f"<p>{escape(shape.get('description', ''))}</p>" if rows else f"<p>{_type(shape)}</p>"
    return f'<section id="{_id(name)}"><h2>{escape(name)}</h2>{text}{_table(rows)}</section>'


def _table(rows: list[tuple[str, str, str]]) -> str:
    """Rows of a name, a type as HTML, and a remark."""
    lines = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{kind}</td><td>{escape(remark)}</td></tr>'
        for name, kind, remark in rows
    )
    return f"<table><tbody>{lines}</tbody></table>" if rows else ""


def _content(part: _Json) -> _Json | None:
    schema: _Json | None = part.get("content", {}).get("application/json", {}).get("schema")
    return schema


def _type(schema: _Json) -> str:
    """A type in a few words, as HTML; shapes are links."""
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix(_SHAPES)
        return f'<a href="#{_id(name)}">{escape(name)}</a>'
    for way in ("anyOf", "oneOf", "allOf"):
        if way in schema:
            return " or ".join(_type(option) for option in schema[way])
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in values)
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("type", "anything")))


def _remark(schema: _Json) -> str:
    """What else is said of a field or a parameter: its bounds and its meaning."""
    bounds = {**schema.get("schema", {}), **schema}
    names = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "default")
    said = [f"{name} {bounds[name]}" for name in names if bounds.get(name) is not None]
    required = ["required"] if schema.get("required") is True else []
    return ", ".join([*required, *said, *filter(None, [schema.get("description")])])


def _id(name: str) -> str:
    return escape("".join(character if character.isalnum() else "-" for character in name))
