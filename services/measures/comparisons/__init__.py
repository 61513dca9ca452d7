"""Comparisons: one measure at many places in one period, beside a place of their choice."""
