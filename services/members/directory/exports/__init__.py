"""Exports of people: a CSV file of them, made as it is sent, whose columns an import reads again."""
