"""What erasing somebody does to sealed files: who is named in one takes it along, and pictures go with their words."""

import io
import zipfile

import pytest
from fastapi import FastAPI
from pypdf import PdfReader, PdfWriter

from services.grants.applications.documents.kinds import DOCX, ODT, PDF
from services.grants.files.forgetting import forget_files
from services.grants.files.reading import NOTHING, said_in
from services.grants.letters.pdf import Block, Tag, render
from shared.erasure.marks import Marks
from shared.parts import Parts
from shared.testing.erasing import counting
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking

JPEG = b"\xff\xd8\xff\xe0a photograph"
ADA = Marks(people=[], phrases=["Ada Lovelace"])


def pdf(words: str) -> bytes:
    return render("Our constitution", [Block(Tag.PARAGRAPH, words)])


def zipped(**parts: str) -> bytes:
    """A zip archive; two underscores in a name are a slash, one is a dot."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return written.getvalue()


def locked(content: bytes) -> bytes:
    """A PDF that opens with a password alone."""
    writer, written = PdfWriter(PdfReader(io.BytesIO(content))), io.BytesIO()
    writer.encrypt("secret")
    writer.write(written)
    return written.getvalue()


def test_a_pdf_says_what_stands_on_its_pages() -> None:
    said = said_in(pdf("The treasurer is Ada Lovelace."), PDF)
    assert "The treasurer is Ada Lovelace." in said.words
    assert said.whole


def test_a_text_says_what_it_says_whatever_it_is_marked_up_with() -> None:
    run = "<w:p><w:r><w:t>Ada Love</w:t></w:r><w:r><w:t>lace &amp; Co</w:t></w:r></w:p><w:p>Ben</w:p>"
    assert said_in(zipped(word__document_xml=run), DOCX) == ("Ada Lovelace & Co Ben", True)
    author = "<dc:creator>Ada Lovelace</dc:creator>"
    assert said_in(zipped(content_xml="<text:p>Hello</text:p>", meta_xml=author), ODT).words == "Hello Ada Lovelace"


def test_of_what_holds_a_picture_too_not_all_is_read() -> None:
    assert not said_in(zipped(word__document_xml="<w:p>Us</w:p>", word__media__image1_png="…"), DOCX).whole


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (b"%PDF-1.7\n% broken", PDF),
        (locked(pdf("Ada Lovelace")), PDF),
        (zipped(word__document_xml="x")[:-8], DOCX),
    ],
    ids=["picture", "broken", "locked", "cut off"],
)
def test_nothing_is_read_of_pictures_and_of_what_is_locked_or_broken(content: bytes, media_type: str) -> None:
    assert said_in(content, media_type) == NOTHING


@ON_ONE_DATABASE
async def test_files_that_name_whoever_is_erased_go_and_so_do_pictures_beside_words_that_do(
    app: FastAPI, grants: Caller
) -> None:
    opened = await grants.open_round()
    named = (await grants.post("/v1/applications", asking(opened, summary="Ask Ada Lovelace")))["id"]
    plain = (await grants.post("/v1/applications", asking(opened)))["id"]
    hers = pdf("The treasurer is Ada Lovelace.")
    files = {
        await sent(grants, application, content): stays
        for application, content, stays in (
            (named, hers, False), (named, JPEG, False), (named, pdf("Our rules"), True),
            (plain, hers, False), (plain, JPEG, True), (plain, pdf("Our rules"), True),
        )
    }  # fmt: skip
    parts: Parts = app.state.parts
    db, counted = counting(parts.acting_in(grants.movement))
    for _ in range(2):
        await forget_files(parts, db, grants.movement, ADA)
    left = {each["id"] for path in (named, plain) for each in await listed(grants, path)}
    assert left == {document for document, stays in files.items() if stays}
    assert sum(counted) == 3
    told = [payload["document"] for kind, payload in await grants.published() if kind == "application.file_erased"]
    assert set(told) == files.keys() - left


@ON_ONE_DATABASE
async def test_the_photograph_of_a_report_goes_where_the_report_speaks_of_whoever_is_erased(
    app: FastAPI, grants: Caller
) -> None:
    award = await grants.award(await grants.application(await grants.open_round()))
    report = (await grants.post("/v1/grant-reports", {"award": award, "due_on": "2027-01-31"}))["id"]
    await grants.client.put(f"/v1/grant-reports/{report}/photo", content=JPEG)
    parts: Parts = app.state.parts
    db, counted = counting(parts.acting_in(grants.movement))
    await forget_files(parts, db, grants.movement, ADA)
    assert (await grants.get(f"/v1/grant-reports/{report}"))["photo"]
    await grants.edit("PATCH", f"/v1/grant-reports/{report}", {"happened": "Ada Lovelace taught us to knit"})
    await forget_files(parts, db, grants.movement, ADA)
    assert not (await grants.get(f"/v1/grant-reports/{report}"))["photo"]
    assert counted == [1]
    assert (await grants.published(report))[-1][0] == "grant_report.photo_erased"


async def sent(grants: Caller, application: str, content: bytes) -> str:
    """A file of an application; its id."""
    path = f"/v1/applications/{application}/documents"
    answered = await grants.client.post(path, params={"name": "ours"}, content=content)
    assert answered.status_code == 201, answered.text
    return str(answered.json()["id"])


async def listed(grants: Caller, application: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (await grants.get(f"/v1/applications/{application}/documents"))["data"]
    return found
