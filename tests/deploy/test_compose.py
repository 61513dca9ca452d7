import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

ONE_SHOTS = {"secrets", "databases", "migrate"}
DATA_SERVICES = {"members", "measures", "grants", "gateway"}
RUNNING = sorted(SERVICES.keys() - ONE_SHOTS)


def test_the_compose_file_follows_the_compose_specification() -> None:
    published = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema = json.loads(published.read_text())
    faults = [f"{fault.json_path}: {fault.message}" for fault in Draft202012Validator(schema).iter_errors(COMPOSE)]
    assert faults == []


def test_docker_compose_reads_it_without_any_setting() -> None:
    if not _has_compose():
        pytest.skip("docker compose is not installed here")
    done = subprocess.run(
        ["docker", "compose", "--file", str(FILE), "config", "--quiet"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "variable is not set" not in done.stderr


def test_every_part_of_the_suite_is_there() -> None:
    assert SERVICES.keys() == {"postgres", "kafka", "admin", *DATA_SERVICES, *ONE_SHOTS}


@pytest.mark.parametrize("name", RUNNING)
def test_what_keeps_running_has_a_health_check_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} <= service["healthcheck"].keys()
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nothing_runs_as_root_or_can_write_outside_its_volumes(name: str) -> None:
    service = SERVICES[name]
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert any(mount.startswith("/tmp:") for mount in service["tmpfs"])
    assert "privileged" not in service


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_password_has_a_value_anywhere(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        assert not _names_a_secret(variable) or variable.endswith(("_FILE", "_DIR")), f"{variable} holds a secret"
        assert "@" not in value or ":" not in value.partition("@")[0].partition("://")[2], (
            f"{variable} holds a password"
        )


def test_no_setting_has_to_be_given_to_start_it() -> None:
    assert "${" not in FILE.read_text()
    assert "env_file" not in FILE.read_text()


@pytest.mark.parametrize("name", sorted(DATA_SERVICES | {"admin"}))
def test_a_service_sees_its_own_secrets_and_nobody_elses(name: str) -> None:
    secrets = [mount for mount in SERVICES[name]["volumes"] if mount["source"] == "secrets"]
    assert [(mount["target"], mount["volume"]["subpath"]) for mount in secrets] == [(f"/run/backbone/{name}", name)]
    assert all(mount["read_only"] for mount in secrets)


@pytest.mark.parametrize("name", sorted(DATA_SERVICES))
def test_a_service_starts_once_its_schema_its_database_and_its_bus_are_ready(name: str) -> None:
    service = SERVICES[name]
    assert service["command"] == [name]
    assert service["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "postgres": {"condition": "service_healthy"},
        "kafka": {"condition": "service_healthy"},
    }


def test_the_one_shots_run_in_their_order() -> None:
    assert "depends_on" not in SERVICES["secrets"]
    assert SERVICES["postgres"]["depends_on"]["secrets"]["condition"] == "service_completed_successfully"
    assert SERVICES["databases"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["depends_on"]["databases"]["condition"] == "service_completed_successfully"
    assert all("restart" not in SERVICES[name] for name in ONE_SHOTS)


def test_one_image_serves_every_service() -> None:
    ours = [service for name, service in SERVICES.items() if name not in {"postgres", "kafka"}]
    assert {service["image"] for service in ours} == {"backbone"}
    assert all(service["build"] == {"context": ".", "dockerfile": "deploy/Dockerfile"} for service in ours)


def test_kafka_runs_without_zookeeper_and_makes_no_topic_by_itself() -> None:
    environment = SERVICES["kafka"]["environment"]
    assert SERVICES["kafka"]["image"].startswith("apache/kafka:")
    assert environment["KAFKA_PROCESS_ROLES"] == "broker,controller"
    assert environment["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_ports_are_opened_on_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_databases_and_the_log_are_reached_from_inside_only() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert [name for name in RUNNING if "outside" in SERVICES[name]["networks"]] == ["admin", "gateway"]


def _names_a_secret(variable: str) -> bool:
    return any(word in variable for word in ("PASSWORD", "SECRET", "KEY", "PEPPER", "TOKEN"))


def _has_compose() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
