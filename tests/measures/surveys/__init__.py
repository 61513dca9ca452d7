"""Tests of instruments and surveys."""
