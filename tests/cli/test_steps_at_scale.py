"""The steps of docker-compose.yml as processes: secrets, databases, migrate, then each service with its own secrets."""

from contextlib import ExitStack
from pathlib import Path

import httpx

from shared.testing.postgres import PostgresServer
from tests.cli.process import Running, run, running


def test_the_suite_starts_from_nothing_service_by_service(
    guarded: PostgresServer, real_kafka: str, tmp_path: Path
) -> None:
    def environment(secrets: Path) -> dict[str, str]:
        role = f"backbone_{{service}}@127.0.0.1:{guarded.port}/backbone_{{service}}"
        url = f"postgresql://{role}?passfile={secrets}/{{service}}/pgpass"
        return {"DATABASE_URL": url, "BUS_URL": real_kafka, "BACKBONE_SECRETS_DIR": str(secrets)}

    everything = tmp_path / "secrets"
    (tmp_path / "password").write_text("the-first-one\n")
    for step in (["secrets"], ["databases", "--password-file", str(tmp_path / "password")], ["migrate"]):
        done = run(*step, data=tmp_path / "data", **environment(everything))
        assert done.returncode == 0, done.stderr
    again = run("migrate", data=tmp_path / "data", **environment(everything))
    assert "newest schema already" in again.stdout

    with ExitStack() as stack:

        def start(service: str, **urls: str) -> Running:
            """Start a service that is shown its own secrets and nobody else's."""
            shown = tmp_path / f"shown to {service}"
            shown.mkdir()
            (everything / service).rename(shown / service)
            return stack.enter_context(running(tmp_path / service, service, **environment(shown), **urls))

        owners = {service: start(service) for service in ("members", "measures", "grants")}
        gateway = start("gateway", **{f"{service.upper()}_URL": owner.address for service, owner in owners.items()})
        admin = start("admin", GATEWAY_URL=gateway.address)

        assert httpx.get(f"{gateway.address}/health").json()["status"] == "ok"
        assert httpx.get(f"{admin.address}/health").status_code == 200
        key = gateway.said(r"Platform key +(\S+)")
        people = httpx.get(f"{gateway.address}/v1/people", headers={"Authorization": f"Bearer {key}"})
        assert people.json()["data"] == []
        for service in [admin, gateway, *owners.values()]:
            assert service.stop() == 0, service.logged.read_text()
