"""What this room adds to the timeline of a person."""

from services.members.happenings import Happening
from services.members.life.contact_log.models import Contact
from services.members.life.exchange.models import Listing, Side
from services.members.life.learning.models import LearningNeed, Place
from services.members.life.recognitions.models import Recognition
from services.members.life.wins.models import Win, WinMaker

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
    Happening(
        "exchange.asked",
        "exchange:read",
        Listing.person,
        Listing.created_at,
        Listing.id,
        "Asked for something: {}.",
        (Listing.kind,),
        (Listing.side == Side.ASK,),
    ),
    Happening(
        "exchange.offered",
        "exchange:read",
        Listing.person,
        Listing.created_at,
        Listing.id,
        "Offered something: {}.",
        (Listing.kind,),
        (Listing.side == Side.OFFER,),
    ),
    Happening(
        "win.had_a_part",
        "wins:read",
        WinMaker.person,
        Win.happened_on,
        Win.id,
        "Had a part in something that went well.",
        where=(Win.movement == WinMaker.movement, Win.id == WinMaker.win),
    ),
    Happening(
        "recognition.given",
        "recognitions:read",
        Recognition.person,
        Recognition.given_on,
        Recognition.id,
        "Was recognised by a scheme.",
    ),
    Happening(
        "learning.need_said",
        "learning:read",
        LearningNeed.person,
        LearningNeed.created_at,
        LearningNeed.id,
        "Said what they need to learn.",
    ),
    Happening("learning.completed", "learning:read", Place.person, Place.completed_on, Place.id, "Completed a course."),
)
