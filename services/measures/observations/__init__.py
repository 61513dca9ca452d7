"""Observations: figures by version, reporter, place, period and cell; never changed, only followed by a revision."""
