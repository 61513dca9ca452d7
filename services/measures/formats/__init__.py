"""Formats: figures as other tools write and read them. Each is a pure pair: rows to bytes, and bytes to a sheet.

What comes in becomes a :class:`~services.measures.sheets.Sheet` of cells by their meanings, whatever it came in, so
that every format is held to the same rules and its faults are named by row and column.
"""
