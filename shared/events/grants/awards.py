"""What the grants service tells of awards."""

from shared.events.base import Event


class AwardOffered(Event, type="award.offered", service="grants", key="award"):
    """An award was offered to a group; its amount is reserved in the round's budget."""

    award: str
    application: str
    round: str
    amount_pence: int
    currency: str


class AwardAccepted(Event, type="award.accepted", service="grants", key="award"):
    """The group accepted the award that it was offered."""

    award: str


class AwardEnded(Event, type="award.ended", service="grants", key="award"):
    """An offer `lapsed` unanswered or was `refused`, or an award was `cancelled`, accepted or not.

    `amount_pence` is what its round holds no longer: all of it, but for what was paid out by then.
    """

    award: str
    outcome: str
    amount_pence: int
    currency: str


class AwardAmended(Event, type="award.amended", service="grants", key="award"):
    """What is agreed of an award changed: perhaps its amount, which its round holds from now on."""

    award: str
    terms: int
    before_pence: int
    amount_pence: int
    currency: str


class AwardStarted(Event, type="award.started", service="grants", key="award"):
    """The first payment of an award went out."""

    award: str


class AwardHeld(Event, type="award.held", service="grants", key="award"):
    """An award was put on hold: nothing of it is paid until it is released."""

    award: str


class AwardReleased(Event, type="award.released", service="grants", key="award"):
    """An award is on hold no longer."""

    award: str


class AwardLinked(Event, type="award.linked", service="grants", key="award"):
    """Somebody said which of the movement's organisations the group of an award is, or that it is none of them."""

    award: str
    organisation: str | None = None


class AwardLetGo(Event, type="award.let_go", service="grants", key="award"):
    """What came back from the bank after an award had ended is not paid again: it is the round's."""

    award: str
    amount_pence: int
    currency: str


class AwardClosed(Event, type="award.closed", service="grants", key="award"):
    """A group has done with its award. `released_pence` were never paid, and are the round's again."""

    award: str
    released_pence: int
    currency: str
