"""Equality answers: what people say of themselves so that it can be seen who is reached, and for nothing else.

Voluntary. They are kept under a pseudonym, and what leads from a person to it is a key of its own: without that key the
tables tell nobody's answers. No other part of the software reads them but reach, which counts, and the rights of whom
they are about: access and erasure.
"""
