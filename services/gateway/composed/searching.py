"""What a search looks through: which routes answer it."""

from collections.abc import Mapping
from urllib.parse import quote

from services.gateway.composed.asking import Ask

SEARCHED: Mapping[str, tuple[str, str, str]] = {
    "people": ("members", "/v1/directory", "kind=person"),
    "organisations": ("members", "/v1/directory", "kind=organisation"),
    "assets": ("members", "/v1/assets", ""),
    "knowledge": ("members", "/v1/knowledge/search", ""),
    "measures": ("measures", "/v1/measures", ""),
    "rounds": ("grants", "/v1/rounds", ""),
    "awards": ("grants", "/v1/awards", ""),
}
"""By what is looked for: the service, its route that takes the words as `q`, and what else it is told."""


def search_for(words: str, kinds: frozenset[str], most: int) -> dict[str, Ask]:
    """The questions that look for words in these kinds of things."""
    wanted = f"q={quote(words, safe='')}&limit={most}"
    return {
        kind: Ask(service, path, f"{wanted}&{more}".rstrip("&"))
        for kind, (service, path, more) in SEARCHED.items()
        if kind in kinds
    }
