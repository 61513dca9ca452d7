"""What the members service publishes, a module for each of its rooms or large nouns: ids and kinds, never words.

Importing this enters every one of its events in the contract.
"""

from shared.events.members import (
    agreements,
    assets,
    campaigns,
    commitments,
    community,
    connections,
    controllers,
    directory,
    engagement,
    erasures,
    gatherings,
    imports,
    knowledge,
    life,
    merging,
    nominations,
    organisations,
    pledges,
    programmes,
    reach,
    requests,
    trust,
)

__all__ = [
    "agreements",
    "assets",
    "campaigns",
    "commitments",
    "community",
    "connections",
    "controllers",
    "directory",
    "engagement",
    "erasures",
    "gatherings",
    "imports",
    "knowledge",
    "life",
    "merging",
    "nominations",
    "organisations",
    "pledges",
    "programmes",
    "reach",
    "requests",
    "trust",
]
