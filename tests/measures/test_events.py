"""What the service tells the others: that there is a definition or a figure, and never the figure."""

import json

from tests.measures.caller import Caller, rows


async def test_definitions_and_figures_are_announced(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version()
    report = await measures.figures(version, rows("E07000080,2015/16,21.2", "E07000078,2015/16,15.5"))
    seen = await measures.every("/v1/observations")
    by_place = {found["place"]: found["id"] for found in seen}
    events = await measures.published()
    assert events[:2] == [
        ("measure.created", {"measure": measure, "forked_from": None}),
        ("measure_version.published", {"measure": measure, "version": version}),
    ]
    assert sorted(events[2:4], key=lambda event: str(event[1]["place"])) == [
        (
            "observation.recorded",
            {"version": version, "observation": by_place[place], "place": place, "period": "2015/16"},
        )
        for place in ("E07000078", "E07000080")
    ]
    assert events[4:] == [("observations.imported", {"version": version, "import_id": report["id"], "recorded": 2})]


async def test_only_new_and_revised_figures_are_announced(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version()
    await measures.figures(version, rows("E07000080,2015/16,21.2", "E07000080,2016/17,19.7"))
    before = len(await measures.published())
    await measures.figures(version, rows("E07000080,2015/16,21.2", "E07000080,2016/17,19.7"))
    assert len(await measures.published()) == before
    await measures.figures(version, rows("E07000080,2015/16,21.2", "E07000080,2016/17,19.8"))
    later = (await measures.published())[before:]
    assert [(event, payload.get("period", payload.get("recorded"))) for event, payload in later] == [
        ("observation.recorded", "2016/17"),
        ("observations.imported", 1),
    ]


async def test_neither_a_dry_run_nor_a_refusal_announces_anything(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version()
    before = await measures.published()
    file = rows("E07000080,2015/16,21.2", "E07000080,2016/17,110")
    await measures.figures_sent(version, file, dry_run="true")
    await measures.figures_sent(version, file)
    assert await measures.published() == before


async def test_no_measured_value_and_no_words_travel(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version()
    await measures.figures(
        version,
        rows("E07000080,2015/16,21.2,73911", header="place,period,value,n"),
        provenance="a source in words",
    )
    said = json.dumps(await measures.published())
    for never in ("21.2", "73911", "words", "Inactive adults", "Forest"):
        assert never not in said


async def test_the_answer_says_where_the_write_stands_in_the_log(measures: Caller) -> None:
    await measures.places()
    _, version = await measures.version()
    answered = await measures.figures_sent(version, rows("E07000080,2015/16,21.2"))
    assert answered.headers["backbone-position"] == f"measures/{version}@2"
