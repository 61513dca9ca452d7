"""Repayments: what groups are asked to give back of what they were paid, and what came of it."""
