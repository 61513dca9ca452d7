"""What this room adds to the timeline of a person. Who is kept apart from whom, and how much room they have, is not."""

from services.members.community.circles.models import Term
from services.members.community.connections.models import Connection
from services.members.community.handovers.models import Handover
from services.members.community.knowledge.models import KnowledgeUse
from services.members.community.stewardships.models import Stewardship
from services.members.happenings import Happening

HAPPENINGS = (
    Happening(
        "circle.joined",
        "circles:read",
        Term.person,
        Term.first_day,
        Term.id,
        "Took a role in a circle: {}.",
        (Term.role,),
    ),
    Happening(
        "circle.left",
        "circles:read",
        Term.person,
        Term.ended_on,
        Term.id,
        "Gave up a role in a circle: {}.",
        (Term.role,),
    ),
    Happening(
        "connection.opened",
        "connections:read",
        Connection.person,
        Connection.created_at,
        Connection.id,
        "Began to talk with a community connector.",
    ),
    Happening(
        "stewardship.offered",
        "stewardships:read",
        Stewardship.about_person,
        Stewardship.offered_at,
        Stewardship.id,
        "Somebody was asked to keep in touch with them.",
    ),
    Happening(
        "stewardship.held",
        "stewardships:read",
        Stewardship.holder,
        Stewardship.offered_at,
        Stewardship.id,
        "Was asked to look after a relationship.",
    ),
    Happening(
        "handover.opened",
        "handovers:read",
        Handover.person,
        Handover.opened_at,
        Handover.id,
        "Began to hand over what they held.",
    ),
    Happening(
        "handover.closed",
        "handovers:read",
        Handover.person,
        Handover.closed_at,
        Handover.id,
        "Had handed over all that they held.",
    ),
    Happening(
        "knowledge.used",
        "knowledge:read",
        KnowledgeUse.person,
        KnowledgeUse.used_on,
        KnowledgeUse.id,
        "Used something from the knowledge hub.",
    ),
)
