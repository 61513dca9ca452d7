"""Drawing a chart: run in the CPU process, which alone imports what draws. An SVG with its words, or a PNG of it."""

from html import escape

from services.measures.charts.pictures import Picture, framed

PNG_SCALE = 2.0
"""Pixels a point: sharp on paper at the width of a page."""


def svg(picture: Picture) -> str:
    """The picture as SVG: one image to whoever has it read out, with a title and a description."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(framed(picture))
    opening, rest = drawn.split(">", 1)
    words = (
        f'<title id="title">{escape(picture.title)}</title><desc id="description">{escape(picture.description)}</desc>'
    )
    return f'{opening} role="img" aria-labelledby="title description">{words}{rest}'


def png(picture: Picture) -> bytes:
    """The same as PNG; its words are in the table that belongs to it."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg(picture), scale=PNG_SCALE))
