"""Tests of what is read of figures: series, roll-ups, comparisons, equity, scorecards and charts."""
