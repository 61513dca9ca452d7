"""Tests of what partners agree on: definitions, places, adoptions, targets and KPIs."""
