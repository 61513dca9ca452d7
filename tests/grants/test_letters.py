"""Documents that groups receive: well-formed, tagged PDF in plain English, the same bytes each time."""

import re

import pytest

from services.grants.letters import pdf
from services.grants.letters.pdf import Block, Tag
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking

pytestmark = ON_ONE_DATABASE


def said(document: bytes) -> str:
    """What a document says, line after line: the strings that its pages draw."""
    lines = re.findall(rb"Td \((.*)\) Tj", document)
    return "\n".join(re.sub(rb"\\([\\()])", rb"\1", line).decode("cp1252") for line in lines)


async def letter(grants: Caller, path: str) -> bytes:
    answered = await grants.client.get(path)
    assert (answered.status_code, answered.headers["content-type"]) == (200, "application/pdf"), answered.text
    return answered.content


async def test_an_offer_letter_says_what_is_offered_and_what_to_do(grants: Caller) -> None:
    named = asking(await grants.open_round(), group_name="Café (Bobbin) \\ Łódź")
    award = await grants.award((await grants.post("/v1/applications", named))["id"])
    document = await letter(grants, f"/v1/awards/{award}/offer-letter.pdf")
    words = said(document)
    for line in ("We would like to give you £500.00", "To Café (Bobbin) \\ Lódz", "Wool and a warm room"):
        assert line in words
    assert document == await letter(grants, f"/v1/awards/{award}/offer-letter.pdf")
    await grants.post(f"/v1/awards/{award}/refuse")
    ended = await grants.client.get(f"/v1/awards/{award}/offer-letter.pdf")
    assert (ended.status_code, ended.json()["code"]) == (409, "nothing_offered")


async def test_an_agreement_is_the_page_in_its_very_words_and_says_how_it_was_accepted(grants: Caller) -> None:
    award = await grants.award(await grants.application(await grants.open_round()))
    made = await grants.post("/v1/award-agreements", {"award": award})
    path = f"/v1/award-agreements/{made['id']}/agreement.pdf"
    before = said(await letter(grants, path))
    flowing = " ".join(before.split())
    for paragraph in made["words"].split("\n"):
        assert " ".join(paragraph.split()) in flowing
    assert "Not accepted yet" in before
    assert (await letter(grants, path)).count(b"/Type /Page ") == 1  # one page, as agreed
    await grants.client.post(made["path"], data={"name": "Maryam"})
    after = said(await letter(grants, path))
    assert "Accepted by Maryam on" in after
    assert made["digest"] in after


def blocks(count: int) -> list[Block]:
    return [Block(Tag.TITLE, "Title")] + [Block(Tag.PARAGRAPH, f"Words number {n}. " * 30) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 20])
async def test_a_document_is_well_formed_and_tagged(grants: Caller, count: int) -> None:
    document = pdf.render("A – title", blocks(count))
    table = int(document.rsplit(b"startxref\n", 1)[1].split()[0])
    assert document[table:].startswith(b"xref\n")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", document[table:])]
    for number, place in enumerate(places, 1):
        assert document[place:].startswith(f"{number} 0 obj".encode())
    assert document.count(b"/Type /StructElem") == count + 1
    assert b"/Lang (en-GB)" in document
    assert "A – title".encode("utf-16-be").hex().encode() in document
    lengths = re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", document, re.DOTALL)
    assert all(int(length) == len(stream) for length, stream in lengths)


async def test_no_line_is_wider_than_the_page(grants: Caller) -> None:
    words = said(pdf.render("T", [Block(Tag.PARAGRAPH, "W" * 200 + " " + "i " * 400)]))
    assert max(len(line) for line in words.splitlines() if set(line) == {"W"}) == 44
    assert "".join(words.split()) == "W" * 200 + "i" * 400
