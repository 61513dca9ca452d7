"""What the measures service tells of definitions: drafted, consulted on, published, taken by others."""

from datetime import date

from shared.events.base import Event


class MeasureCreated(Event, type="measure.created", service="measures", key="measure"):
    """A measure was named and described; it has no version yet, so nothing can be reported against it.

    `forked_from` is the version, perhaps of another movement, that it was made out of.
    """

    measure: str
    forked_from: str | None = None


class MeasureVersionPublished(Event, type="measure_version.published", service="measures", key="measure"):
    """A version of a measure was published: its definition does not change any more, and figures can be reported."""

    measure: str
    version: str


class MeasureVersionProposed(Event, type="measure_version.proposed", service="measures", key="measure"):
    """A draft was put to the partners."""

    measure: str
    version: str


class ConsultationOpened(Event, type="measure_version.consulting", service="measures", key="measure"):
    """Partners are asked what they think of a version, until and including a day."""

    measure: str
    version: str
    until: date


class MeasureVersionReturned(Event, type="measure_version.returned", service="measures", key="measure"):
    """A version that was proposed or consulted on is a draft again. Why, is asked for."""

    measure: str
    version: str


class MeasureVersionWithdrawn(Event, type="measure_version.withdrawn", service="measures", key="measure"):
    """A version that was never published is not going to be."""

    measure: str
    version: str


class MeasureVersionTaken(Event, type="measure_version.taken", service="measures", key="taking"):
    """The movement took a published version out of the commons, to report by it."""

    taking: str
    measure: str
    version: str


class DefinitionCommented(Event, type="definition_comment.made", service="measures", key="comment"):
    """A partner said something of a version that is consulted on. What, is asked for."""

    comment: str
    version: str
    organisation: str | None = None


class DefinitionCommentAnswered(Event, type="definition_comment.answered", service="measures", key="comment"):
    """Whoever keeps the definition said what became of a comment."""

    comment: str
    version: str
    taken_up: bool
