"""Frameworks as data: the signs, functions, conditions and principles that a movement looks at itself by."""
