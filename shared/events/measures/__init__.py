"""What the measures service publishes, a module for each of its rooms: ids, kinds and counts, never a value.

Importing this enters every one of its events in the contract.
"""

from shared.events.measures import aims, definitions, erasures, figures, frameworks, releases, surveys

__all__ = ["aims", "definitions", "erasures", "figures", "frameworks", "releases", "surveys"]
