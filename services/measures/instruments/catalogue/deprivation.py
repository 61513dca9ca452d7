"""The English Index of Multiple Deprivation: from the rank of an area to its decile, within one edition."""

from collections.abc import Mapping
from decimal import Decimal

from services.measures.instruments.definition import Instrument, Outcome
from services.measures.instruments.questions import Answers, Question, QuestionKind


def _edition(version: int, areas: int, note: str) -> Instrument:
    """One edition: its areas ranked from the most deprived, in ten groups as equal as their number allows."""

    def decile(answers: Answers) -> Mapping[str, Decimal | None]:
        rank = answers.numbers.get("rank")
        return {"decile": None if rank is None else Decimal(-(-int(rank) * 10 // areas))}

    return Instrument(
        key="imd",
        version=version,
        title=f"English Index of Multiple Deprivation {version}",
        source=f"English Indices of Deprivation {version}: {areas:,} lower-layer super output areas, decile 1 the most "
        "deprived. Open Government Licence 3.0",
        note=note,
        questions=(Question("rank", QuestionKind.SCALE, low=1, high=areas),),
        outcomes=(Outcome("decile", ("rank",), Decimal(1), Decimal(10), has_mean=False),),
        reckon=decile,
        for_people=False,
    )


INSTRUMENTS = (
    _edition(2019, 32_844, "On the areas of 2011."),
    _edition(2025, 33_755, "On the areas of 2021, and with other indicators: less directly comparable with 2019."),
)
