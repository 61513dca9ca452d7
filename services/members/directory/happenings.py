"""What this room, and what people allow, add to the timeline of a person."""

from services.members.directory.affiliations.models import Affiliation
from services.members.directory.merging.models import Merge
from services.members.directory.people.models import Person, Provenance
from services.members.happenings import Happening
from services.members.trust.permissions.models import Permission

HAPPENINGS = (
    Happening(
        "person.created", "people:read", Person.id, Person.created_at, Person.id, "Became known to the movement."
    ),
    Happening(
        "person.merged",
        "people:read",
        Merge.survivor,
        Merge.merged_at,
        Merge.id,
        "Another record turned out to be theirs.",
        (),
        (Merge.kind == "people",),
    ),
    Happening(
        "person.unmerged",
        "people:read",
        Merge.survivor,
        Merge.undone_at,
        Merge.id,
        "A record turned out not to be theirs after all.",
        (),
        (Merge.kind == "people",),
    ),
    Happening(
        "affiliation.started",
        "affiliations:read",
        Affiliation.person,
        Affiliation.started_on,
        Affiliation.id,
        "Began to belong to an organisation.",
    ),
    Happening(
        "affiliation.ended",
        "affiliations:read",
        Affiliation.person,
        Affiliation.ended_on,
        Affiliation.id,
        "Ceased to belong to an organisation.",
    ),
    Happening(
        "permission.decided",
        "permissions:read",
        Permission.person,
        Permission.decided_at,
        Permission.id,
        "Decided about {} by {}: {}.",
        (Permission.purpose, Permission.channel, Permission.decision),
    ),
    Happening(
        "data.received",
        "people:read",
        Provenance.person,
        Provenance.recorded_at,
        Provenance.id,
        "Their data came to the movement, on the basis of {}.",
        (Provenance.basis,),
    ),
)
