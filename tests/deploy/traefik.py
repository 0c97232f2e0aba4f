"""A real Traefik in front of servers of the tests, configured by what deploy/compose.yml says."""

import asyncio
import json
import ssl
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.integration.commands import taken_port

PATIENCE_SECONDS = 20.0
DOMAIN = "localhost"
# Containers, addresses and certificates are what differs here.
_REPLACED = (
    "--providers.docker",
    "--certificatesresolvers",
    "--entrypoints.web.address",
    "--entrypoints.websecure.address",
)


def trusting() -> ssl.SSLContext:
    """For a client that takes Traefik's own certificate, which nobody has signed."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Traefik:
    """A running one.

    Attributes:
        url: where clients reach the chat.
        plain_url: the same without TLS.
    """

    def __init__(self, port: int, plain_port: int) -> None:
        self.url = f"https://{DOMAIN}:{port}"
        self.plain_url = f"http://{DOMAIN}:{plain_port}"

    def http(self, source: str = "127.0.0.1") -> httpx.AsyncClient:
        """A client that connects from this address."""
        transport = httpx.AsyncHTTPTransport(verify=trusting(), local_address=source)
        address = self.url.replace(DOMAIN, "127.0.0.1")
        return httpx.AsyncClient(base_url=address, headers={"Host": DOMAIN}, transport=transport, timeout=20)

    async def wait_until_ready(self, process: Process) -> None:
        """Until the chat answers through it."""
        async with asyncio.timeout(PATIENCE_SECONDS), self.http() as http:
            while True:
                assert process.returncode is None
                try:
                    if (await http.get("/api/health/ready")).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:  # it does not listen yet
                    pass


@asynccontextmanager
async def running_traefik(
    folder: Path, command: Sequence[str], labels: dict[str, str], servers: Sequence[str]
) -> AsyncIterator[Traefik]:
    """Traefik until the end of the block.

    Args:
        folder: for its files.
        command: its arguments in compose.yml.
        labels: of the service that it leads to.
        servers: the addresses of the servers.
    """
    with taken_port() as port, taken_port() as plain_port:
        pass
    file = folder / "dynamic.yml"
    file.write_text(json.dumps(dynamic_configuration(labels, servers)))  # JSON is YAML, too
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("traefik"),
        *(argument for argument in command if not argument.startswith(_REPLACED)),
        f"--entrypoints.web.address=127.0.0.1:{plain_port}",
        f"--entrypoints.websecure.address=127.0.0.1:{port}",
        f"--providers.file.filename={file}",
        stdout=DEVNULL,
        env={},
    )
    traefik = Traefik(port, plain_port)
    try:
        await traefik.wait_until_ready(process)
        yield traefik
    finally:
        process.kill()
        await process.wait()


def dynamic_configuration(labels: dict[str, str], servers: Sequence[str]) -> dict[str, Any]:
    """What Traefik makes of a container's labels, with these servers in the place of containers."""
    configuration: dict[str, Any] = {}
    for label, value in labels.items():
        section, *path = label.removeprefix("traefik.").split(".")
        if section == "http":
            _put(configuration.setdefault(section, {}), path, value)
    for router in configuration["http"]["routers"].values():
        router.get("tls", {}).pop("certresolver", None)
        router["entrypoints"] = router["entrypoints"].split(",")
        router["middlewares"] = router["middlewares"].split(",")
    for service in configuration["http"]["services"].values():
        del service["loadbalancer"]["server"]
        service["loadbalancer"]["servers"] = [{"url": url} for url in servers]
    return configuration


def _put(tree: dict[str, Any], path: Sequence[str], value: str) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value
