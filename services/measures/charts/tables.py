"""The tables that say the same as the pictures: as CSV, and as a page that reads well aloud. Pure."""

from collections.abc import Sequence
from html import escape

from services.measures.charts.pictures import Picture
from shared.csv_out import lines


def csv(picture: Picture) -> bytes:
    """The table, and nothing else: a header and a row for each mark of the picture."""
    return lines([picture.table.columns, *picture.table.rows])


def page(picture: Picture) -> str:
    """The table as one HTML page, with the picture's words."""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in picture.table.columns)
    body = "".join(_row(row) for row in picture.table.rows)
    notes = "".join(f"<p>{escape(note)}</p>" for note in picture.notes)
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(picture.title)}</title></head><body><main><h1>{escape(picture.title)}</h1>"
        f"<p>{escape(picture.description)}</p><table><caption>{escape(picture.subtitle)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}</main></body></html>"
    )


def _row(cells: Sequence[object]) -> str:
    first, *others = ("" if cell is None else escape(str(cell)) for cell in cells)
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in others) + "</tr>"
