import re
from pathlib import Path
from typing import Any

import yaml

from shared import metrics

FOLDER = Path(__file__).resolve().parents[2] / "deploy"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((FOLDER / "observability" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]


def exposed() -> dict[str, set[str]]:
    """The metrics that a service really answers, and the labels of each."""
    metrics.answered("members", "GET", "/v1/people", 200, 0.01)
    metrics.worker_failed("members", "relay")
    metrics.lag.labels("members", "overview").set(0)
    metrics.parked.labels("members", "overview").set(0)
    metrics.late_stops.labels("members").set(0)
    lines = metrics.exposition().decode().splitlines()
    samples = [re.match(r"(\w+)(?:\{(.*)\})? ", line) for line in lines if not line.startswith("#")]
    return {found[1]: set(re.findall(r"(\w+)=", found[2] or "")) for found in samples if found}


def test_alerts_ask_for_metrics_and_labels_that_are_exposed() -> None:
    known = exposed() | {"up": {"job", "instance"}}
    for rule in RULES:
        names = set(re.findall(r"\b(backbone_\w+|up)\b", rule["expr"]))
        assert names, rule["alert"]
        assert names <= known.keys(), rule["alert"]
        for name in names:
            used = set(re.findall(rf"{name}\{{(\w+)", rule["expr"]))
            assert used <= known[name], rule["alert"]
        told = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert told <= set.union(*(known[name] for name in names)), rule["alert"]


def test_every_alert_leads_to_a_heading_of_the_runbook() -> None:
    headings = re.findall(r"^#+ (.*)$", (FOLDER / "runbook.md").read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for rule in RULES:
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert page == "deploy/runbook.md"
        assert anchor in anchors


def test_every_service_is_scraped_where_it_answers() -> None:
    (job,) = yaml.safe_load((FOLDER / "observability" / "prometheus.yml").read_text())["scrape_configs"]
    targets = job["static_configs"][0]["targets"]
    compose = yaml.safe_load((FOLDER.parent / "docker-compose.yml").read_text())["services"]
    ours = {name for name, service in compose.items() if service["image"] == "backbone" and "healthcheck" in service}
    assert {target.partition(":")[0] for target in targets} == ours
