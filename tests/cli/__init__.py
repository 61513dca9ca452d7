"""Tests of the command line: as functions where that shows it, as processes where only that does."""
