"""Reach: who takes part, beside the population that might. Counts and shares only, and no small group shows."""
