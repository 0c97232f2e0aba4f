"""The manifests of deploy/kubernetes by Kubernetes' own schemas, and whether they fit together."""

from typing import Any

import pytest

from hyred_chat.config import load_settings, unknown_variables
from hyred_chat.healthcheck import READY_PATH
from tests.deploy.kubernetes import BASE, EXAMPLE, Manifest, kustomization, resources
from tests.deploy.tools import run_tool

# Of a server that was told to stop, after its delay.
STOP_SECONDS = 10
WORKLOADS = [("Deployment", "hyred-chat"), ("Deployment", "hyred-chat-worker"), ("Job", "hyred-chat-migrate")]


@pytest.fixture(scope="module")
def deployed() -> dict[tuple[str, str], Manifest]:
    return resources(EXAMPLE)


def pod(workload: Manifest) -> Any:
    return workload["spec"]["template"]["spec"]


def labels(workload: Manifest) -> Any:
    return workload["spec"]["template"]["metadata"]["labels"]


@pytest.mark.parametrize("name", WORKLOADS)
def test_no_pod_is_told_of_services_by_variables_that_look_like_settings(
    deployed: dict[tuple[str, str], Manifest], name: tuple[str, str]
) -> None:
    assert pod(deployed[name])["enableServiceLinks"] is False


def test_every_manifest_is_valid_to_the_letter() -> None:
    files = [path for folder in (BASE, EXAMPLE) for path in folder.glob("*.yaml") if path.name != "kustomization.yaml"]
    report = run_tool("kubernetes-validate", "--strict", *sorted(files))
    assert report.count("passed") >= len(files) > 10


@pytest.mark.parametrize("folder", [BASE, EXAMPLE], ids=lambda folder: folder.name)
def test_a_kustomization_names_every_file_of_its_folder_and_no_other(folder: Any) -> None:
    described = kustomization(folder)
    named = [*described["resources"], *(patch["path"] for patch in described.get("patches", []))]
    assert all((folder / name).exists() for name in named)
    here = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
    assert {name for name in named if "/" not in name} == here


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_pod_has_its_settings_and_the_image_that_the_overlay_names(
    deployed: dict[tuple[str, str], Manifest], name: tuple[str, str]
) -> None:
    [container] = pod(deployed[name])["containers"]
    assert container["image"] == kustomization(EXAMPLE)["images"][0]["name"]
    for source in container["envFrom"]:
        [(kind, reference)] = source.items()
        assert ({"configMapRef": "ConfigMap", "secretRef": "Secret"}[kind], reference["name"]) in deployed


@pytest.mark.parametrize("name", WORKLOADS)
def test_no_pod_may_do_more_than_it_needs(deployed: dict[tuple[str, str], Manifest], name: tuple[str, str]) -> None:
    spec = pod(deployed[name])
    [container] = spec["containers"]
    assert spec["securityContext"]["runAsUser"] == 10001
    assert spec["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]


def test_the_settings_are_such_as_the_server_takes(
    deployed: dict[tuple[str, str], Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    [container] = pod(deployed["Deployment", "hyred-chat"])["containers"]
    environment = deployed["ConfigMap", "hyred-chat"]["data"] | deployed["Secret", "hyred-chat"]["stringData"]
    environment |= {entry["name"]: entry["value"] for entry in container["env"] if "value" in entry}
    environment["HYRED_NODE_ADDRESS"] = environment["HYRED_NODE_ADDRESS"].replace("$(POD_IP)", "10.42.0.9")
    for variable, value in {**environment, "HYRED_ENV": "production"}.items():
        monkeypatch.setenv(variable, value)
    settings = load_settings()
    assert unknown_variables() == []
    assert not settings.push_worker
    assert settings.node_address == ("10.42.0.9", _ports(deployed["Deployment", "hyred-chat"])[0]["containerPort"])
    grace = pod(deployed["Deployment", "hyred-chat"])["terminationGracePeriodSeconds"]
    assert grace >= settings.drain_delay_seconds + STOP_SECONDS
    probe = container["readinessProbe"]
    assert probe["httpGet"]["path"] == READY_PATH
    assert settings.drain_delay_seconds >= probe["periodSeconds"] * probe["failureThreshold"]


def test_selectors_find_the_pods_that_they_mean(deployed: dict[tuple[str, str], Manifest]) -> None:
    server = labels(deployed["Deployment", "hyred-chat"])
    assert deployed["Deployment", "hyred-chat"]["spec"]["selector"]["matchLabels"] == server
    assert deployed["Service", "hyred-chat"]["spec"]["selector"] == server
    assert deployed["PodDisruptionBudget", "hyred-chat"]["spec"]["selector"]["matchLabels"] == server
    others = [labels(deployed[name]) for name in WORKLOADS[1:]]
    assert deployed["Deployment", "hyred-chat-worker"]["spec"]["selector"]["matchLabels"] == others[0]
    assert server not in others
    restricted = deployed["NetworkPolicy", "hyred-chat"]["spec"]["podSelector"]["matchLabels"]
    assert all(restricted.items() <= each.items() for each in (server, *others))


def test_servers_may_pass_requests_on_to_one_another(deployed: dict[tuple[str, str], Manifest]) -> None:
    policy = deployed["NetworkPolicy", "hyred-chat"]["spec"]
    peer = {"podSelector": {"matchLabels": labels(deployed["Deployment", "hyred-chat"])}}
    ports = [{"protocol": "TCP", "port": _ports(deployed["Deployment", "hyred-chat"])[0]["containerPort"]}]
    assert {"from": [peer], "ports": ports} in policy["ingress"]
    assert {"to": [peer], "ports": ports} in policy["egress"]


def test_what_is_scaled_and_served_is_there(deployed: dict[tuple[str, str], Manifest]) -> None:
    target = deployed["HorizontalPodAutoscaler", "hyred-chat"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) in deployed
    [rule] = deployed["Ingress", "hyred-chat"]["spec"]["rules"]
    [path] = rule["http"]["paths"]
    service = deployed["Service", path["backend"]["service"]["name"]]
    [port] = service["spec"]["ports"]
    assert port["name"] == path["backend"]["service"]["port"]["name"]
    assert port["targetPort"] in [each["name"] for each in _ports(deployed["Deployment", "hyred-chat"])]


def _ports(workload: Manifest) -> list[Any]:
    [container] = pod(workload)["containers"]
    ports: list[Any] = container["ports"]
    return ports
