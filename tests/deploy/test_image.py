"""The steps of deploy/Dockerfile, done without a container engine, and the server that they leave behind."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.deploy.dockerfile import DOCKERFILE, ROOT, copied, environment_of_image, instructions, lay_out
from tests.deploy.tools import run_tool
from tests.integration.commands import taken_port
from tests.postgres import new_home

INSTALL_SECONDS = 300
PATIENCE_SECONDS = 60
STOP_SECONDS = 10
SETTINGS = {"HYRED_FIREBASE_PROJECT_ID": "a-project", "HYRED_TRUSTED_PROXIES": "10.0.0.0/8"}

needs_node = pytest.mark.skipif(shutil.which("npm") is None, reason="the web app is built with Node")


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """What the image has at /opt/hyred-chat, made from nothing but what the Dockerfile copies."""
    home = new_home()
    web, server = home / "web", home / "server"
    lay_out("web", web)
    (web / "node_modules").symlink_to(ROOT / "node_modules")
    (web / "web" / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    subprocess.run(["npm", "run", "build", "--workspace", "web", "--silent"], cwd=web, check=True, capture_output=True)
    lay_out("server", server)
    shutil.copytree(web / "src/hyred_chat/web/app", server / "src/hyred_chat/web/app")
    subprocess.run([server / "scripts/install-server", home / "opt"], check=True, timeout=INSTALL_SECONDS)
    shutil.rmtree(web)
    shutil.rmtree(server)
    yield home / "opt"
    shutil.rmtree(home)


def in_container(installed: Path, **settings: str) -> dict[str, str]:
    """The environment of a process in the container, on a host of the tests."""
    return {"PATH": f"{installed}/bin:{os.environ['PATH']}"} | environment_of_image() | SETTINGS | settings


def health(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the image's health check."""
    [check] = [each.words for each in instructions() if each.name == "HEALTHCHECK"]
    command = [word.strip("[],") for word in check[check.index("CMD") + 1 :]]
    return subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )


@needs_node
@pytest.mark.timeout(INSTALL_SECONDS)
def test_the_image_s_server_serves_the_web_app_and_writes_nothing(installed: Path, database_url: str) -> None:
    with taken_port() as port:
        pass
    environment = in_container(installed, HOST="127.0.0.1", PORT=str(port), HYRED_DATABASE_URL=database_url)
    command = [str(installed / "bin" / "hyred-chat"), "serve"]
    before = time.time()
    with subprocess.Popen(command, env=environment, cwd="/", stdout=subprocess.DEVNULL) as server:
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while (checked := health(environment)).returncode != 0 and time.monotonic() < deadline:
                assert server.poll() is None
            assert checked.returncode == 0, checked.stderr
            page = httpx.get(f"http://127.0.0.1:{port}/")
            assert page.status_code == httpx.codes.OK
            assert "/assets/" in page.text
            server.send_signal(signal.SIGTERM)
            assert server.wait(STOP_SECONDS) == 0
        finally:
            server.kill()
    gone = health(environment)
    assert (gone.returncode, "Nothing answers" in gone.stderr) == (1, True)
    written = [path for path in installed.rglob("*") if path.lstat().st_mtime > before]
    assert written == []


@needs_node
@pytest.mark.timeout(INSTALL_SECONDS)
def test_the_image_has_what_voice_several_servers_and_s3_need(installed: Path) -> None:
    code = "import av, hiredis, redis, hyred_chat.files.s3_store, hyred_chat.files.examiner.media"
    subprocess.run([installed / "bin" / "python", "-P", "-c", code], check=True, cwd="/", timeout=PATIENCE_SECONDS)


@needs_node
@pytest.mark.timeout(INSTALL_SECONDS)
def test_the_image_s_doctor_examines_what_production_needs(installed: Path, database_url: str) -> None:
    environment = in_container(installed, HYRED_DATABASE_URL=database_url)
    examined = subprocess.run(
        [installed / "bin" / "hyred-chat", "doctor"],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert "database" in examined.stdout
    assert "Traceback" not in examined.stdout + examined.stderr


def test_installing_without_a_web_app_is_refused_in_one_line(tmp_path: Path) -> None:
    lay_out("server", tmp_path)
    refused = subprocess.run(
        [tmp_path / "scripts/install-server", tmp_path / "opt"], capture_output=True, text=True, check=False
    )
    assert (refused.returncode, refused.stderr) == (1, "The web app is not built. Run make web first.\n")


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    run_tool("hadolint", DOCKERFILE)


def test_what_the_dockerfile_copies_is_there_and_in_the_context() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    sources = [source for stage in ("web", "server") for sources, _ in copied(stage) for source in sources]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if source.split("/")[0] not in allowed] == []


def test_the_container_is_nobody_in_particular_and_listens_to_all() -> None:
    last = [each for each in instructions() if not each.stage]
    assert [each.words for each in last if each.name == "USER"] == [["10001:10001"]]
    assert environment_of_image()["HYRED_ENV"] == "production"
    assert environment_of_image()["HOST"] == "0.0.0.0"
