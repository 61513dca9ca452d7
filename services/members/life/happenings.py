"""What this room adds to the timeline of a person."""

from services.members.happenings import Happening
from services.members.life.contact_log.models import Contact

HAPPENINGS = (
    Happening(
        "contact_log.contact_made",
        "contact_log:read",
        Contact.person,
        Contact.on,
        Contact.id,
        "Was spoken with or written to: {}.",
        (Contact.kind,),
    ),
)
