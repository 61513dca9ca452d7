"""Figures of measures from a survey's answers: nobody who asks people has to add up squares."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.measures.imports.models import Source
from services.measures.measures.domain import published_version
from services.measures.measures.models import Kind, MeasureVersion
from services.measures.observations.reporting import Recorded, Report, record
from services.measures.sheets import Cells
from services.measures.surveys.asking import domain as asking
from services.measures.surveys.asking.models import Survey
from services.measures.surveys.responses.domain import refuse_organisations
from services.measures.surveys.results.domain import by_place
from services.measures.surveys.results.schemas import FiguresWanted, FigureWanted
from services.measures.surveys.results.tally import Adding, Tally
from shared.errors import Fault, Invalid, NotFound

_MADE = frozenset({Kind.MEAN, Kind.RATIO, Kind.DISTRIBUTION})


@dataclass(frozen=True, slots=True)
class Made:
    """What came of figures: each version's, and how many answers are in none, for they are of no place."""

    recorded: Sequence[Recorded]
    without_place: int


def make(session: Session, movement: str, survey: str, wave: str, said: FiguresWanted, reporter: str) -> Made:
    """Record figures of measures from a wave's answers. Raises NotFound, NotForOrganisations, Invalid."""
    refuse_organisations(session)  # figures of its own it would see as they are
    found, when = asking.read(session, movement, survey), asking.read_wave(session, movement, survey, wave)
    versions = _versions(session, movement, found, said.figures)
    tallies, without_place = by_place(session, found, when, said.place)
    provenance = f"Survey {found.id}, wave {when.number}"
    recorded = []
    for index, (wanted, version) in enumerate(zip(said.figures, versions, strict=True)):
        figures = [
            {"place": place, "period": said.period, **cells}
            for place, tally in sorted(tallies.items())
            for cells in _cells(wanted, Kind(version.kind), found.questionnaire.categories(wanted.of), tally)
        ]
        source = Source(wanted.measure_version, reporter, provenance, said.reason)
        recorded.append(record(session, movement, Report(source, figures, _always(f"/figures/{index}"))))
    return Made(recorded, without_place)


def _always(pointer: str) -> Callable[[int], str]:
    """Where each figure of one version stands in the request: at what was wanted, not at its place among others."""
    return lambda _: pointer


def _versions(session: Session, movement: str, survey: Survey, wanted: Sequence[FigureWanted]) -> list[MeasureVersion]:
    """The versions that figures are wanted of. Raises Invalid where one cannot be made of what is asked."""
    versions: list[MeasureVersion] = []
    faults: list[Fault] = []
    for index, each in enumerate(wanted):
        at = f"/figures/{index}"
        try:
            version = published_version(session, movement, each.measure_version)
        except NotFound:
            faults.append(Fault(f"{at}/measure_version", "is no version of a measure", "unknown_version"))
            continue
        versions.append(version)
        faults += [fault.at(at) for fault in _misfits(survey, each, version)]
    if faults:
        raise Invalid(faults=faults)
    return versions


def _misfits(survey: Survey, wanted: FigureWanted, version: MeasureVersion) -> Iterator[Fault]:
    """Why a version's figures are not made of this outcome or question."""
    asked, kind = survey.questionnaire, Kind(version.kind)
    if wanted.of not in asked.subjects:
        yield Fault("/of", "is no outcome and no question of the survey that is counted", "unknown_outcome")
        return
    categories, apart = asked.categories(wanted.of), asked.exclusive(wanted.of)
    used = asked.outcomes.get(wanted.of)
    of = (used[0].instrument.key, used[0].instrument.version) if used else None
    if version.instrument is not None and of != (version.instrument, version.instrument_version):
        yield Fault("/of", "is of another instrument than the version declares", "other_instrument")
    if kind not in _MADE:
        yield Fault("/measure_version", "is neither a mean, nor a ratio, nor a distribution", "other_kind")
    if kind is Kind.MEAN and not asked.has_mean(wanted.of):
        yield Fault("/of", "has no mean", "no_mean")
    if kind is Kind.RATIO and not (wanted.counting and set(wanted.counting) <= set(categories)):
        yield Fault("/counting", f"names what is counted, of {', '.join(categories) or 'nothing'}", "unknown_category")
    elif kind is Kind.RATIO and len(wanted.counting) > 1 and not apart:
        yield Fault("/counting", "names one: somebody may have chosen several, and would count twice", "counts_twice")
    if kind is not Kind.RATIO and wanted.counting:
        yield Fault("/counting", "is for a ratio", "not_a_ratio")
    if kind is Kind.DISTRIBUTION and not (categories and apart):
        yield Fault("/of", "has no bands or choices of which each is in one", "no_categories")


def _cells(wanted: FigureWanted, kind: Kind, categories: Sequence[str], tally: Tally) -> Iterator[Cells]:
    """The figure of a place, or one for each category; none where nobody answered."""
    adding = tally.of[wanted.of]
    if adding.n == 0:
        return
    if kind is Kind.MEAN:
        yield {"n": str(adding.n), "sum_x": format(adding.sum_x, "f"), "sum_x2": format(adding.sum_x2, "f")}
    elif kind is Kind.RATIO:
        yield _share(adding, sum(adding.counts[category] for category in set(wanted.counting)))
    else:
        for category in categories:
            yield {"cell": f"{wanted.of}={category}", **_share(adding, adding.counts[category])}


def _share(adding: Adding, count: int) -> Mapping[str, str]:
    return {"numerator": str(count), "denominator": str(adding.n), "n": str(adding.n)}
