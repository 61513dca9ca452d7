"""What the grants service tells of applications: ids and money, never what a group wrote."""

from shared.events.base import Event


class ApplicationSubmitted(Event, type="application.submitted", service="grants", key="application"):
    """A group asked a round for an amount. What it submitted does not change."""

    application: str
    round: str
    amount_pence: int
    currency: str


class ApplicationScreened(Event, type="application.screened", service="grants", key="application"):
    """The round is for the group that applied: it is weighed with the others."""

    application: str


class ApplicationAssessed(Event, type="application.assessed", service="grants", key="application"):
    """An application is being weighed."""

    application: str


class InformationRequested(Event, type="application.information_requested", service="grants", key="application"):
    """Something is asked of the group before its application can be weighed on."""

    application: str
    question: str


class InformationGiven(Event, type="application.information_given", service="grants", key="application"):
    """The group has answered what it was asked: its application is weighed on."""

    application: str
    question: str


class HostAnswered(Event, type="application.host_answered", service="grants", key="application"):
    """The accountable body that a group named has said whether it will hold the money."""

    application: str
    agreed: bool


class ApplicationReserved(Event, type="application.reserved", service="grants", key="application"):
    """An application is on the reserve list: it is awarded if money comes free."""

    application: str


class ApplicationEnded(Event, type="application.ended", service="grants", key="application"):
    """Nothing is awarded to an application any more.

    It was `declined` by the movement, found `ineligible` by a rule of its round, or `withdrawn` by its group.
    """

    application: str
    outcome: str


class ApplicationFileErased(Event, type="application.file_erased", service="grants", key="application"):
    """A file of an application, or of its draft, was deleted, for somebody was erased who stood in it, or may have."""

    application: str
    document: str
