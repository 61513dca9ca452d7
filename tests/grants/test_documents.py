"""Documents and photographs of an application: told by what is in them, sealed, and limited."""

import io
import zipfile

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from services.grants.applications.documents.kinds import media_type_of
from services.grants.applications.documents.models import Document
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import NO, Caller

PDF = b"%PDF-1.7\n% our constitution"


def zipped(*names: str) -> bytes:
    """A zip archive of files so called."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return written.getvalue()


async def sent(grants: Caller, application: str, content: bytes, **asked: str) -> tuple[int, Json]:
    """The answer to a file."""
    answered = await grants.client.post(
        f"/v1/applications/{application}/documents",
        params={"name": "constitution.pdf", **asked},
        content=content,
        headers={"content-type": "application/octet-stream"},
    )
    return answered.status_code, answered.json()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (
            zipped("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (zipped("mimetype", "content.xml"), "application/vnd.oasis.opendocument.text"),
        (zipped("word/document.xml", "word/vbaProject.bin"), None),
        (zipped("anything"), None),
        (b"PK\x03\x04 broken", None),
        (b"MZ\x90\x00", None),
        (b"<html><script>", None),
        (b"", None),
    ],
)
def test_what_a_file_is_is_told_by_what_is_in_it(content: bytes, told: str | None) -> None:
    assert media_type_of(content) == told


async def test_a_file_is_sealed_where_it_is_kept_and_handed_out_as_it_came(app: FastAPI, grants: Caller) -> None:
    application = await grants.application(await grants.open_round())
    status, made = await sent(grants, application, PDF)
    assert (status, made["media_type"], made["size"], made["purpose"]) == (201, "application/pdf", len(PDF), "document")

    def stored(session: Session) -> bytes:
        return session.scalars(sa.select(Document.content).where(Document.movement == grants.movement)).one()

    assert b"constitution" not in await app.state.parts.db.read(stored)
    path = f"/v1/applications/{application}/documents"
    assert (await grants.get(path))["data"] == [made]
    read = await grants.client.get(f"{path}/{made['id']}")
    assert (read.content, read.headers["content-type"]) == (PDF, "application/pdf")
    assert read.headers["content-disposition"].startswith("attachment")
    assert read.headers["x-content-type-options"] == "nosniff"


@ON_ONE_DATABASE
async def test_what_is_too_large_or_no_document_is_refused_and_not_kept(grants: Caller) -> None:
    application = await grants.application(await grants.open_round())
    status, problem = await sent(grants, application, PDF + b" " * 5 * 1024 * 1024)
    assert (status, problem["code"], problem["limit"]) == (413, "file_too_large", 5 * 1024 * 1024)
    status, problem = await sent(grants, application, PDF + b" " * 20 * 1024 * 1024)
    assert (status, problem["code"]) == (413, "payload_too_large")
    status, problem = await sent(grants, application, b"MZ\x90\x00")
    assert (status, problem["code"]) == (422, "unknown_file")
    assert (await grants.get(f"/v1/applications/{application}/documents"))["data"] == []


@ON_ONE_DATABASE
async def test_an_application_has_ten_files_and_none_more_once_it_has_its_answer(grants: Caller) -> None:
    application = await grants.application(await grants.open_round())
    assert [(await sent(grants, application, PDF))[0] for _ in range(10)] == [201] * 10
    assert (await sent(grants, application, PDF))[1]["code"] == "too_many_files"
    answered = await grants.application(await grants.open_round())
    await grants.post(f"/v1/applications/{answered}/decline", NO)
    status, problem = await sent(grants, answered, PDF)
    assert (status, problem["code"]) == (409, "illegal_transition")


@ON_ONE_DATABASE
async def test_what_was_sent_with_a_draft_stays_with_the_application_and_goes_with_a_dropped_one(
    grants: Caller,
) -> None:
    opened = await grants.open_round()
    said = {
        "round": opened,
        "group_name": "Walkers",
        "summary": "Walks",
        "amount": {"amount": "500.00", "currency": "GBP"},
    }
    kept, dropped = [(await grants.post("/v1/applications/drafts", said))["id"] for _ in range(2)]
    for draft in (kept, dropped):
        assert (await sent(grants, draft, b"\xff\xd8\xff", purpose="photo"))[0] == 201
    await grants.client.post(f"/v1/applications/drafts/{kept}/submit", headers={"If-Match": "*"})
    files = (await grants.get(f"/v1/applications/{kept}/documents"))["data"]
    assert [each["purpose"] for each in files] == ["photo"]
    await grants.client.delete(f"/v1/applications/drafts/{dropped}")
    assert (await grants.client.get(f"/v1/applications/{dropped}/documents")).status_code == 404
