"""What the page may do in a browser."""

import pytest

from tests.integration.web.conftest import Serve

FIREBASE = {
    "firebase_project_id": "hyred-12345",
    "firebase_web_api_key": "AIzaSyAbcdefghijklmnopqrstuvwxyz0123456",
}
HOST = "chat.example:3000"


async def policy_of(serve: Serve, host: str = HOST, **settings: object) -> dict[str, list[str]]:
    response = await serve(**settings).get("/chat", headers={"Host": host})
    directives = (directive.split() for directive in response.headers["content-security-policy"].split(";"))
    return {name: values for name, *values in directives}


async def test_the_page_runs_nothing_but_its_own_files(serve: Serve) -> None:
    policy = await policy_of(serve)
    assert policy["default-src"] == ["'none'"]
    for directive in ("script-src", "style-src", "font-src", "worker-src", "manifest-src", "form-action"):
        assert policy[directive] == ["'self'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert policy["trusted-types"] == ["hyred-chat"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & {value for values in policy.values() for value in values}


@pytest.mark.parametrize(("host", "origins"), [("127.0.0.1", ["http://127.0.0.1:3000"]), ("0.0.0.0", [])])
async def test_pictures_of_the_demo_world_are_shown_whatever_the_server_is_called(
    serve: Serve, host: str, origins: list[str]
) -> None:
    page = await serve(host=host, port=3000).get("/chat", headers={"Host": "localhost:3000"})
    [pictures] = [each.split()[1:] for each in page.headers["content-security-policy"].split(";") if "img-src" in each]
    assert pictures == ["'self'", "data:", "blob:", "https:", *origins]


async def test_what_is_played_is_the_servers_or_the_pages_own(serve: Serve) -> None:
    assert (await policy_of(serve))["media-src"] == ["'self'", "blob:"]


async def test_the_page_talks_to_its_own_server_only(serve: Serve) -> None:
    assert (await policy_of(serve))["connect-src"] == ["'self'", f"ws://{HOST}", f"wss://{HOST}"]


@pytest.mark.parametrize("host", ["[::1]:3000", "127.0.0.1", "Chat.Example"])
async def test_every_kind_of_host_has_its_sockets_allowed(serve: Serve, host: str) -> None:
    assert f"wss://{host}" in (await policy_of(serve, host))["connect-src"]


@pytest.mark.parametrize("host", ["x; script-src *", "x *", "evil.example/", "a@b", "x:99999999", ""])
async def test_a_host_that_is_none_changes_nothing(serve: Serve, host: str) -> None:
    policy = await policy_of(serve, host)
    assert policy["connect-src"] == ["'self'"]
    assert policy["script-src"] == ["'self'"]


async def test_firebase_is_allowed_where_it_is_configured(serve: Serve) -> None:
    assert (await policy_of(serve, **FIREBASE))["connect-src"][-2:] == [
        "https://identitytoolkit.googleapis.com",
        "https://securetoken.googleapis.com",
    ]
    assert (await policy_of(serve, **FIREBASE, firebase_emulator_url="http://127.0.0.1:9099/"))["connect-src"][-1:] == [
        "http://127.0.0.1:9099"
    ]


async def test_nobody_frames_the_page_but_whom_the_settings_name(serve: Serve) -> None:
    assert (await policy_of(serve))["frame-ancestors"] == ["'none'"]
    policy = await policy_of(serve, frame_ancestors="https://app.example.com, https://admin.example.com")
    assert policy["frame-ancestors"] == ["https://app.example.com", "https://admin.example.com"]


async def test_the_page_keeps_to_itself(serve: Serve) -> None:
    headers = (await serve().get("/")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]


async def test_the_page_itself_records_and_plays_and_shows_what_is_chosen_there(serve: Serve) -> None:
    permissions = (await serve().get("/")).headers["permissions-policy"].split(", ")
    assert {"camera=(self)", "microphone=(self)"} <= set(permissions)
    policy = await policy_of(serve)
    assert policy["media-src"] == ["'self'", "blob:"]
    assert "blob:" in policy["img-src"]
    assert not any("blob:" in policy[name] for name in ("script-src", "worker-src", "connect-src", "style-src"))


async def test_a_file_that_is_opened_as_a_page_can_do_nothing(serve: Serve) -> None:
    for path in ("/icons/icon.svg", "/assets/index-8f3a.js", "/app/config.json"):
        assert (await serve().get(path)).headers["content-security-policy"] == "default-src 'none'"


async def test_another_policy_is_another_version_of_page_and_worker(serve: Serve) -> None:
    before, after = serve(), serve(frame_ancestors="https://app.example.com")
    for path in ("/", "/sw.js"):
        assert (await before.get(path)).headers["etag"] != (await after.get(path)).headers["etag"]
    assert (await before.get("/sw.js")).content != (await after.get("/sw.js")).content
    same = await before.get("/", headers={"Host": "other.example"})
    assert same.headers["etag"] == (await before.get("/")).headers["etag"]
