"""What a file says: a PDF, or a text of Word or OpenDocument. Pure functions, run in the CPU process, for a stranger's
file may take long and a lot of memory to read."""

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

from services.grants.applications.documents.kinds import DOCX, ODT, PDF

_MOST_PAGES = 300
_MOST_UNPACKED = 64 * 1024 * 1024
_WORDS = {
    DOCX: re.compile(r"(word|docProps|customXml)/[^/]+\.xml"),
    ODT: re.compile(r"(content|styles|meta)\.xml"),
}
_BESIDE_WORDS = {
    DOCX: re.compile(r"word/(media|embeddings)/."),
    ODT: re.compile(r"(Pictures|Object[^/]*|media)/."),
}
_ENDS_A_WORD = re.compile(
    r"</(?:w:p|text:p|text:h|dc:\w+|cp:\w+|meta:\w+)>|<(?:w:tab|w:br|text:tab|text:line-break|text:s)\b"
)
_TAG = re.compile(r"<[^>]*>")


class Said(NamedTuple):
    """The words of a file on one line, and whether that is all that is in it: not where some of it is a picture."""

    words: str
    whole: bool


NOTHING = Said("", whole=False)
"""What is read of a picture, a scan, and a file that is locked or broken."""


def said_in(content: bytes, media_type: str) -> Said:
    """What a file says."""
    readers: dict[str, Callable[[bytes], Said]] = {PDF: _in_pdf, DOCX: _in_word, ODT: _in_open_document}
    if media_type not in readers:
        return NOTHING
    try:
        said = readers[media_type](content)
    except Exception:  # what a stranger's file makes a reader raise cannot be foretold
        return NOTHING
    return Said(" ".join(said.words.split()), said.whole)


def _in_pdf(content: bytes) -> Said:
    from pypdf import PdfReader  # the CPU process alone needs it

    reader = PdfReader(io.BytesIO(content))
    pages = [page.extract_text() for page in reader.pages[:_MOST_PAGES]]
    described = [str(value) for value in (reader.metadata or {}).values()]
    filled_in = [str(value) for value in reader.get_form_text_fields().values()]
    whole = len(reader.pages) <= _MOST_PAGES and all(page.strip() for page in pages) and not reader.attachments
    return Said("\n".join([*pages, *described, *filled_in]), whole and bool(pages))


def _in_word(content: bytes) -> Said:
    return _in_zip(content, DOCX)


def _in_open_document(content: bytes) -> Said:
    return _in_zip(content, ODT)


def _in_zip(content: bytes, media_type: str) -> Said:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        words = "\n".join(_words(archive, (name for name in names if _WORDS[media_type].fullmatch(name))))
    return Said(words, whole=not any(_BESIDE_WORDS[media_type].match(name) for name in names))


def _words(archive: zipfile.ZipFile, names: Iterator[str]) -> Iterator[str]:
    left = _MOST_UNPACKED
    for name in names:
        with archive.open(name) as part:
            xml = part.read(left + 1)
        left -= len(xml)
        if left < 0:
            raise zipfile.BadZipFile("it unpacks to more than any letter has")
        yield html.unescape(_TAG.sub("", _ENDS_A_WORD.sub(lambda end: f" {end[0]}", xml.decode())))
