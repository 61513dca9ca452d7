"""What the grants service tells of the agreements of awards: never their words, nor who put their name to one."""

from shared.events.base import Event


class AgreementMade(Event, type="award_agreement.made", service="grants", key="agreement"):
    """The page of an award was made, which its group is to accept."""

    agreement: str
    award: str


class AgreementAccepted(Event, type="award_agreement.accepted", service="grants", key="agreement"):
    """A group accepted the page of its award, by `click`, `signature` or `call`."""

    agreement: str
    award: str
    way: str
