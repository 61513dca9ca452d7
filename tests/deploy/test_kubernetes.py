from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "kubernetes"
SERVICES = ["members", "measures", "grants", "gateway", "admin"]

Manifest = dict[str, Any]


def manifests(name: str) -> list[Manifest]:
    return list(yaml.safe_load_all((FOLDER / f"{name}.yaml").read_text()))


def deployment(name: str) -> Manifest:
    found, service = manifests(name)
    assert (found["kind"], service["kind"]) == ("Deployment", "Service")
    return found


def pods() -> list[Manifest]:
    (job,) = manifests("migrate")
    return [each["spec"]["template"] for each in [*map(deployment, SERVICES), job]]


def containers() -> list[Manifest]:
    return [container for pod in pods() for container in pod["spec"]["containers"]]


def test_kustomize_lists_every_manifest_and_no_other() -> None:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(path.name for path in FOLDER.glob("*.yaml") if path.name != "kustomization.yaml")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_named_alike_everywhere(name: str) -> None:
    found, service = manifests(name)
    labels = found["spec"]["template"]["metadata"]["labels"]
    (container,) = found["spec"]["template"]["spec"]["containers"]
    assert found["metadata"]["name"] == service["metadata"]["name"] == container["name"] == name
    assert container["args"] == [name]
    assert found["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert service["spec"]["selector"] == found["spec"]["selector"]["matchLabels"]
    assert service["spec"]["ports"][0]["targetPort"] == container["ports"][0]["name"]


@pytest.mark.parametrize("name", ["measures", "grants", "gateway", "admin"])
def test_the_services_differ_in_nothing_but_what_they_are(name: str) -> None:
    found, like = deployment(name), deployment("members")
    reach = found["spec"]["template"]["metadata"]["labels"]["backbone/reach"]
    renamed = (
        yaml.safe_dump(like).replace("members", name).replace("backbone/reach: inside", f"backbone/reach: {reach}")
    )
    expected = yaml.safe_load(renamed)
    if name == "admin":  # a client of the gateway: it has no database
        del expected["spec"]["template"]["spec"]["containers"][0]["env"]
    assert found == expected
    assert reach == ("inside" if name in {"measures", "grants"} else "outside")


def test_nothing_runs_as_root_or_writes_to_its_image() -> None:
    assert all(pod["spec"]["securityContext"]["runAsNonRoot"] for pod in pods())
    for container in containers():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_every_container_has_bounds() -> None:
    assert all("memory" in container["resources"]["limits"] for container in containers())
    assert all({"cpu", "memory"} <= container["resources"]["requests"].keys() for container in containers())


@pytest.mark.parametrize("name", SERVICES)
def test_a_database_that_is_away_takes_a_service_out_of_turn_and_does_not_restart_it(name: str) -> None:
    (container,) = deployment(name)["spec"]["template"]["spec"]["containers"]
    assert container["startupProbe"]["httpGet"]["path"] == container["readinessProbe"]["httpGet"]["path"] == "/health"
    assert container["livenessProbe"]["httpGet"]["path"] == "/metrics"


def test_secrets_come_from_files_that_only_their_service_mounts() -> None:
    assert all("secretKeyRef" not in path.read_text() for path in FOLDER.glob("*.yaml"))
    for name in SERVICES:
        volumes = deployment(name)["spec"]["template"]["spec"]["volumes"]
        assert [each["secret"]["secretName"] for each in volumes if "secret" in each] == [f"backbone-{name}"]


def test_every_schema_is_migrated_by_the_job() -> None:
    (job,) = manifests("migrate")
    commands = [container["args"] for container in job["spec"]["template"]["spec"]["containers"]]
    assert commands == [["migrate", name] for name in SERVICES if name != "admin"]
