"""Writing a letter as PDF: headings and paragraphs on A4, tagged to be read aloud, the same bytes each time.

Typst sets it and holds it to PDF/UA-1 (ISO 14289-1). It brings its own fonts, so every machine writes the same letter.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

_TEMPLATE = rb"""
#let letter = json(bytes(sys.inputs.letter))
#set document(title: letter.title, date: none)
#set page(paper: "a4", margin: 24mm)
#set text(font: "Libertinus Serif", size: 12pt, lang: "en", region: "GB")
#set par(leading: 0.6em, spacing: 1em)
#show title: set text(size: 18pt)
#show heading: set text(size: 13pt)
#show heading: set block(above: 1.6em, below: 0.8em)
#let said(words) = words.split("\n").map(line => [#line]).join(linebreak())
#for block in letter.blocks {
  if block.tag == "title" { title(said(block.text)) }
  else if block.tag == "heading" { heading(said(block.text)) }
  else { par(said(block.text)) }
}
"""


class Tag(StrEnum):
    """What a block is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"


class Block(NamedTuple):
    """A heading or a paragraph; a line break in its text begins another line."""

    tag: Tag
    text: str


def render(title: str, blocks: Sequence[Block]) -> bytes:
    """The PDF of a letter. What it says goes in as JSON, so that nothing in it is taken for markup."""
    import typst  # 80 MB, which a start has no need of

    letter = {"title": title, "blocks": [block._asdict() for block in blocks]}
    document = typst.compile(
        _TEMPLATE,
        sys_inputs={"letter": msgspec.json.encode(letter).decode()},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    if not isinstance(document, bytes):
        raise TypeError("a letter is one file")
    return document
