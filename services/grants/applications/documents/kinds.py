"""Telling what a file is by what is in it: what it is called, and what it is said to be, prove nothing."""

import io
import zipfile

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
_BEGINNINGS = {
    b"%PDF-": PDF,
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


def media_type_of(content: bytes) -> str | None:
    """The media type of a PDF, JPEG, PNG, or a text of Word or OpenDocument; None for anything else."""
    for beginning, media_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return _text_in_a_zip(content) if content.startswith(b"PK\x03\x04") else None


def _text_in_a_zip(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return None
    if "vbaProject.bin" in {name.rpartition("/")[2] for name in names}:
        return None  # it carries a programme
    if "word/document.xml" in names:
        return DOCX
    return ODT if {"mimetype", "content.xml"} <= names else None
