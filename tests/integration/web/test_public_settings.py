"""What the page is told at start."""

from typing import Any

from hyred_chat import __version__
from hyred_chat.demo import demo_people
from tests.integration.web.conftest import Serve

OIDC = {
    "oidc_issuer": "https://login.example.com",
    "oidc_audience": "chat",
    "oidc_jwks_url": "https://login.example.com/keys",
}
API_KEY = "AIzaSyAbcdefghijklmnopqrstuvwxyz0123456"


async def told(serve: Serve, **settings: object) -> dict[str, Any]:
    answer: dict[str, Any] = (await serve(**settings).get("/app/config.json")).json()
    return answer


async def test_in_development_the_demo_people_can_be_signed_in_as(serve: Serve) -> None:
    config = await told(serve)
    assert (config["environment"], config["version"], config["maxMessageChars"]) == ("development", __version__, 1000)
    assert config["firebase"] is None
    maya = config["demoPeople"][0]
    assert maya == {
        "name": "Maya Santos (demo)",
        "role": "va",
        "title": "Calms chaotic inboxes",
        "avatar": "/demo/avatars/maya.svg",
        "token": "dev-token-maya@demo.hyred.example",
    }
    assert len(config["demoPeople"]) == len(demo_people())


async def test_production_offers_nobody(serve: Serve) -> None:
    config = await told(serve, env="production", **OIDC)
    assert (config["environment"], config["demoPeople"]) == ("production", [])
    assert "dev-token" not in str(config)


async def test_without_the_demo_world_or_its_tokens_nobody_is_offered(serve: Serve) -> None:
    assert (await told(serve, demo=False))["demoPeople"] == []
    assert (await told(serve, dev_tokens=False))["demoPeople"] == []
    assert (await told(serve, database_url="postgresql://db/chat", dev_tokens=True))["demoPeople"] == []


async def test_firebase_sign_in_is_told_when_there_is_a_web_api_key(serve: Serve) -> None:
    settings = {"env": "production", "firebase_project_id": "hyred-12345"}
    assert (await told(serve, **settings))["firebase"] is None
    assert (await told(serve, **settings, firebase_web_api_key=API_KEY))["firebase"] == {
        "projectId": "hyred-12345",
        "apiKey": API_KEY,
        "accountsUrl": "https://identitytoolkit.googleapis.com/v1/accounts",
        "tokenUrl": "https://securetoken.googleapis.com/v1/token",
    }


async def test_a_stand_in_for_firebase_is_where_the_page_signs_in(serve: Serve) -> None:
    config = await told(
        serve,
        firebase_project_id="hyred-12345",
        firebase_web_api_key=API_KEY,
        firebase_emulator_url="http://127.0.0.1:9099",
    )
    assert config["firebase"]["accountsUrl"] == "http://127.0.0.1:9099/identitytoolkit.googleapis.com/v1/accounts"
    assert config["firebase"]["tokenUrl"] == "http://127.0.0.1:9099/securetoken.googleapis.com/v1/token"


async def test_the_longest_message_is_told_and_no_secret_is(serve: Serve) -> None:
    config = await told(serve, max_message_chars=500, admin_api_keys="0123456789abcdef")
    assert config["maxMessageChars"] == 500
    assert "0123456789abcdef" not in str(config)
    links = {"jobUrl", "contractUrl"}
    limits = {"maxMessageChars", "maxFileBytes"}
    assert set(config) == {"environment", "version", "groups", "demoPeople", "firebase"} | links | limits


async def test_the_largest_file_is_told(serve: Serve) -> None:
    assert (await told(serve, max_file_bytes=1000))["maxFileBytes"] == 1000


async def test_who_may_make_groups_is_told(serve: Serve) -> None:
    assert (await told(serve))["groups"] == "everybody"
    assert (await told(serve, groups="companies"))["groups"] == "companies"


async def test_the_host_s_pages_of_jobs_and_contracts_are_told_where_there_are_any(serve: Serve) -> None:
    config = await told(serve)
    assert (config["jobUrl"], config["contractUrl"]) == (None, None)
    pages = {"job_url": "https://www.example.com/jobs/{id}", "contract_url": "https://www.example.com/c?id={id}#top"}
    config = await told(serve, **pages)
    assert (config["jobUrl"], config["contractUrl"]) == (pages["job_url"], pages["contract_url"])
