"""Documents: the first page of a PDF, as it is shown before the document is opened."""

from collections.abc import Mapping
from typing import Any, BinaryIO, Final

import pypdfium2

from hyred_chat.files.examiner.errors import RefusedError
from hyred_chat.files.examiner.previews import write_previews

# The longest side of the first page, in pixels.
PAGE_SIDE: Final = 1200
_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD


def examine(source: BinaryIO, outputs: Mapping[str, BinaryIO]) -> dict[str, Any]:
    """Draw the first page of a PDF; one that needs a password has none. Raises `RefusedError`."""
    found: dict[str, Any] = {
        "kind": "pdf",
        "contentType": "application/pdf",
        "extension": ".pdf",
        "extensions": [],
        "previews": [],
    }
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            return found
        raise RefusedError("broken") from None
    try:
        page = document[0]
        width, height = page.get_size()
        scale = PAGE_SIDE / max(width, height, 1.0)
        picture = page.render(scale=scale).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, IndexError, ValueError):
        raise RefusedError("broken") from None
    return found | write_previews(picture, outputs) | {"width": picture.width, "height": picture.height}


def warm_up() -> None:
    """Load the library, by making and drawing an empty page."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(10, 10).render().to_pil()
    document.close()
