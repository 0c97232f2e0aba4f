"""The files of the web app: where they are, how they are kept, and in which form they are sent."""

from pathlib import Path

import httpx
import pytest

from tests.integration.realtime.application import RunningApplication
from tests.integration.web.conftest import FILES, SCRIPT, Serve, body_of

CONSOLE_PAGES = ["/console", "/console/", "/console/reports?state=open"]
PAGES = ["/", "/chat", "/chat/", "/chat/0b0f8f0e", "/chat/0b0f8f0e?from=mail"]
FOR_GOOD = "public, max-age=31536000, immutable"
TRAVERSALS = [
    "/assets/../../secret.js",
    "/assets/..%2F..%2Fsecret.js",
    "/assets/%2e%2e/%2e%2e/secret.js",
    "/assets//etc/passwd",
    "/assets/..%5C..%5Csecret.js",
    "/assets/index-8f3a.js%00",
    "/icons/../../secret.js",
]


@pytest.mark.parametrize("path", PAGES)
async def test_every_address_of_the_app_is_the_same_page(serve: Serve, path: str) -> None:
    response = await serve().get(path)
    assert response.status_code == 200
    assert response.content == FILES["index.html"]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", CONSOLE_PAGES)
async def test_every_address_of_the_console_is_its_own_page_under_the_policy_of_the_app(
    serve: Serve, path: str
) -> None:
    http = serve()
    response, page = await http.get(path), await http.get("/")
    assert response.status_code == 200
    assert response.content == FILES["console.html"]
    for header in ("content-security-policy", "cache-control", "referrer-policy", "cross-origin-opener-policy"):
        assert response.headers[header] == page.headers[header]


async def test_an_asset_is_kept_for_good_and_all_else_is_asked_for(serve: Serve) -> None:
    http = serve()
    lifetimes = {
        path: (await http.get(path)).headers["cache-control"]
        for path in ("/assets/index-8f3a.js", "/icons/icon.svg", "/manifest.webmanifest", "/sw.js", "/app/config.json")
    }
    assert lifetimes == {
        "/assets/index-8f3a.js": FOR_GOOD,
        "/icons/icon.svg": "public, max-age=86400",
        "/manifest.webmanifest": "no-cache",
        "/sw.js": "no-cache",
        "/app/config.json": "no-cache",
    }


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/assets/index-8f3a.js", "text/javascript; charset=utf-8"),
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/icons/icon.svg", "image/svg+xml"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/app/config.json", "application/json"),
    ],
)
async def test_every_file_says_what_it_is_and_is_not_to_be_guessed_at(serve: Serve, path: str, media_type: str) -> None:
    headers = (await serve().get(path)).headers
    assert headers["content-type"] == media_type
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "coding", "content"),
    [
        ("gzip, deflate, br, zstd", "br", FILES["assets/index-8f3a.js.br"]),
        ("gzip", "gzip", FILES["assets/index-8f3a.js.gz"]),
        ("br;q=0, gzip;q=0.5", "gzip", FILES["assets/index-8f3a.js.gz"]),
        ("BR", "br", FILES["assets/index-8f3a.js.br"]),
        ("br;q=0.000", None, SCRIPT),
        ("zstd", None, SCRIPT),
        ("", None, SCRIPT),
    ],
)
async def test_the_smallest_form_that_the_client_takes_is_sent(
    serve: Serve, accepted: str, coding: str | None, content: bytes
) -> None:
    headers, body = await body_of(serve(), "/assets/index-8f3a.js", accept_encoding=accepted)
    assert headers.get("content-encoding") == coding
    assert headers["vary"] == "Accept-Encoding"
    assert body == content


