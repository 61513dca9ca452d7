"""Documents made from the code and kept in the tree: the merged OpenAPI, and the table of settings."""

import json
from pathlib import Path

from services.cli import DATA_SERVICES
from services.cli.suite import application
from services.gateway.openapi import FILE, build
from shared.settings import Settings, table

_ROOT = Path(__file__).resolve().parents[2]
_DESCRIBED_IN = ("README.md", "ARCHITECTURE.md")


def openapi() -> str:
    """The merged OpenAPI document, as it is shipped with the gateway."""
    settings = Settings()
    documents = {service: application(service, settings).openapi() for service in DATA_SERVICES}
    return json.dumps(build(documents), indent=1, ensure_ascii=False) + "\n"


def write_openapi() -> None:
    """Bring the shipped document up to date."""
    FILE.write_text(openapi(), encoding="utf-8")


def openapi_drift() -> list[str]:
    """Why the shipped document is not what the services say, if it is not."""
    kept = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    return [] if kept == openapi() else [f"{FILE.relative_to(_ROOT)} is out of date"]


def settings_drift() -> list[str]:
    """The rows of the table of settings that stand in none of the pages that should have them, and rows of none now."""
    texts = [(_ROOT / page).read_text(encoding="utf-8") for page in _DESCRIBED_IN if (_ROOT / page).exists()]
    lines = {line for text in texts for line in text.splitlines()}
    rows = table().splitlines()
    missing = [f"not in {' or '.join(_DESCRIBED_IN)}: {row}" for row in rows if row not in lines]
    return missing + [f"of no setting as it is: {line}" for line in sorted(lines) if _is_row(line) and line not in rows]


def _is_row(line: str) -> bool:
    return line.startswith("| `BACKBONE_")
