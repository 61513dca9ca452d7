"""Instruments: questionnaires that others validated, with their exact scoring and the ages that they were made for."""