async def test_what_the_client_has_already_is_not_sent_again(serve: Serve) -> None:
    http = serve()
    for path in ("/", "/assets/index-8f3a.js", "/sw.js", "/app/config.json"):
        etag = (await http.get(path)).headers["etag"]
        for tags in (etag, f'"other", W/{etag}'):
            headers, body = await body_of(http, path, if_none_match=tags)
            assert (headers["etag"], body) == (etag, b"")
        assert (await http.get(path, headers={"If-None-Match": etag})).status_code == 304
        assert (await http.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_each_form_has_a_tag_of_its_own(serve: Serve) -> None:
    http = serve()
    tags = {
        (await body_of(http, "/assets/index-8f3a.js", accept_encoding=coding))[0]["etag"]
        for coding in ("br", "gzip", "")
    }
    assert len(tags) == 3


async def test_head_answers_like_get(serve: Serve) -> None:
    http = serve()
    for path in ("/", "/sw.js", "/assets/index-8f3a.js", "/app/config.json"):
        assert (await http.head(path)).headers == (await http.get(path)).headers


@pytest.mark.parametrize("path", [*TRAVERSALS, "/assets/index-0000.js", "/assets/index-8f3a.js.br", "/.built"])
async def test_what_is_not_a_file_of_the_build_is_not_found(serve: Serve, path: str) -> None:
    response = await serve().send(httpx.Request("GET", f"http://chat.example:3000{path}"))
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


NAVIGATION = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
NOWHERE = [
    "/login",
    "/chat/a/b",
    "/jobs/17",
    "/apis",
    "/api.html",
    "/index.html",
    "/console.html",
    "/console/a/b",
    "/assets/gone.js",
    "/app",
    "/x" * 90,
]
OF_PROGRAMS = ["/api", "/api/", "/api/nothing", "/api/chat/nothing", "/socket.io", "/socket.io/nothing"]


@pytest.mark.parametrize("path", NOWHERE)
async def test_a_person_whose_browser_goes_nowhere_gets_the_page_which_says_so(serve: Serve, path: str) -> None:
    http = serve()
    response = await http.get(path, headers={"Accept": NAVIGATION})
    assert response.status_code == 404
    assert response.content == FILES["index.html"]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    known = {"Accept": NAVIGATION, "If-None-Match": response.headers["etag"]}
    assert (await http.get(path, headers=known)).status_code == 404


@pytest.mark.parametrize("path", OF_PROGRAMS)
async def test_below_the_addresses_of_programs_nobody_gets_a_page(serve: Serve, path: str) -> None:
    response = await serve().get(path, headers={"Accept": NAVIGATION})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "", "image/png", "text/plain"])
@pytest.mark.parametrize("path", NOWHERE)
async def test_a_program_that_asks_nowhere_is_told_in_the_failure_envelope(
    serve: Serve, path: str, accept: str
) -> None:
    response = await serve().get(path, headers={"Accept": accept})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/", "/chat", "/sw.js", "/assets/index-8f3a.js"])
async def test_nothing_can_be_written_to_the_web_app(serve: Serve, path: str) -> None:
    response = await serve().post(path, content=b"{}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_without_a_build_the_page_says_how_to_get_the_app(serve: Serve, tmp_path: Path) -> None:
    http = serve(build=tmp_path / "nothing")
    for path in PAGES:
        response = await http.get(path)
        assert response.status_code == 200
        assert "make run" in response.text
        assert "default-src 'none'" in response.headers["content-security-policy"]
    for path in ("/sw.js", "/manifest.webmanifest", "/assets/index-8f3a.js"):
        assert (await http.get(path)).json()["code"] == "not_found"
    assert (await http.get("/app/config.json")).status_code == 200


async def test_the_api_keeps_its_own_answers_beside_the_web_app(running: RunningApplication) -> None:
    async with httpx.AsyncClient(base_url=running.url) as http:
        assert (await http.get("/")).headers["content-type"] == "text/html; charset=utf-8"
        for path in ("/api/nothing", "/api", "/apis", "/chat/a/b", "/index.html"):
            assert (await http.get(path)).json()["code"] == "not_found"
        assert (await http.get("/api/users/me")).json()["code"] == "unauthenticated"
        page = await http.get("/chat/a/b", headers={"Accept": NAVIGATION})
        assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "/app/config.json" not in (await http.get("/api/openapi.json")).json()["paths"]
