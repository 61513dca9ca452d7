"""What the grants service tells of reviews: that they were assigned and made, never by whom nor what was given."""

from shared.events.base import Event


class ReviewAssigned(Event, type="review.assigned", service="grants", key="review"):
    """Somebody is to read an application of a round."""

    review: str
    application: str
    round: str


class ReviewDeclared(Event, type="review.declared", service="grants", key="review"):
    """Whoever is to read it has said whether they have an interest in it: they are `clear` of any, or `conflicted`."""

    review: str
    outcome: str


class ReviewScored(Event, type="review.scored", service="grants", key="review"):
    """They have scored it by the round's rubric."""

    review: str


class ReviewReleased(Event, type="review.released", service="grants", key="review"):
    """They need not read it any more."""

    review: str
