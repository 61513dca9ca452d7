"""Surveys: what is asked, of whom, in which waves and languages; what was answered; and the figures made of it."""
