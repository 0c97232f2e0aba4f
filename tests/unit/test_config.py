"""Settings: what the environment may say, and the one line that answers what it may not."""

import os

import pytest

from hyred_chat.config import ConfigurationError, Settings, load_settings, unknown_variables

OIDC = {
    "HYRED_OIDC_ISSUER": "https://login.example.com",
    "HYRED_OIDC_AUDIENCE": "chat",
    "HYRED_OIDC_JWKS_URL": "https://login.example.com/keys",
}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("HYRED_") or name in {"HOST", "PORT"}:
            monkeypatch.delenv(name)


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_without_any_variable_the_server_is_for_development_with_its_own_database() -> None:
    settings = load_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.uses_embedded_database
    assert settings.accepts_dev_tokens
    assert settings.makes_demo_world


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PORT", "three", "must be a whole number from 0 to 65535."),
        ("PORT", "70000", "must be a whole number from 0 to 65535."),
        ("HYRED_ENV", "staging", "must be development or production."),
        ("HYRED_LOG_LEVEL", "loud", "must be debug, info, warning or error."),
        *(
            ("HYRED_METRICS_ADDRESS", address, "must be an address and a port, such as 127.0.0.1:9464.")
            for address in (
                "9464",
                "127.0.0.1",
                "127.0.0.1:",
                ":9464",
                "127.0.0.1:port",
                "http://127.0.0.1:9464",
                "a@b:1",
            )
        ),
        ("HYRED_LOG_FORMAT", "xml", "must be auto, text or json."),
        ("HYRED_DEMO", "perhaps", "must be true or false."),
        ("HYRED_DEV_TOKENS", "perhaps", "must be true or false."),
        ("HYRED_DATABASE_POOL_SIZE", "1", "must be a whole number from 2 to 100."),
        ("HYRED_MESSAGE_LANES", "0", "must be a whole number from 1 to 16."),
        ("HYRED_MESSAGE_BATCH_SIZE", "1001", "must be a whole number from 1 to 1000."),
        ("HYRED_RATE_LIMIT_MESSAGES_PER_MINUTE", "-1", "must be a whole number from 0 to 10000000."),
        ("HYRED_PING_INTERVAL_SECONDS", "nan", "must be a number from 0.1 to 300."),
        ("HYRED_SEND_TIMEOUT_SECONDS", "inf", "must be a number from 1 to 60."),
        ("HYRED_PRESENCE_OFFLINE_GRACE_SECONDS", "5", "must be a number from 0 to 4."),
        ("HYRED_DATABASE_SCHEMA", 'x"; DROP', "must be a plain PostgreSQL name"),
        ("HYRED_DATABASE_SCHEMA", "pg_chat", "must be a plain PostgreSQL name"),
        ("HYRED_DATABASE_URL", "mysql://localhost/chat", "must be a PostgreSQL address"),
        ("HYRED_DATABASE_URL", "postgresql://localhost:port/chat", "must be a PostgreSQL address"),
        ("HYRED_DATABASE_URL", "postgresql://one:5432,two:port/chat", "must be a PostgreSQL address"),
        ("HYRED_ALLOWED_ORIGINS", "https://app.example.com, example.com", "must be origins"),
        ("HYRED_ALLOWED_ORIGINS", "https://app.example.com/chat", "must be origins"),
        ("HYRED_ADMIN_API_KEYS", "0123456789abcdef,short", "each key must have 16 to 256 characters."),
        ("HYRED_FIREBASE_PROJECT_ID", "Not A Project", "must be a Firebase project id"),
        ("HYRED_FIREBASE_WEB_API_KEY", "a key", "must be a Firebase web API key"),
        ("HYRED_FIREBASE_EMULATOR_URL", "127.0.0.1:9099", "must be an address that starts with https://"),
        ("HYRED_FRAME_ANCESTORS", "app.example.com", "must be origins"),
        ("HYRED_OIDC_ISSUER", "login.example.com", "must be an address that starts with https://"),
        ("HYRED_MAX_MESSAGE_CHARS", "many", "must be a whole number from 1 to 100000."),
        *(
            (variable, template, "must be an address such as https://www.example.com/jobs/{id}, with {id} once")
            for variable in ("HYRED_JOB_URL", "HYRED_CONTRACT_URL")
            for template in (
                "https://www.example.com/jobs",
                "https://www.example.com/jobs/{ID}",
                "https://www.example.com/{id}/{id}",
                "https://www.example.com/{slug}/{id}",
                "https://{id}.example.com/",
                "https://www.example.com:{id}/",
                "https://user:password@www.example.com/jobs/{id}",
                "https://user@www.example.com/jobs/{id}",
                "https://www.example.com\\@jobs.example/{id}",
                "https://www.example.com/jobs /{id}",
                "https://www.example.com/\njobs/{id}",
                "https:///jobs/{id}",
                "//www.example.com/jobs/{id}",
                "/jobs/{id}",
                "javascript:alert('{id}')",
                "ftp://www.example.com/jobs/{id}",
                "https://[::1/jobs/{id}",
            )
        ),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable_and_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load(monkeypatch, **{variable: value})
    line = str(raised.value)
    assert line.startswith(f"{variable}: {sentence}")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("variable", "value"), [("HYRED_DATABASE_URL", "ftp://chat:hunter2@db/chat"), ("HYRED_ADMIN_API_KEYS", "hunter2")]
)
def test_a_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load(monkeypatch, **{variable: value})
    assert "hunter2" not in str(raised.value)


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch, HYRED_DATABASE_URL="postgresql://chat:hunter2@db/chat", HYRED_ADMIN_API_KEYS="hunter2-0123456789"
    )
    assert "hunter2" not in f"{settings!r} {settings}"
    assert [key.get_secret_value() for key in settings.admin_api_keys] == ["hunter2-0123456789"]


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, PORT="", HYRED_DATABASE_URL="", HYRED_ADMIN_API_KEYS="") == Settings()


