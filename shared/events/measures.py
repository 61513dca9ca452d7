"""What the measures service publishes: that there is a definition or a figure. Never the figure itself."""

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


class KpiEntered(Event, type="kpi.entered", service="measures", key="kpi"):
    """The movement steers by another number; `source` is where its value comes from."""

    kpi: str
    source: str


class KpiChanged(Event, type="kpi.changed", service="measures", key="kpi"):
    """What a KPI is to be, who answers for it or how it is rated is another one now."""

    kpi: str


class KpiRated(Event, type="kpi.rated", service="measures", key="kpi"):
    """A KPI was rated. Its value and the word are asked for."""

    kpi: str
    rating: str


class AdoptionMade(Event, type="adoption.made", service="measures", key="adoption"):
    """A partner is going to report by a version; without an organisation it is the movement itself."""

    adoption: str
    version: str
    organisation: str | None = None


class AdoptionChanged(Event, type="adoption.changed", service="measures", key="adoption"):
    """An adoption ends on another day, is due otherwise, or is about other places."""

    adoption: str
    version: str


class TargetSet(Event, type="target.set", service="measures", key="target"):
    """The movement said what a figure of a version is to become, or from where it starts. How much is not told."""

    target: str
    version: str


class TargetChanged(Event, type="target.changed", service="measures", key="target"):
    """A target or a baseline is another one now."""

    target: str
    version: str


class TargetDropped(Event, type="target.dropped", service="measures", key="target"):
    """A target or a baseline was dropped."""

    target: str
    version: str


class SurveyOpened(Event, type="survey.opened", service="measures", key="survey"):
    """A survey was opened: what it asks does not change any more, and it can be answered in its waves."""

    survey: str


class SurveyClosed(Event, type="survey.closed", service="measures", key="survey"):
    """A survey was closed: nobody answers it any more."""

    survey: str


class ResponseReceived(Event, type="response.received", service="measures", key="response"):
    """Somebody answered a survey; the `mode` is link, paper or telephone. It never says what, or who."""

    response: str
    survey: str
    wave: str
    mode: str


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


class ReleasePublished(Event, type="release.published", service="measures", key="release"):
    """Figures of a version were published, to anybody (`public`) or to the movement's organisations (`partners`)."""

    release: str
    version: str
    audience: str


class ReleaseSuperseded(Event, type="release.superseded", service="measures", key="release"):
    """A release was replaced by another one."""

    release: str
    by: str


class ReleaseWithdrawn(Event, type="release.withdrawn", service="measures", key="release"):
    """A release is shown no more. What it showed is known, and is reckoned with for ever."""

    release: str


class FrameworkChanged(Event, type="framework.changed", service="measures", key="framework"):
    """A framework was made, or got another version. `name` is the key by which it is found."""

    framework: str
    name: str
    version: int


class AssessmentCompleted(Event, type="assessment.completed", service="measures", key="assessment"):
    """The movement, or a part of it, was judged by a framework (its key): so many of its elements were."""

    assessment: str
    framework: str
    judged: int


class AssessmentWithdrawn(Event, type="assessment.withdrawn", service="measures", key="assessment"):
    """An assessment does not stand."""

    assessment: str
    framework: str


class StoryPublished(Event, type="story.published", service="measures", key="story"):
    """A story may be told: within the movement, to partners, or to everybody (`reach`). Whoever shows it fetches it."""

    story: str
    reach: str


class StoryWithdrawn(Event, type="story.withdrawn", service="measures", key="story"):
    """A story is told no more: whoever has it takes it down."""

    story: str


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


class ErasureReceiptGiven(Event, type="measures_receipt.given", service="measures", key="receipt"):
    """The service has taken somebody out of what was written here: out of so many `records`."""

    receipt: str
    erasure: str
    records: int
