"""Documents that groups receive: well-formed, tagged PDF in plain English, the same bytes each time."""

from io import BytesIO

from pypdf import PdfReader

from services.grants.letters import pdf
from services.grants.letters.pdf import Block, Tag
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking


def said(document: bytes) -> str:
    """What a document says, by an independent reader."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)


async def letter(grants: Caller, path: str) -> bytes:
    answered = await grants.client.get(path)
    assert (answered.status_code, answered.headers["content-type"]) == (200, "application/pdf"), answered.text
    return answered.content


@ON_ONE_DATABASE
async def test_an_offer_letter_says_what_is_offered_and_what_to_do(grants: Caller) -> None:
    named = asking(await grants.open_round(), group_name="Café (Bobbin) \\ Łódź")
    award = await grants.award((await grants.post("/v1/applications", named))["id"])
    document = await letter(grants, f"/v1/awards/{award}/offer-letter.pdf")
    words = said(document)
    for line in ("We would like to give you £500.00", "To Café (Bobbin) \\ Łódź", "Wool and a warm room"):
        assert line in words
    assert document == await letter(grants, f"/v1/awards/{award}/offer-letter.pdf")
    await grants.post(f"/v1/awards/{award}/refuse")
    ended = await grants.client.get(f"/v1/awards/{award}/offer-letter.pdf")
    assert (ended.status_code, ended.json()["code"]) == (409, "nothing_offered")


@ON_ONE_DATABASE
async def test_an_agreement_is_the_page_in_its_very_words_and_says_how_it_was_accepted(grants: Caller) -> None:
    award = await grants.award(await grants.application(await grants.open_round()))
    made = await grants.post("/v1/award-agreements", {"award": award})
    path = f"/v1/award-agreements/{made['id']}/agreement.pdf"
    before = said(await letter(grants, path))
    flowing = " ".join(before.split())
    for paragraph in made["words"].split("\n"):
        assert " ".join(paragraph.split()) in flowing
    assert "Not accepted yet" in before
    assert len(PdfReader(BytesIO(await letter(grants, path))).pages) == 1  # as agreed
    await grants.client.post(made["path"], data={"name": "Maryam"})
    after = said(await letter(grants, path))
    assert "Accepted by Maryam on" in after
    assert made["digest"] in after


def test_a_document_is_tagged_for_whoever_has_it_read_to_them_and_says_nothing_in_markup() -> None:
    words = "To Café (Bobbin) \\ Łódź #panic() *bold* $x$ <b> Ω"
    blocks = [Block(Tag.TITLE, "Title"), Block(Tag.HEADING, "What to do"), Block(Tag.PARAGRAPH, f"{words}\nbelow")]
    reader = PdfReader(BytesIO(pdf.render("A – title", blocks)))
    assert reader.metadata is not None
    assert reader.metadata.title == "A – title"
    root = reader.root_object
    assert str(root["/Lang"]) == "en-GB"
    assert "/StructTreeRoot" in root
    assert reader.xmp_metadata is not None
    assert b"pdfuaid:part" in reader.xmp_metadata.stream.get_data()
    lines = reader.pages[0].extract_text().splitlines()
    assert lines == ["Title", "What to do", words, "below"]


def test_a_long_document_goes_on_on_another_page_with_all_of_its_words() -> None:
    words = [f"Words number {number}." for number in range(2_000)]
    document = pdf.render("T", [Block(Tag.PARAGRAPH, " ".join(words)), Block(Tag.PARAGRAPH, "W" * 500)])
    assert len(PdfReader(BytesIO(document)).pages) > 1
    assert "".join(said(document).split()).replace("-", "") == "".join("".join(words).split()) + "W" * 500
