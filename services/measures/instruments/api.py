"""Routes of instruments, of the licences that some need, and of scoring."""

from typing import Annotated

from fastapi import Path, Query, Response

from services.measures.instruments import domain
from services.measures.instruments.catalogue import INSTRUMENTS
from services.measures.instruments.schemas import (
    Instrument,
    Licence,
    LicenceChanges,
    NewLicence,
    ScoresShown,
    ToScore,
    bands_of,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page
from shared.routing import Router

router = Router(prefix="/v1/instruments", tags=["Instruments"])

InstrumentKey = Annotated[str, Path(examples=["ons4"])]
Version = Annotated[int | None, Query(description="Needed where the instrument has several.")]


@router.get("", response_model=Page[Instrument], **needs("instruments:read"))
async def list_instruments(call: Call) -> Page[Instrument]:
    """Every version of every instrument: questions, outcomes, bands, and the ages that it was validated for."""
    ages = call.parts.settings.instrument_ages
    return Page(data=[Instrument.of(instrument, ages) for instrument in INSTRUMENTS])


@router.get("/{key}", response_model=Instrument, **needs("instruments:read"))
async def read_instrument(call: Call, key: InstrumentKey, version: Version = None) -> Instrument:
    """One version of an instrument. 422 `version_needed` where it has several and none is named."""
    return Instrument.of(domain.one_version(key, version), call.parts.settings.instrument_ages)


@router.post("/{key}/score", response_model=ScoresShown, **needs("instruments:read"))
async def score_answers(call: Call, key: InstrumentKey, body: ToScore, version: Version = None) -> ScoresShown:
    """Score one person's answers, exactly as the instrument says. Nothing is kept.

    422 `wrong_age` for whoever it was not validated for, and `age_needed` where that is not known; every answer that
    is none is named. 403 `licence_needed` where the movement has noted no licence that holds.
    """
    instrument, ages = domain.one_version(key, version), call.parts.settings.instrument_ages
    bands = bands_of(body.bands)
    return ScoresShown.of(await call.read(domain.score, instrument, body.answers, body.age, bands, ages))


@router.post("/{key}/licence", status_code=201, response_model=Licence, **needs("instruments:write"))
async def note_licence(call: Call, key: InstrumentKey, body: NewLicence) -> Response:
    """Note the licence that the movement holds. 409 `licence_known`, or `no_licence_needed`."""
    return tagged(
        await call.write(domain.note_licence, key, body.reference, body.valid_from, body.valid_until, answer=Licence.of)
    )


@router.get("/{key}/licence", response_model=Licence, **needs("instruments:read"))
async def read_licence(call: Call, key: InstrumentKey, response: Response) -> Licence:
    """The licence that the movement noted."""
    licence = Licence.of(await call.read_by_key(domain.read_licence, key))
    response.headers["etag"] = tag_of(licence.version)
    return licence


@router.patch("/{key}/licence", response_model=Licence, **needs("instruments:write"))
async def change_licence(call: Call, key: InstrumentKey, body: LicenceChanges, expected: Expected) -> Response:
    """Change what is noted of the licence, such as its end."""
    return tagged(await call.write(domain.change_licence, key, body, expected, answer=Licence.of))