@pytest.mark.parametrize(
    "template",
    [
        "https://www.example.com/jobs/{id}",
        "HTTPS://www.example.com/jobs/{id}",
        "https://www.example.com:8443/?job={id}&from=chat#top",
        "https://www.example.com/#/jobs/{id}/details",
        "http://localhost:5173/jobs/{id}",
    ],
)
def test_a_page_of_the_host_is_an_address_with_the_place_of_the_id(
    monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    settings = load(monkeypatch, HYRED_JOB_URL=f" {template} ", HYRED_CONTRACT_URL=template)
    assert (settings.job_url, settings.contract_url) == (template, template)


def test_the_short_scheme_of_postgresql_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, HYRED_DATABASE_URL="postgres://chat@db:5432/chat")
    assert settings.database_url == "postgresql://chat@db:5432/chat"


def test_a_database_may_have_several_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch, HYRED_DATABASE_URL="postgresql://chat:a%40b@one:5432,two,[::1]:5433/chat?sslmode=require"
    )
    assert settings.database_url == "postgresql://chat:a%40b@one:5432,two,[::1]:5433/chat?sslmode=require"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" 127.0.0.1:9464 ", ("127.0.0.1", 9464)),
        ("[::1]:0", ("::1", 0)),
        ("metrics.internal:1", ("metrics.internal", 1)),
    ],
)
def test_the_address_of_the_metrics_is_a_host_and_a_port(
    monkeypatch: pytest.MonkeyPatch, text: str, address: tuple[str, int]
) -> None:
    assert load_settings().metrics_address is None
    assert load(monkeypatch, HYRED_METRICS_ADDRESS=text).metrics_address == address


def test_origins_default_to_the_servers_own_and_the_two_of_development(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, HOST="192.0.2.1", PORT="4000").origins == frozenset(
        {
            "http://192.0.2.1:4000",
            "http://localhost:4000",
            "http://127.0.0.1:4000",
            "http://localhost:3000",
            "http://localhost:3001",
        }
    )


def test_origins_are_kept_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch, HYRED_ALLOWED_ORIGINS="HTTPS://App.Example.com:443/, capacitor://localhost,http://[::1]:80"
    )
    assert settings.origins == frozenset({"https://app.example.com", "capacitor://localhost", "http://[::1]"})


def test_a_star_allows_every_origin_in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, HYRED_ALLOWED_ORIGINS="*").origins is None


