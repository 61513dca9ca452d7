"""What the grants service tells of applications: ids and money, never what a group wrote."""

from shared.events.base import Event


class ApplicationSubmitted(Event, type="application.submitted", service="grants", key="application"):
    """A group asked a round for an amount. What it submitted does not change."""

    application: str
    round: str
    amount_pence: int
    currency: str


class ApplicationEnded(Event, type="application.ended", service="grants", key="application"):
    """An application was `declined` by the movement or `withdrawn` by its group: nothing is awarded to it any more."""

    application: str
    outcome: str
