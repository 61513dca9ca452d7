"""Charts: pictures that a board can read, that read aloud, and whose tables say the same."""

import csv
import io
import struct
from xml.etree import ElementTree

from services.measures.charts import at_a_glance, drawing, over_time, side_by_side
from services.measures.charts.pictures import listed, number
from services.measures.comparisons.schemas import Comparison
from services.measures.scorecards.schemas import Scorecard
from services.measures.series.schemas import Series
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows

SVG = "{http://www.w3.org/2000/svg}"
COUNTS = "place,period,numerator,denominator"
YEARS = range(2015, 2022)


async def inactive(measures: Caller) -> str:
    """A measure with a gap, intervals and a target."""
    await measures.places()
    measure, version = await measures.version("inactive", direction="lower_is_better")
    shares = [f"E07000080,{year}/{year - 1999},{2100 - year},400" for year in YEARS if year != 2018]
    file = rows(*shares, "E07000078,2021/22,60,400", header=COUNTS)
    await measures.figures(version, file, provenance="Our <own> survey")
    aim = {"measure_version": version, "place": "E07000080", "period": "2023/24", "value": "18"}
    await measures.post("/v1/targets", aim)
    return measure


def words_of(svg: str) -> list[str]:
    return [text for text in ElementTree.fromstring(svg).itertext() if text.strip()]


@ON_ONE_DATABASE
async def test_a_series_is_one_image_with_a_title_a_description_and_a_way_to_its_table(measures: Caller) -> None:
    measure = await inactive(measures)
    query = {"place": "E07000080"}
    answer = await measures.client.get(f"/v1/measures/{measure}/series.svg", params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    root = ElementTree.fromstring(answer.text)
    assert (root.tag, root.attrib["role"], root.attrib["aria-labelledby"]) == (f"{SVG}svg", "img", "title description")
    title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc") or ""
    assert title == "Inactive adults: Forest of Dean"
    assert "From 21.2 in 2015/16 to 19.8 in 2021/22" in description
    assert "No figure for 2018/19." in description
    assert "Target for 2023/24: 18.0." in description
    words = words_of(answer.text)
    for said in ("2018/19", "2022/23", "19.8", "Target 18.0", "Source: Our <own> survey.", "2015/16"):
        assert said in words, said
    assert any("Not for sharing" in word for word in words)
    table, page = (link.split(";")[0].strip("<> ") for link in reversed(answer.headers["link"].split(",")))
    found = await measures.client.get(f"/v1/measures/{measure}/{table}")
    told = list(csv.DictReader(io.StringIO(found.text)))
    assert [(row["Period"], float(row["Per cent"]), row["Bound"]) for row in told][-1] == ("2021/22", 19.75, "exactly")
    assert (await measures.client.get(f"/v1/measures/{measure}/{page}")).status_code == 200


@ON_ONE_DATABASE
async def test_places_are_drawn_beside_the_benchmark_and_as_png_at_twice_the_size(measures: Caller) -> None:
    measure = await inactive(measures)
    places = ["E07000080", "E07000078", "E06000063"]
    found = await measures.get(
        f"/v1/measures/{measure}/comparison", period="2021/22", places=places, benchmark="E07000078"
    )
    picture = side_by_side.picture(Comparison.model_validate(found))
    svg, png = drawing.svg(picture), drawing.png(picture)
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    root = ElementTree.fromstring(svg)
    assert (width, height) == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
    words = words_of(svg)
    assert "Cheltenham 15.0" in words
    assert "No figure: Cumberland." in words


@ON_ONE_DATABASE
async def test_a_scorecard_draws_each_measure_and_names_those_without_a_figure(measures: Caller) -> None:
    await inactive(measures)
    await measures.version("nothing")
    card = Scorecard.model_validate(await measures.get("/v1/scorecard", place="E07000080"))
    words = words_of(drawing.svg(at_a_glance.picture(card)))
    assert "19.8 in 2021/22: improving" in words
    assert "No figure: Inactive adults." in words
    found = (await measures.client.get("/v1/scorecard/chart.csv", params={"place": "E07000080"})).text
    first, second = csv.DictReader(io.StringIO(found))
    assert (first["Figure"], first["Target"], first["Course"], second["Figure"]) == ("19.75", "18.0", "improving", "")


@ON_ONE_DATABASE
async def test_a_table_reads_aloud_and_runs_nothing(measures: Caller) -> None:
    await measures.places()
    measure, version = await measures.version("inactive")
    await measures.figures(version, rows("E07000080,2021/22,21.2"), provenance="<script>alert(1)</script>")
    answer = await measures.client.get(f"/v1/measures/{measure}/series.html", params={"place": "E07000080"})
    assert "<script>" not in answer.text
    page = ElementTree.fromstring(answer.text.replace("<!doctype html>", "").replace('charset="utf-8">', '/>').replace(
        'initial-scale=1">', 'initial-scale=1"/>'
    ))  # fmt: skip
    assert page.attrib["lang"] == "en-GB"
    assert [head.text for head in page.iter("th") if head.attrib["scope"] == "row"] == ["2021/22"]
    assert [caption.text for caption in page.iter("caption")] == ["Per cent, 2021/22 to 2021/22"]


@ON_ONE_DATABASE
async def test_a_chart_of_nothing_is_a_picture_that_says_so(measures: Caller) -> None:
    await measures.places()
    measure, _ = await measures.version("inactive")
    nothing = over_time.picture(Series.model_validate(await measures.series(measure)), [])
    assert "0 of 0 periods have a figure." in words_of(drawing.svg(nothing))


def test_figures_are_written_as_people_read_them() -> None:
    assert [number(value, "percent") for value in (21.25, 21.0, 0.0)] == ["21.2", "21.0", "0.0"]
    assert [number(value, "hours") for value in (1250.4, 21.0, 7.5, 0.0)] == ["1,250", "21", "7.5", "0"]
    assert number(0.15432, "proportion") == "0.154"
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"
