"""Names of files: harmless as they are kept, and told to browsers as RFC 6266 has it."""

import pytest

from hyred_chat.files.names import MAX_NAME_CHARS, clean_name, content_disposition, with_extension


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("  photo.jpg ", "photo.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a\\b:c*d?e"f<g>h|i', "a_b_c_d_e_f_g_h_i"),
        ("two\r\nlines", "two lines"),
        ("nul\0l", "null"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a\u200bb\u2066c\u00ad.txt", "abc.txt"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("履歴書.pdf", "履歴書.pdf"),
        ("👩\u200d💻.png", "👩\u200d💻.png"),
        ("", "file"),
        ("...", "file"),
        (" \u200b ", "file"),
        ("x" * 500 + ".pdf", "x" * (MAX_NAME_CHARS - 4) + ".pdf"),
        ("x" * 500, "x" * MAX_NAME_CHARS),
        ("x" * (MAX_NAME_CHARS - 2) + "👩\u200d💻", "x" * (MAX_NAME_CHARS - 2)),
        ("x" * (MAX_NAME_CHARS - 5) + "👍🏽.png", "x" * (MAX_NAME_CHARS - 5) + ".png"),
    ],
)
def test_names_have_no_paths_lines_or_directions(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize(
    ("name", "extension", "known", "expected"),
    [
        ("IMG_1.HEIC", ".jpg", (".jpeg",), "IMG_1.jpg"),
        ("photo.JPEG", ".jpg", (".jpeg",), "photo.JPEG"),
        ("photo", ".jpg", (), "photo.jpg"),
        ("v1.2-final", ".png", (), "v1.2-final.png"),
        ("photo.exe", ".png", (), "photo.png"),
        (".gif", ".webp", (), ".gif.webp"),
    ],
)
def test_a_name_ends_as_what_it_names_is(name: str, extension: str, known: tuple[str, ...], expected: str) -> None:
    assert with_extension(name, extension, known) == expected


def test_a_header_has_a_plain_name_and_the_whole_one() -> None:
    header = content_disposition('Año "x"; y=1%.pdf', inline=False)
    assert header == (
        "attachment; filename=\"A_o _x_; y=1_.pdf\"; filename*=UTF-8''A%C3%B1o%20%22x%22%3B%20y%3D1%25.pdf"
    )
    assert header.isascii()
