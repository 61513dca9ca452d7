"""What somebody may take elsewhere: what they gave or caused, and nothing that others wrote (UK GDPR, article 20)."""

from collections.abc import Sequence

from shared.access.sections import Section


def portable(sections: Sequence[Section]) -> list[Section]:
    """Of the sections those that the person provided, without the columns in which others wrote about them."""
    return [_own(section) for section in sections if section.provided]


def _own(section: Section) -> Section:
    kept = [number for number, column in enumerate(section.columns) if column.author != "others"]
    return Section(
        name=section.name,
        title=section.title,
        about=section.about,
        columns=[section.columns[number] for number in kept],
        rows=[[row[number] for number in kept] for row in section.rows],
        provided=True,
    )
