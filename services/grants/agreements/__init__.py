"""Agreements of awards: one page in plain words, accepted by click, signature or recorded call."""
