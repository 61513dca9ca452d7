"""Validation: what a movement asks of figures before it takes them, as data; and outliers, by methods with names."""
