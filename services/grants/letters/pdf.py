"""Writing a letter as PDF: headings and paragraphs on A4, tagged to be read aloud, the same bytes each time.

By the PDF Reference 1.7 (ISO 32000-1): a structure tree of H1, H2 and P with its parent tree (14.7), the document's
language and title. It uses Helvetica, which every reader has and no file need bring: so it writes the characters of
Windows-1252, and others as the nearest of them.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 68
_LEADING = 1.4
_TALL = 1000
"""Widths of characters are in thousandths of the size of the font."""

# Helvetica's widths (Adobe's font metrics) of the characters 32 to 126; accented letters are as wide as plain ones.
_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_WIDEST = 944
_CATALOGUE = (
    "<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) /MarkInfo << /Marked true >> /StructTreeRoot 3 0 R"
    " /ViewerPreferences << /DisplayDocTitle true >> >>"
)
_STROKES = {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i"}
"""Letters that Unicode does not take apart."""


class Tag(StrEnum):
    """What a block is, by the standard structure types."""

    TITLE = "H1"
    HEADING = "H2"
    PARAGRAPH = "P"


class Block(NamedTuple):
    """A heading or a paragraph; a line break in its text begins another line."""

    tag: Tag
    text: str


class _Style(NamedTuple):
    font: str
    size: int
    before: int


_STYLES = {
    Tag.TITLE: _Style("F2", 18, 0),
    Tag.HEADING: _Style("F2", 13, 16),
    Tag.PARAGRAPH: _Style("F1", 11, 8),
}


class _Line(NamedTuple):
    block: int
    height: float
    text: bytes


def render(title: str, blocks: Sequence[Block]) -> bytes:
    """The PDF of a letter."""
    pages = list(_paged(blocks))
    elements = 7 + 2 * len(pages)
    """The number of the first structure element; pages and their contents stand before, from 7 on."""
    shown: dict[int, list[tuple[int, int]]] = {}
    contents = []
    for number, lines in enumerate(pages):
        drawn, marks = _content(lines, blocks)
        contents.append(drawn)
        for mark, block in enumerate(marks):
            shown.setdefault(block, []).append((number, mark))
    kids = " ".join(f"{7 + 2 * number} 0 R" for number in range(len(pages)))
    tagged = " ".join(f"{elements + at} 0 R" for at in range(len(shown)))
    order = {block: elements + at for at, block in enumerate(shown)}
    objects = [
        _CATALOGUE,
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        f"<< /Type /StructTreeRoot /K [{tagged}] /ParentTree << /Nums [{_parents(pages, order)}] >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< /Title <{_utf16(title)}> >>",
    ]
    for number in range(len(pages)):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents {8 + 2 * number} 0 R"
            f" /StructParents {number} /Tabs /S /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>"
        )
        objects.append(
            f"<< /Length {len(contents[number])} >>\nstream\n{contents[number].decode('latin-1')}\nendstream"
        )
    for block, places in shown.items():
        marked = " ".join(f"<< /Type /MCR /Pg {7 + 2 * page} 0 R /MCID {mark} >>" for page, mark in places)
        objects.append(f"<< /Type /StructElem /S /{blocks[block].tag} /P 3 0 R /K [{marked}] >>")
    return _file(objects)


def _paged(blocks: Sequence[Block]) -> Iterator[list[_Line]]:
    """The lines of each page, a heading never the last of one."""
    page: list[_Line] = []
    left = float(_HEIGHT - 2 * _MARGIN)
    for number, block in enumerate(blocks):
        style = _STYLES[block.tag]
        lines = list(_wrapped(block.text, style.size))
        needed = style.before + style.size * _LEADING * (3 if block.tag is Tag.HEADING else 1)
        if page and needed > left:
            yield page
            page, left = [], float(_HEIGHT - 2 * _MARGIN)
        for at, text in enumerate(lines):
            height = style.size * _LEADING + (style.before if at == 0 and page else 0)
            if height > left:
                yield page
                page, left = [], float(_HEIGHT - 2 * _MARGIN)
            page.append(_Line(number, height, text))
            left -= height
    yield page


def _content(lines: Sequence[_Line], blocks: Sequence[Block]) -> tuple[bytes, list[int]]:
    """What draws a page, and of which block each of its marked parts is."""
    drawn, marks = [], list[int]()
    height = float(_HEIGHT - _MARGIN)
    for line in lines:
        style = _STYLES[blocks[line.block].tag]
        height -= line.height
        if not marks or marks[-1] != line.block:
            if marks:
                drawn.append(b"EMC")
            drawn.append(f"/{blocks[line.block].tag} << /MCID {len(marks)} >> BDC".encode())
            marks.append(line.block)
        place = f"BT /{style.font} {style.size} Tf {_MARGIN} {height:.2f} Td (".encode()
        drawn.append(place + _escaped(line.text) + b") Tj ET")
    drawn.append(b"EMC")
    return b"\n".join(drawn), marks


def _wrapped(text: str, size: int) -> Iterator[bytes]:
    """The lines of a text, none wider than the page; a word that is wider by itself is broken."""
    room = (_WIDTH - 2 * _MARGIN) * _TALL / size
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if _wide(longer) <= room:
                line = longer
                continue
            if line:
                yield _encoded(line)
            line = word
            while _wide(line) > room:
                fits = next(end for end in range(len(line), 0, -1) if _wide(line[:end]) <= room)
                yield _encoded(line[:fits])
                line = line[fits:]
        yield _encoded(line)


def _wide(text: str) -> int:
    return sum(_WIDTHS[plain - 32] if 32 <= (plain := ord(_plain(letter))) < 127 else _WIDEST for letter in text)


def _plain(letter: str) -> str:
    """The letter without its accents, or stroke, where that leaves one."""
    letter = _STROKES.get(letter, letter)
    return unicodedata.normalize("NFKD", letter)[:1] or letter


def _encoded(text: str) -> bytes:
    """In Windows-1252; what that lacks as the letter without its accents, and else as a question mark."""
    found = bytearray()
    for letter in text:
        try:
            found += letter.encode("cp1252")
        except UnicodeEncodeError:
            found += _plain(letter).encode("cp1252", "replace")
    return bytes(found)


def _escaped(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _utf16(text: str) -> str:
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex()


def _parents(pages: Sequence[Sequence[_Line]], order: dict[int, int]) -> str:
    """For each page the structure elements of its marked parts, in their order."""
    found = []
    for number, lines in enumerate(pages):
        marks = list(dict.fromkeys(line.block for line in lines))
        found.append(f"{number} [{' '.join(f'{order[block]} 0 R' for block in marks)}]")
    return " ".join(found)


def _file(objects: Sequence[str]) -> bytes:
    """The objects as a file, with the table of where each begins."""
    written, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n"
    return bytes(written + trailer.encode())
