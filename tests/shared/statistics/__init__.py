"""Tests of the statistics, against figures that were published and against other people's implementations."""
