"""The manifests of deploy/kubernetes, and what an overlay makes of them, as far as tests follow kustomize."""

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
BASE, EXAMPLE = FOLDER / "base", FOLDER / "example"

Manifest = dict[str, Any]


def kustomization(folder: Path) -> Manifest:
    """What a folder consists of."""
    described: Manifest = yaml.safe_load((folder / "kustomization.yaml").read_text())
    return described


def manifests(path: Path) -> list[Manifest]:
    """Those of one file."""
    return list(yaml.safe_load_all(path.read_text()))


def resources(folder: Path) -> dict[tuple[str, str], Manifest]:
    """All that a folder lists, other folders included, with its patches: kind and name → manifest."""
    described = kustomization(folder)
    found: dict[tuple[str, str], Manifest] = {}
    for name in described["resources"]:
        if (folder / name).is_dir():
            found |= resources((folder / name).resolve())
        else:
            found |= {identity(manifest): manifest for manifest in manifests(folder / name)}
    for patch in described.get("patches", []):
        for manifest in manifests(folder / patch["path"]):
            found[identity(manifest)] = merged(found[identity(manifest)], manifest)
    return found


def identity(manifest: Manifest) -> tuple[str, str]:
    """Kind and name."""
    return manifest["kind"], manifest["metadata"]["name"]


def merged(value: Any, patch: Any) -> Any:
    """A strategic merge where lists have no key to merge by: mappings are merged, everything else is replaced."""
    if not (isinstance(value, dict) and isinstance(patch, dict)):
        return patch
    return value | {key: merged(value.get(key), inner) for key, inner in patch.items()}
