"""What the measures service tells of figures: counts and keys, never a value."""

from shared.events.base import Event


class ObservationRecorded(Event, type="observation.recorded", service="measures", key="version"):
    """A figure became known for a place and a period: the first, or a revision of one known before."""

    version: str
    observation: str
    place: str
    period: str


class ObservationsImported(Event, type="observations.imported", service="measures", key="version"):
    """An import is complete: after this, every figure that it brought has been announced. `recorded` is their count."""

    version: str
    import_id: str
    recorded: int


class SubmissionStarted(Event, type="submission.started", service="measures", key="submission"):
    """A reporter began the return of a version's figures for a period."""

    submission: str
    version: str
    reporter: str
    period: str


class SubmissionSubmitted(Event, type="submission.submitted", service="measures", key="submission"):
    """A return was handed in: its figures stand still from now on."""

    submission: str
    version: str
    reporter: str
    period: str


class SubmissionReturned(Event, type="submission.returned", service="measures", key="submission"):
    """A return was given back to its reporter, for a reason that is read here."""

    submission: str
    version: str
    reporter: str
    period: str


class SubmissionAccepted(Event, type="submission.accepted", service="measures", key="submission"):
    """A return was accepted."""

    submission: str
    version: str
    reporter: str
    period: str


class SubmissionLocked(Event, type="submission.locked", service="measures", key="submission"):
    """An accepted return was locked: it is what is published from."""

    submission: str
    version: str
    reporter: str
    period: str


class SubmissionReopened(Event, type="submission.reopened", service="measures", key="submission"):
    """An accepted or locked return was reopened: its figures may be corrected again."""

    submission: str
    version: str
    reporter: str
    period: str


class PeriodLocked(Event, type="period.locked", service="measures", key="lock"):
    """A period of a version was locked: nobody's figures of it change."""

    lock: str
    version: str
    period: str


class PeriodUnlocked(Event, type="period.unlocked", service="measures", key="lock"):
    """The lock of a period was lifted."""

    lock: str
    version: str
    period: str


class GrantFigureRefused(Event, type="grant_report.figure_refused", service="measures", key="report"):
    """A figure of a grant's report, by its place in it, was refused for what this code says."""

    report: str
    figure: int
    code: str


class GrantReportTaken(Event, type="grant_report.taken", service="measures", key="report"):
    """All figures of a grant's report were taken, but for those that were refused; its story, if any, is a draft."""

    report: str
    taken: int
    refused: int