def test_a_firebase_project_sets_issuer_audience_and_key_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, HYRED_FIREBASE_PROJECT_ID="hyred-12345")
    assert settings.oidc_issuer == "https://securetoken.google.com/hyred-12345"
    assert settings.oidc_audience == "hyred-12345"
    assert settings.oidc_jwks_url is not None
    assert settings.oidc_jwks_url.endswith("/jwk/securetoken@system.gserviceaccount.com")


def test_a_key_set_of_ones_own_replaces_firebases(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, HYRED_FIREBASE_PROJECT_ID="hyred-12345", HYRED_OIDC_JWKS_URL="http://127.0.0.1:9/keys")
    assert settings.oidc_jwks_url == "http://127.0.0.1:9/keys"
    assert settings.oidc_audience == "hyred-12345"


@pytest.mark.parametrize(
    ("environment", "variable"),
    [
        ({"HYRED_FIREBASE_PROJECT_ID": "hyred-12345", "HYRED_OIDC_ISSUER": "https://x.example"}, "HYRED_OIDC_ISSUER"),
        ({name: value for name, value in OIDC.items() if name != "HYRED_OIDC_AUDIENCE"}, "HYRED_OIDC_AUDIENCE"),
        ({"HYRED_FIREBASE_WEB_API_KEY": "AIzaSyAbcdefghijklmnopqrstuvwxyz0123456"}, "HYRED_FIREBASE_PROJECT_ID"),
        (
            {"HYRED_ENV": "production", "HYRED_FIREBASE_EMULATOR_URL": "http://127.0.0.1:9099", **OIDC},
            "HYRED_FIREBASE_EMULATOR_URL",
        ),
        ({"HYRED_MAX_MESSAGE_CHARS": "20000"}, "HYRED_MAX_BODY_BYTES"),
        ({"HYRED_MAX_PAYLOAD_BYTES": "8000"}, "HYRED_MAX_PAYLOAD_BYTES"),
        ({"HYRED_ENV": "production"}, "HYRED_FIREBASE_PROJECT_ID"),
        ({"HYRED_FIREBASE_TENANT_ID": "clients-x1y2z"}, "HYRED_FIREBASE_PROJECT_ID"),
        *(
            ({"HYRED_ENV": "production", **OIDC, variable: url}, variable)
            for variable in ("HYRED_OIDC_JWKS_URL", "HYRED_FCM_URL", "HYRED_JOB_URL", "HYRED_CONTRACT_URL")
            for url in ("http://a.example/{id}", "HTTP://a.example/{id}", "http://127.0.0.1:9/{id}")
        ),
        ({"HYRED_ENV": "production", "HYRED_DEV_TOKENS": "true", **OIDC}, "HYRED_DEV_TOKENS"),
        ({"HYRED_ENV": "production", "HYRED_ALLOWED_ORIGINS": "*", **OIDC}, "HYRED_ALLOWED_ORIGINS"),
    ],
)
def test_settings_that_contradict_one_another_are_refused(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], variable: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load(monkeypatch, **environment)
    assert raised.value.variable == variable


def test_production_has_no_development_tokens_and_no_demo_world(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, HYRED_ENV="production", **OIDC)
    assert not settings.accepts_dev_tokens
    assert not settings.makes_demo_world


def test_a_database_of_ones_own_has_development_tokens_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load(monkeypatch, HYRED_DATABASE_URL="postgresql://db/chat").accepts_dev_tokens
    assert load(monkeypatch, HYRED_DEV_TOKENS="true").accepts_dev_tokens


def test_a_misspelt_variable_is_warned_about_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    load(monkeypatch, HYRED_DEV_TOKEN="false", HYRED_PORT="4000", HYRED_XYZ="2")
    assert unknown_variables() == [
        "HYRED_DEV_TOKEN: no such setting. Is HYRED_DEV_TOKENS meant?",
        "HYRED_XYZ: no such setting.",
    ]


def test_host_and_port_may_carry_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, HYRED_HOST="127.0.0.2", HYRED_PORT="4000")
    assert (settings.host, settings.port) == ("127.0.0.2", 4000)
